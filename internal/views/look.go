package views

import (
	"slices"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// Look is what a list shows, and in which order. The zero look shows all records with
// the usual columns.
type Look struct {
	Columns []Column          `json:"columns,omitempty"` // none: the usual ones
	Where   *schema.Condition `json:"where,omitempty"`
	Sort    []Sort            `json:"sort,omitempty"`
	Search  string            `json:"search,omitempty"`
	State   string            `json:"state,omitempty"` // "attention", "trash"; "": those in use
}

// Column is one column of a list.
type Column struct {
	Path   []string `json:"path"`             // of a field; one key that begins with _ for what is about the record itself
	Width  int      `json:"width,omitempty"`  // CSS pixels; 0: the usual width
	Frozen bool     `json:"frozen,omitempty"` // stays when the others move sideways
}

// Sort is one key of an order.
type Sort struct {
	Path []string `json:"path"`
	Desc bool     `json:"desc,omitempty"`
}

// Asked is the order as the engine takes it.
func (l Look) Asked() []collections.Sort {
	var sorts []collections.Sort
	for _, s := range l.Sort {
		sorts = append(sorts, collections.Sort{Field: s.Path, Desc: s.Desc})
	}
	return sorts
}

// Sorted makes the order of a look from the engine's.
func Sorted(asked []collections.Sort) []Sort {
	var sorts []Sort
	for _, s := range asked {
		sorts = append(sorts, Sort{Path: s.Field, Desc: s.Desc})
	}
	return sorts
}

// For gives the look without what names fields that s does not have: s is the type as
// the reader sees it, so that hidden fields and those that are gone are the same. partly
// says that something was left out.
func (l Look) For(s *schema.Schema) (seen Look, partly bool) {
	seen = l
	seen.Columns = slices.DeleteFunc(slices.Clone(l.Columns), func(c Column) bool { return !has(s, c.Path) })
	seen.Sort = slices.DeleteFunc(slices.Clone(l.Sort), func(o Sort) bool { return !has(s, o.Path) })
	var left bool
	seen.Where, left = without(l.Where, s)
	return seen, left || len(seen.Columns) < len(l.Columns) || len(seen.Sort) < len(l.Sort)
}

func has(s *schema.Schema, path []string) bool {
	if len(path) == 1 && len(path[0]) > 0 && path[0][0] == '_' {
		return true
	}
	_, known := s.Field(path)
	return len(path) > 0 && known
}

// without leaves out of a condition the comparisons that do not fit the type. A group of
// which nothing is left is left out itself; nil says that all records match.
func without(c *schema.Condition, s *schema.Schema) (left *schema.Condition, partly bool) {
	switch {
	case c == nil:
		return nil, false
	case len(c.Field) > 0:
		if c.Check(s, nil) != nil {
			return nil, true
		}
		return c, false
	case c.Subs == nil:
		return c, false
	}
	group := &schema.Condition{Op: c.Op}
	for _, sub := range c.Subs {
		kept, some := without(sub, s)
		partly = partly || some
		if kept != nil {
			group.Subs = append(group.Subs, kept)
		}
	}
	switch {
	case !partly:
		return c, false
	case len(group.Subs) == 0:
		return nil, true
	}
	return group, true
}
