package schema

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/crdt"
)

// Schemas and values that have a lot to do with each other: few keys, few values.

var (
	randomKeys   = rapid.SampledFrom([]string{"a", "b", "c", "a b"})
	randomScalar = rapid.SampledFrom([]any{nil, true, false, 0.0, 1.0, 2.5, -3.0, 1e21, "", "a", "ab", "2026-03-09", " "})
	randomTypes  = rapid.SampledFrom([]any{"array", "boolean", "integer", "null", "number", "object", "string", []any{"string", "null"}, []any{"object", "array"}})
)

func randomValue(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		switch k := rapid.IntRange(0, 5).Draw(t, "kind"); {
		case k == 0 && depth > 0:
			list := []any{}
			for range rapid.IntRange(0, 3).Draw(t, "items") {
				list = append(list, randomValue(depth-1).Draw(t, "item"))
			}
			return list
		case k <= 2 && depth > 0:
			return randomObject(depth).Draw(t, "object")
		}
		return randomScalar.Draw(t, "scalar")
	})
}

func randomObject(depth int) *rapid.Generator[map[string]any] {
	return rapid.Custom(func(t *rapid.T) map[string]any {
		object := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "keys") {
			object[randomKeys.Draw(t, "key")] = randomValue(depth-1).Draw(t, "value")
		}
		return object
	})
}

// randomSchema draws a schema of some keywords, each with a value that it may have.
func randomSchema(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		if rapid.IntRange(0, 15).Draw(t, "truth") == 0 {
			return rapid.Bool().Draw(t, "always")
		}
		s := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "words") {
			word := rapid.SampledFrom(sortedKeys(keywords)).Draw(t, "word")
			if v, ok := randomWord(t, word, depth); ok {
				s[word] = v
			}
		}
		return s
	})
}

func randomWord(t *rapid.T, word string, depth int) (any, bool) {
	sub := func() any { return randomSchema(depth-1).Draw(t, word) }
	count := float64(rapid.IntRange(0, 3).Draw(t, "count"))
	switch kind := keywords[word]; kind {
	case aSchema:
		return sub(), depth > 0
	case someSchemas:
		return []any{sub(), sub()}, depth > 0
	case schemaNames:
		return randomNames(t, word, sub), depth > 0
	case aBoolean:
		return rapid.Bool().Draw(t, word), !slices.Contains([]string{"x-unique", "x-atomic", "x-index"}, word)
	case aNumber, aCount:
		return count, true
	case aPositive:
		return count + 0.5, true
	case someStrings:
		return []any{randomKeys.Draw(t, word)}, word != "x-order"
	case stringNames:
		return map[string]any{randomKeys.Draw(t, "if"): []any{randomKeys.Draw(t, "then")}}, true
	case someTypes:
		return randomTypes.Draw(t, word), true
	case someValues:
		return []any{randomScalar.Draw(t, word), randomScalar.Draw(t, word)}, true
	case anything:
		return randomValue(1).Draw(t, word), true
	case aPattern:
		return rapid.SampledFrom([]string{"^a", `\s`, "^.$", "[^a]$"}).Draw(t, word), true
	case aFormat:
		return rapid.SampledFrom([]string{"date", "email", "uuid"}).Draw(t, word), true
	case aReference:
		return rapid.SampledFrom([]string{"#", "#/$defs/a", "#/$defs/a b"}).Draw(t, word), true
	}
	return word, word == "title" || word == "description"
}

func randomNames(t *rapid.T, word string, sub func() any) any {
	keys := randomKeys
	if word == "patternProperties" {
		keys = rapid.SampledFrom([]string{"^a", `\s`, ".$"})
	}
	names := map[string]any{}
	for range rapid.IntRange(0, 3).Draw(t, "names") {
		names[keys.Draw(t, "name")] = sub()
	}
	return names
}

// randomType draws the text of a type; most of them parse.
func randomType() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		s, _ := randomSchema(3).Draw(t, "schema").(map[string]any)
		if s == nil {
			s = map[string]any{}
		}
		s["type"] = "object"
		s["properties"] = randomNames(t, "properties", func() any { return randomSchema(3).Draw(t, "field") })
		s["$defs"] = map[string]any{"a": randomSchema(2).Draw(t, "a"), "a b": randomSchema(2).Draw(t, "a b")}
		return crdt.Canonical(s)
	})
}

// Any schema is refused with a reason or is a type of which all holds that is promised:
// it is stable, describes itself, never panics, and takes what it takes field by field.
func TestRandomTypes(t *testing.T) {
	parsed, all := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		text := randomType().Draw(rt, "type")
		record := randomObject(3).Draw(rt, "record")
		all++
		s, err := Parse([]byte(text))
		if err != nil {
			if len(Errors(err)) == 0 {
				rt.Fatalf("%s: %v is no SchemaError", text, err)
			}
			return
		}
		parsed++
		checkParsed(t, s, record)
		if s.Validate(record) != nil {
			return
		}
		for key, v := range record {
			if problems := s.ValidateField([]string{key}, v, false); len(problems) > 0 {
				rt.Fatalf("%s\nis valid: %s\nbut its field %q is not: %+v", text, crdt.Canonical(record), key, problems)
			}
		}
	})
	if parsed*3 < all {
		t.Errorf("only %d of %d schemas were types: the test tests too little", parsed, all)
	}
}
