package crdt

import (
	"fmt"
	"math"
	"unicode/utf8"
)

// maxDepth bounds the nesting of one value.
const maxDepth = 32

// checkPlain says whether v is plain JSON, nested no deeper than depth; "" if it is.
func checkPlain(v any, depth int) string {
	if depth == 0 {
		return fmt.Sprintf("A value may be nested %d deep and no deeper.", maxDepth)
	}
	switch v := v.(type) {
	case nil, bool:
		return ""
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "A number must be finite."
		}
		if !isExact(v) {
			return "A whole number may be at most 2^53-1 (9007199254740991), or else as long as 1e21 and longer."
		}
		return ""
	case string:
		if !utf8.ValidString(v) {
			return "A text must be valid UTF-8."
		}
		return ""
	case []any:
		for _, e := range v {
			if message := checkPlain(e, depth-1); message != "" {
				return message
			}
		}
		return ""
	case map[string]any:
		return checkObject(v, depth)
	}
	return fmt.Sprintf("A value of the Go type %T is not plain JSON: give nil, bool, float64, string, []any or map[string]any.", v)
}

func checkObject(object map[string]any, depth int) string {
	for key, v := range object {
		if key == "__proto__" || !utf8.ValidString(key) {
			return fmt.Sprintf("The key %.40q cannot be used: choose another.", key)
		}
		if message := checkPlain(v, depth-1); message != "" {
			return message
		}
	}
	return ""
}
