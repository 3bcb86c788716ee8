package studio

import (
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// FromVersion begins a draft from a published version, whose text has its keys sorted:
// here each schema says first what it is, then what it asks.
func FromVersion(s *schema.Schema) *Draft {
	tree, err := readTree(s.JSON())
	root, ok := tree.(*object)
	if err != nil || !ok {
		return Empty(s.Title()) // never: a version is a JSON object
	}
	orderProperties(root)
	tidy(root)
	d := &Draft{whole: root, root: root, parsed: s}
	d.begin()
	d.show()
	return d
}

// reading is the order in which keywords are read best. What is not in it follows, ours
// last.
var reading = []string{
	"$schema", "$id", "$anchor", "$comment", "$ref", "x-required-when", "const", "title", "description", "type", "format", "enum",
	"x-serial", "x-ref", "x-merge", "x-atomic", "uniqueItems", "minItems", "maxItems", "minLength", "maxLength", "pattern",
	"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "contentMediaType", "default", "examples",
	"oneOf", "anyOf", "required", "properties", "items", "if", "then", "else", "additionalProperties",
}

// afterwards are the keywords that follow all others.
var afterwards = []string{"allOf", "$defs", "x-sections", "x-tray"}

// tidy puts the keywords of a schema, and of those inside it, into the order in which
// they are read best.
func tidy(o *object) {
	slices.SortStableFunc(o.keys, func(a, b string) int { return rank(a) - rank(b) })
	for _, word := range o.keys {
		switch v := o.values[word].(type) {
		case *object:
			tidyBelow(word, v)
		case []any:
			if slices.Contains([]string{"allOf", "anyOf", "oneOf", "prefixItems"}, word) {
				for _, sub := range v {
					if inner, ok := sub.(*object); ok {
						tidy(inner)
					}
				}
			}
		}
	}
}

// tidyBelow tidies what a keyword holds: a schema, or schemas by name. Other objects,
// such as a default, are values and stay as they are.
func tidyBelow(word string, v *object) {
	switch word {
	case "properties", "patternProperties", "dependentSchemas", "$defs":
		for _, key := range v.keys {
			if inner := v.object(key); inner != nil {
				tidy(inner)
			}
		}
	case "items", "not", "if", "then", "else", "contains", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames", "contentSchema":
		tidy(v)
	}
}

// rank is the place of a keyword among the others.
func rank(word string) int {
	if i := slices.Index(reading, word); i >= 0 {
		return i
	}
	if i := slices.Index(afterwards, word); i >= 0 {
		return 300 + i
	}
	if strings.HasPrefix(word, "x-") {
		return 200
	}
	return 100
}
