package schema_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

const cellType = `{
	"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
	"$defs": {"labels": {"type": "array", "uniqueItems": true, "items": {"type": "string"}}},
	"properties": {
		"text": {"type": "string", "title": "Text"},
		"whole": {"type": "integer", "title": "Whole"},
		"number": {"type": "number", "title": "Number"},
		"price": {"type": "number", "title": "Price", "x-format": "0.00"},
		"flag": {"type": "boolean", "title": "Flag"},
		"ja": {"type": "boolean", "title": "Ja", "x-format": "Ja/Nein"},
		"swapped": {"type": "boolean", "title": "Swapped", "x-format": "no/yes"},
		"day": {"type": "string", "format": "date", "title": "Day"},
		"us": {"type": "string", "format": "date", "title": "US day", "x-format": "M/D/YYYY"},
		"tags": {"$ref": "#/$defs/labels", "title": "Tags"},
		"sizes": {"type": "array", "title": "Sizes", "items": {"type": "number"}},
		"parts": {"type": "array", "title": "Parts", "items": {"type": "object"}},
		"site": {"type": "object", "title": "Site", "properties": {"city": {"type": "string"}}},
		"either": {"title": "Either"}
	}
}`

// What a cell becomes, and what it is when it is written again.
func TestConvert(t *testing.T) {
	s := mustParseType(t, cellType)
	for _, c := range []struct{ key, cell, want, again string }{ // want: the value, "" for absent; again: "" for the same cell
		{"text", "", "", ""},
		{"text", " ", `" "`, ""},
		{"text", "007", `"007"`, ""},
		{"whole", "", "", ""},
		{"whole", " ", "", "absent"},
		{"whole", "12", "12", ""},
		{"whole", " +12.0 ", "12", "12"},
		{"whole", "9007199254740991", "9007199254740991", ""},
		{"number", "-0", "0", "0"},
		{"number", "1e3", "1000", "1000"},
		{"number", ".5", "0.5", "0.5"},
		{"number", "5.", "5", "5"},
		{"number", "1e21", "1e+21", "1e+21"},
		{"price", "3", "3", "3.00"},
		{"price", "3.125", "3.125", ""},
		{"price", "-3.50", "-3.5", ""},
		{"flag", "true", "true", ""},
		{"flag", " YES", "true", "true"},
		{"flag", "0", "false", "false"},
		{"ja", "Nein", "false", ""},
		{"ja", "ja", "true", "Ja"},
		{"ja", "true", "true", "Ja"},
		{"swapped", "no", "true", ""},
		{"swapped", "yes", "false", ""},
		{"day", "2024-05-27", `"2024-05-27"`, ""},
		{"day", "tomorrow", `"tomorrow"`, ""},
		{"us", "5/27/2024", `"2024-05-27"`, ""},
		{"us", "2024-05-27", `"2024-05-27"`, "5/27/2024"},
		{"tags", "a; b", `["a","b"]`, ""},
		{"tags", " b;a ;; b", `["b","a"]`, "b; a"},
		{"tags", `["a;b"]`, `["a;b"]`, ""},
		{"sizes", "1; 2.5; 1", `[1,2.5,1]`, ""},
		{"parts", `[{"qty":1}]`, `[{"qty":1}]`, ""},
		{"site", `{"city":"Bern"}`, `{"city":"Bern"}`, ""},
		{"either", "12", "12", ""},
		{"either", "12.0", `"12.0"`, ""},
		{"either", "true", "true", ""},
		{"either", "null", `"null"`, ""},
		{"either", `"12"`, `"12"`, ""},
		{"either", `"x"`, `"\"x\""`, ""},
		{"either", "x", `"x"`, ""},
		{"either", " ", `" "`, ""},
		{"us", " ", "", "absent"},
	} {
		value, present, err := s.Convert(c.key, c.cell)
		if err != nil {
			t.Errorf("%s %q: %v", c.key, c.cell, err)
			continue
		}
		got := ""
		if present {
			got = crdt.Canonical(value)
		}
		again := c.again
		switch again {
		case "":
			again = c.cell
		case "absent":
			again = ""
		}
		if got != c.want || s.Cell(c.key, value) != again {
			t.Errorf("%s %q: got %s and %q, want %s and %q", c.key, c.cell, got, s.Cell(c.key, value), c.want, again)
		}
	}
}

