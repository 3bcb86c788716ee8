package admin

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/schema"
)

// TestRules says each rule that a field may have, also behind references.
func TestRules(t *testing.T) {
	s, err := schema.Parse([]byte(`{"type": "object", "required": ["a"], "properties": {
		"a": {"type": "string", "minLength": 1, "maxLength": 1, "pattern": "^[a-z]$"},
		"b": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 9, "multipleOf": 0.5, "default": 1.5},
		"c": {"$ref": "#/$defs/c~1d"},
		"d": {"type": "array", "items": {"type": "object", "properties": {"e": {"$ref": "#/$defs/c~1d"}}}, "minItems": 1, "maxItems": 3},
		"f": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 2}, "maxProperties": 2},
		"g": {"type": "string", "x-unique": true}, "h": {"type": "string", "x-serial": "N-{000}"},
		"i": {"enum": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14"]}, "j": {"type": "boolean", "default": false}
	}, "$defs": {"c/d": {"type": "integer", "maximum": 5}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, row := range fieldRows(s) {
		got[row.Key] = strings.Join(row.Rules, "; ")
	}
	for key, want := range map[string]string{
		"a": "required; exactly 1 character; of the pattern ^[a-z]$", "b": "more than 0; less than 9; a multiple of 0.5; begins as 1.5",
		"c": "at most 5", "d": "1 to 3 entries", "d.*.e": "at most 5", "f": "at most 2 fields", "f.*": "at least 2",
		"g": "different in every record", "h": "of the form N-{000}", "i": "one of: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, and 2 more", "j": "begins as no",
	} {
		if got[key] != want {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
	}
}

func TestNewPassword(t *testing.T) {
	raw := bytes.Repeat([]byte{0, 31, 32, 63, 255}, 4)
	got, err := newPassword(bytes.NewReader(raw))
	if err != nil || got != "0z0zz-0z0zz-0z0zz-0z0zz" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := newPassword(bytes.NewReader(raw[1:])); err == nil {
		t.Error("a password was made of too little chance")
	}
}

func TestNameFromTitle(t *testing.T) {
	for title, want := range map[string]string{
		"Work order": "work-order", "  Büro, groß!  ": "buro-gro", "3 phases": "phases", "A1": "a1", "日本": "", "": "", "a--b": "a-b", "Ærø": "r",
		strings.Repeat("ab", 50): strings.Repeat("ab", 30),
	} {
		text, err := json.Marshal(map[string]string{"title": title})
		if err != nil {
			t.Fatal(err)
		}
		if got := nameFromTitle(string(text)); got != want {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
	}
	if got := nameFromTitle("no JSON"); got != "" {
		t.Errorf("no JSON gives %q", got)
	}
}
