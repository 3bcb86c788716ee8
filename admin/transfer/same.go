package transfer

import (
	"encoding/json"
	"reflect"
	"slices"
)

// same reports whether two values of a field are the same; those of a set in any order.
func (t *target) same(key string, a, b any) bool {
	f, _ := t.field(key)
	x, isList := a.([]any)
	y, isToo := b.([]any)
	if string(f.Strategy) == "set" && isList && isToo {
		return slices.Equal(sorted(x), sorted(y))
	}
	return reflect.DeepEqual(a, b)
}

func sorted(list []any) []string {
	texts := make([]string, len(list))
	for i, v := range list {
		text, err := json.Marshal(v)
		if err != nil {
			continue // never: it was read from JSON
		}
		texts[i] = string(text)
	}
	slices.Sort(texts)
	return texts
}
