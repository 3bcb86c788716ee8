package schema

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// The bounds of what is inferred from nested JSON.
const (
	inferDepth = 8  // levels; what is deeper stays free
	inferKeys  = 30 // different keys of an object before they are data, not fields
	inferShare = 4  // of a map of keys an object has less than one key in so many
)

// guessValues guesses what a field is from its values in plain JSON.
func guessValues(values []any, depth int) guess {
	sorted := sortValues(values)
	types := sortedKeys(sorted)
	nullable := slices.Contains(types, "null")
	types = slices.DeleteFunc(types, func(t string) bool { return t == "null" })
	switch len(types) {
	case 0:
		return guess{map[string]any{}, Says("anything, because no record fills it in")}
	case 1:
		return orNull(guessType(types[0], sorted[types[0]], depth), nullable)
	}
	if slices.Contains(types, "array") || slices.Contains(types, "object") {
		return guess{map[string]any{}, Says("anything, because it is now %s", strings.Join(types, ", now "))}
	}
	union := make([]any, len(types))
	for i, t := range types {
		union[i] = t
	}
	return orNull(guess{map[string]any{"type": union}, Says("one of several, because it is now %s", strings.Join(types, ", now "))}, nullable)
}

// sortValues sorts values by their JSON type.
func sortValues(values []any) map[string][]any {
	sorted := map[string][]any{}
	for _, v := range values {
		t := ""
		switch v.(type) {
		case []any:
			t = "array"
		case map[string]any:
			t = "object"
		default:
			t = typeOf(v)
		}
		sorted[t] = append(sorted[t], v)
	}
	return sorted
}

// orNull lets a guess take null as well.
func orNull(g guess, nullable bool) guess {
	if !nullable {
		return g
	}
	switch t := g.schema["type"].(type) {
	case string:
		g.schema["type"] = []any{t, "null"}
	case []any:
		g.schema["type"] = append(t, "null")
	}
	if enum, ok := g.schema["enum"].([]any); ok {
		g.schema["enum"] = append(enum, nil)
	}
	g.why = Says("%s; it may be null", g.why)
	return g
}

// guessType guesses from values of one type, of which there is at least one.
func guessType(t string, values []any, depth int) guess {
	switch t {
	case "boolean":
		return guess{map[string]any{"type": "boolean"}, Says("yes or no, because that is what it holds")}
	case "number":
		return guessNumbers(values)
	case "string":
		return guessStrings(values)
	case "array":
		return guessLists(values, depth)
	}
	return guessObjects(values, depth)
}

func guessNumbers(values []any) guess {
	for _, v := range values {
		if n := v.(float64); n != math.Trunc(n) {
			return guess{map[string]any{"type": "number"}, everyValue(values, Says("a number"))}
		}
	}
	return guess{map[string]any{"type": "integer"}, everyValue(values, Says("a whole number"))}
}

func everyValue(values []any, what Sentence) Sentence {
	return SaysOf(len(values), "%[2]s, because the one value is", "%[2]s, because all %[1]d values are", what)
}

// guessStrings is guessTexts where "" may be among them, which has no form and is no
// choice.
func guessStrings(values []any) guess {
	texts := make([]string, 0, len(values))
	for _, v := range values {
		if text := v.(string); text != "" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return guess{map[string]any{"type": "string"}, Says("a text, because no record fills it in")}
	}
	g := guessTexts(texts)
	formed := g.schema["format"] != nil || g.schema["pattern"] != nil || g.schema["enum"] != nil
	if formed && len(texts) < len(values) {
		return guess{map[string]any{"type": "string"}, Says(`a text, because "" is among the values`)}
	}
	return g
}

func guessLists(lists []any, depth int) guess {
	var elements []any
	once := true
	for _, list := range lists {
		list := list.([]any)
		elements = append(elements, list...)
		once = once && allOnce(list)
	}
	if len(elements) == 0 {
		return guess{map[string]any{"type": "array"}, Says("a list, though every one is empty")}
	}
	if depth >= inferDepth {
		return guess{map[string]any{"type": "array"}, Says("a list of anything, because it is deep inside others")}
	}
	if once {
		return guess{
			map[string]any{"type": "array", "uniqueItems": true, "items": map[string]any{"type": "string"}},
			Says("tags, because each list has different texts"),
		}
	}
	inner := guessValues(elements, depth+1)
	g := guess{map[string]any{"type": "array", "items": inner.schema}, Says("a list in which each is %s", inner.why)}
	if inner.schema["type"] == "object" {
		g.why = Says("rows, because it lists objects")
	}
	return g
}

// allOnce reports whether a list has only texts, and each once.
func allOnce(list []any) bool {
	seen := map[string]bool{}
	for _, v := range list {
		text, ok := v.(string)
		if !ok || seen[text] {
			return false
		}
		seen[text] = true
	}
	return true
}

func guessObjects(objects []any, depth int) guess {
	keys, held := map[string][]any{}, 0
	for _, object := range objects {
		for key, v := range object.(map[string]any) {
			keys[key] = append(keys[key], v)
			held++
		}
	}
	if depth >= inferDepth || len(keys) == 0 {
		return guess{map[string]any{"type": "object"}, Says("an object with any keys, because its fields cannot be told")}
	}
	if len(keys) > inferKeys && held*inferShare < len(objects)*len(keys) || slices.ContainsFunc(sortedKeys(keys), badKey) {
		return guessMap(keys, depth)
	}
	properties := map[string]any{}
	for key, values := range keys {
		properties[key] = guessValues(values, depth+1).schema
	}
	why := SaysOf(len(keys), "a group of one field, because it is an object", "a group of %d fields, because it is an object")
	return guess{map[string]any{"type": "object", "properties": properties}, why}
}

// guessMap is for objects whose keys are data.
func guessMap(keys map[string][]any, depth int) guess {
	var values []any
	for _, key := range sortedKeys(keys) {
		values = append(values, keys[key]...)
	}
	return guess{
		map[string]any{"type": "object", "additionalProperties": guessValues(values, depth+1).schema},
		Says("a table of keys, because its %s keys differ from record to record", strconv.Itoa(len(keys))),
	}
}

// badKey reports whether a key can be no field's.
func badKey(key string) bool { return !keyMistake(key).IsEmpty() }
