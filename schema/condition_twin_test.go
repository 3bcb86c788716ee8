package schema_test

import (
	"math"
	"reflect"
	"unicode"

	"github.com/fieldstack/fieldstack/schema"
)

// twinMatch is Match as the doc comment of Condition reads, sentence by sentence.
func twinMatch(c *schema.Condition, value map[string]any) bool {
	held := 0
	for _, sub := range c.Subs {
		if twinMatch(sub, value) {
			held++
		}
	}
	v, present := twinLookUp(value, c.Field)
	switch c.Op {
	case "true":
		return true
	case "all":
		return held == len(c.Subs)
	case "any":
		return held > 0
	case "none":
		return held == 0
	case "is":
		return twinIs(v, present, c.Value)
	case "not":
		return !twinIs(v, present, c.Value)
	case "in":
		found := false
		for _, w := range c.Value.([]any) {
			found = found || twinIs(v, present, w)
		}
		return found
	case "above":
		return twinOrder(v, c.Value) == 1
	case "below":
		return twinOrder(v, c.Value) == -1
	case "from":
		return twinOrder(v, c.Value) == 1 || twinOrder(v, c.Value) == 0
	case "to":
		return twinOrder(v, c.Value) == -1 || twinOrder(v, c.Value) == 0
	case "has":
		list, _ := v.([]any)
		found := false
		for _, w := range list {
			found = found || reflect.DeepEqual(w, c.Value)
		}
		return found
	case "contains":
		return twinContains(v, c.Value, false)
	case "starts":
		return twinContains(v, c.Value, true)
	case "empty":
		list, isList := v.([]any)
		return (!present || v == nil || reflect.DeepEqual(v, "") || isList && len(list) == 0) == c.Value.(bool)
	}
	return false
}

func twinLookUp(value map[string]any, path []string) (v any, present bool) {
	v, present = value, true
	for _, key := range path {
		object, _ := v.(map[string]any)
		v, present = object[key]
	}
	return v, present
}

func twinIs(v any, present bool, w any) bool {
	if w == nil {
		return !present || v == nil
	}
	return present && reflect.DeepEqual(v, w)
}

// twinOrder is -1, 0 or 1, and 9 where there is no order.
func twinOrder(v, w any) int {
	if a, ok := v.(float64); ok {
		if b, ok := w.(float64); ok {
			switch d := a - b; {
			case d == 0:
				return 0
			default:
				return int(math.Copysign(1, d))
			}
		}
	}
	a, aok := v.(string)
	b, bok := w.(string)
	if !aok || !bok {
		return 9
	}
	ra, rb := []rune(a), []rune(b)
	for i := 0; ; i++ {
		switch {
		case i == len(ra) && i == len(rb):
			return 0
		case i == len(ra):
			return -1
		case i == len(rb):
			return 1
		case ra[i] < rb[i]:
			return -1
		case ra[i] > rb[i]:
			return 1
		}
	}
}

func twinContains(v, w any, onlyStart bool) bool {
	text, tok := v.(string)
	part, pok := w.(string)
	if !tok || !pok {
		return false
	}
	t, p := twinLower(text), twinLower(part)
	for at := 0; at+len(p) <= len(t); at++ {
		if reflect.DeepEqual(t[at:at+len(p)], p) {
			return true
		}
		if onlyStart {
			break
		}
	}
	return false
}

func twinLower(s string) []rune {
	lowered := []rune{}
	for _, r := range s {
		lowered = append(lowered, unicode.To(unicode.LowerCase, r))
	}
	return lowered
}