// A cell that cannot be a value is refused with the label, the way out and the cell.
func TestConvert_Refuses(t *testing.T) {
	s := mustParseType(t, cellType)
	for _, c := range []struct{ key, cell, want string }{
		{"gone", "x", `There is no field "gone" for this column; map the column to a field, or leave it out.`},
		{"text", "a\xff", `Text has characters that are not UTF-8; save the table as UTF-8 and read it again.`},
		{"whole", "twelve", `Whole needs a number, written with a point and without separators; "twelve" is not.`},
		{"number", "1,5", `Number needs a number, written with a point and without separators; "1,5" is not.`},
		{"number", "0x1p3", `Number needs a number, written with a point and without separators; "0x1p3" is not.`},
		{"number", "1_000", `Number needs a number, written with a point and without separators; "1_000" is not.`},
		{"number", "Inf", `Number needs a number, written with a point and without separators; "Inf" is not.`},
		{"number", "1e999", `Number needs a number that a computer can hold; "1e999" is not.`},
		{"whole", "9007199254740993", `Whole needs a number of at most 15 digits before the point (longer ones are better kept in a text); "9007199254740993" is not.`},
		{"number", "9007199254740992.5", `Number needs a number of at most 15 digits before the point (longer ones are better kept in a text); "9007199254740992.5" is not.`},
		{"flag", "maybe", `Flag needs yes or no; "maybe" is not.`},
		{"us", "27/5/2024", `US day needs a date written as M/D/YYYY; "27/5/2024" is not.`},
		{"us", "2/30/2024", `US day needs a date written as M/D/YYYY; "2/30/2024" is not.`},
		{"sizes", "1; two", `Sizes needs a list of which each part is a number, written with a point and without separators; "1; two" is not.`},
		{"tags", "[1", `Tags needs a list in JSON, such as ["a","b"]; "[1" is not.`},
		{"parts", "a; b", `Parts needs a list in JSON, such as ["a","b"]; "a; b" is not.`},
		{"site", "[]", `Site needs a JSON object such as {"city":"Bern"}; "[]" is not.`},
	} {
		value, present, err := s.Convert(c.key, c.cell)
		var fault *schema.CellError
		if !errors.As(err, &fault) || fault.Message.String() != c.want || fault.Key != c.key || present || value != nil {
			t.Errorf("%s %q: got %v, %v, %v, want %s", c.key, c.cell, value, present, err, c.want)
		}
	}
}

// A value that does not fit its field, as a merge may leave it, is written as it is.
func TestCell_OtherTypes(t *testing.T) {
	s := mustParseType(t, cellType)
	for _, key := range []string{"text", "whole", "price", "ja", "us", "tags", "parts", "site", "either", "gone"} {
		for value, want := range map[any]string{nil: "", "x y": "x y"} {
			if got := s.Cell(key, value); got != want {
				t.Errorf("%s of %v: got %q, want %q", key, value, got, want)
			}
		}
		if got := s.Cell(key, map[string]any{"a": []any{1.0}}); got != `{"a":[1]}` {
			t.Errorf("%s of an object: got %q", key, got)
		}
	}
}

// Convert of what Cell made of a value is that value.
func TestCell_ValueLaw(t *testing.T) {
	s := mustParseType(t, cellType)
	text := rapid.OneOf(
		rapid.StringN(1, 8, -1),
		rapid.SampledFrom([]string{"a;b", " a", "a ", "[", "[1]", "{}", "1", "1.0", "true", "null", `"1"`, `"x"`, `"\"1\""`, `""`, ";", "é"}),
	)
	number := rapid.OneOf(rapid.Float64Range(-1e9, 1e9), rapid.Float64(), rapid.Map(rapid.IntRange(-100, 100), func(n int) float64 { return float64(n) / 4 }))
	anyOf := func(list *rapid.Generator[string]) *rapid.Generator[any] {
		return rapid.Map(list, func(s string) any { return s })
	}
	// Only numbers that crdt.ParseValue takes.
	numbers := rapid.Map(number, func(n float64) any { return n + 0 }).Filter(func(v any) bool {
		n := math.Abs(v.(float64))
		return n < 1<<53 || n >= 1e21
	})
	bools := rapid.Map(rapid.Bool(), func(b bool) any { return b })
	days := rapid.SampledFrom([]any{"2024-02-29", "1999-12-31", "2024-10-01"})
	tags := rapid.Map(rapid.SliceOfNDistinct(anyOf(text), 1, 4, rapid.ID), func(l []any) any { return l })
	sizes := rapid.Map(rapid.SliceOfN(numbers, 1, 4), func(l []any) any { return l })
	kinds := map[string]*rapid.Generator[any]{
		"text": anyOf(text), "number": numbers, "price": numbers, "flag": bools, "ja": bools, "swapped": bools, "day": days, "us": days,
		"tags": tags, "sizes": sizes, "parts": tags, "either": rapid.OneOf(anyOf(text), numbers, bools, tags, sizes),
		"site": rapid.Map(anyOf(text), func(v any) any { return map[string]any{"city": v} }),
	}
	for key, kind := range kinds {
		t.Run(key, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				value := kind.Draw(t, "value")
				cell := s.Cell(key, value)
				again, present, err := s.Convert(key, cell)
				if err != nil || !present {
					t.Fatalf("%v became %q, then %v, %v", value, cell, present, err)
				}
				if diff := cmp.Diff(value, again); diff != "" {
					t.Fatalf("%v became %q:\n%s", value, cell, diff)
				}
			})
		})
	}
}

// A column is found by its label first, by its key else.
func TestColumn(t *testing.T) {
	s := mustParseType(t, strings.Replace(cellType, `"title": "Text"`, `"title": "whole"`, 1))
	for name, want := range map[string]string{"whole": "text", "Whole": "whole", "number": "number", "Number": "number"} {
		if key, ok := s.Column(name); !ok || key != want {
			t.Errorf("column %q: got %q, %v, want %q", name, key, ok, want)
		}
	}
	if key, ok := s.Column("gone"); ok {
		t.Errorf("a column nobody knows is for %q", key)
	}
}
