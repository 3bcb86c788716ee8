package schema

import (
	"fmt"
	"strings"
	"testing"
)

// Each limit just below, at, and above it.
func TestLimits(t *testing.T) {
	many := func(n int, one func(i int) string) string {
		list := make([]string, n)
		for i := range list {
			list[i] = one(i)
		}
		return strings.Join(list, ",")
	}
	field := func(i int) string { return fmt.Sprintf(`"f%d":{}`, i) }
	for name, limit := range map[string]struct {
		at   int
		text func(n int) string
	}{
		"bytes of text":  {maxText, func(n int) string { return `{"type":"object"` + strings.Repeat(" ", n-len(`{"type":"object"}`)) + `}` }},
		"fields":         {maxFields, func(n int) string { return `{"properties":{` + many(n, field) + `}}` }},
		"schemas":        {maxSchemas, func(n int) string { return `{"type":"object","$defs":{` + many(n-1, field) + `}}` }},
		"schemas deep":   {maxDeep, nested},
		"bytes of a key": {maxKey, func(n int) string { return `{"properties":{"` + strings.Repeat("k", n) + `":{}}}` }},
		"bytes of a pattern": {maxPattern, func(n int) string {
			return `{"properties":{"f":{"pattern":"` + strings.Repeat("a", n) + `"}}}`
		}},
		"times a pattern repeats": {1000, func(n int) string {
			return fmt.Sprintf(`{"properties":{"f":{"pattern":"^a{%d}$"}}}`, n)
		}},
		"length that is spoken of": {maxCount, func(n int) string {
			return fmt.Sprintf(`{"properties":{"f":{"maxLength":%d}}}`, n)
		}},
	} {
		for _, n := range []int{limit.at - 1, limit.at} {
			if err := parseError(limit.text(n)); err != nil {
				t.Errorf("%s: %d of %d are refused: %v", name, n, limit.at, err)
			}
		}
		for _, n := range []int{limit.at + 1, 4 * limit.at} {
			if n > 30*maxText {
				continue
			}
			errs := mustRefuse(t, limit.text(n))
			if len(errs) > maxErrors {
				t.Errorf("%s: %d errors at once", name, len(errs))
			}
		}
	}
}

// A value too large for its schema is a problem that says so, before it costs anything.
func TestWorkIsBounded(t *testing.T) {
	text := strings.Replace(doubling(10, `true`), `{"f":{"$ref":"#/$defs/d0"}}`, `{"f":{"type":"array","items":{"$ref":"#/$defs/d0"}}}`, 1)
	s := mustParse(t, text)
	row := make([]any, 10_000)
	problems := s.Validate(map[string]any{"f": row})
	if len(problems) != 1 || problems[0].Rule != "size" {
		t.Errorf("%+v", problems)
	}
	if problems := s.Validate(map[string]any{"f": row[:100]}); problems != nil {
		t.Errorf("a hundred rows: %+v", problems)
	}
}
