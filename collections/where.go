package collections

import (
	"errors"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// checkWhere says whether a condition that somebody asks by fits the type, which is
// given as they see it, and gives it as it may be asked: a hidden field is absent, as
// one that the type never had.
func checkWhere(c *schema.Condition, seen *Type, g *Grant) (*schema.Condition, error) {
	if c == nil {
		return always(), nil
	}
	if err := c.Check(seen.Schema, nil); err != nil {
		return nil, Refuse(Invalid, "where"+conditionPath(err), schema.OfError(err))
	}
	return withoutSight(c, g.Hidden), nil
}

// conditionPath is where in a condition an error is.
func conditionPath(err error) string {
	var fault *schema.ConditionError
	if errors.As(err, &fault) {
		return fault.Path
	}
	return ""
}

// withoutSight gives a condition in which comparisons with hidden fields are what they
// are for an absent field: always or never true. A type that allows any field passes
// them in its check.
func withoutSight(c *schema.Condition, hidden map[string]bool) *schema.Condition {
	switch {
	case hides(hidden, c.Field) && c.Match(nil):
		return always()
	case hides(hidden, c.Field):
		return never()
	case c.Subs == nil:
		return c
	}
	blind := *c
	blind.Subs = make([]*schema.Condition, len(c.Subs))
	for i, sub := range c.Subs {
		blind.Subs[i] = withoutSight(sub, hidden)
	}
	return &blind
}

// maxSort is how many keys an order may have.
const maxSort = 4

// checkSort says whether the type, as it is seen, can be put in an order, and gives
// the order as it may be asked for: by a hidden field all documents are equal.
func checkSort(keys []Sort, seen *Type, g *Grant) ([]Sort, error) {
	if len(keys) > maxSort {
		return nil, Errorf(Invalid, "sort", "A list is sorted by at most %d fields; this one asks for %d.", maxSort, len(keys))
	}
	var sorts []Sort
	for _, key := range keys {
		if err := checkSortKey(key, seen.Schema); err != nil {
			return nil, err
		}
		if !hides(g.Hidden, key.Field) {
			sorts = append(sorts, key)
		}
	}
	return sorts, nil
}

func checkSortKey(key Sort, s *schema.Schema) error {
	if isOwnTime(key.Field) {
		return nil
	}
	field, known := s.Field(key.Field)
	if len(key.Field) == 0 || !known {
		return Errorf(Invalid, "sort", "There is no field %q here to sort by; use the key of one of the type's fields, _updated or _created.", strings.Join(key.Field, "."))
	}
	for depth := range key.Field {
		if outer, _ := s.Field(key.Field[:depth+1]); outer.Type == "array" {
			return Errorf(Invalid, "sort", "%s is a list, which has no place in an order: sort by another field.", outer.Title)
		}
	}
	if field.Type == "object" {
		return Errorf(Invalid, "sort", "%s is a group of fields: sort by one of them, with a dot between the keys.", field.Title)
	}
	return nil
}

// isOwnTime reports whether a sort field is one of the record's own times.
func isOwnTime(field []string) bool {
	return len(field) == 1 && (field[0] == "_updated" || field[0] == "_created")
}
