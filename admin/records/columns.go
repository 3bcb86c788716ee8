package records

import (
	"context"
	"slices"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// column is one column of the grid: a field of the type, or something about the record
// itself.
type column struct {
	key    string // as joinKey writes the way to the field, or one of the own columns
	field  schema.Field
	own    bool // about the record itself
	frozen bool
	width  int // CSS pixels
}

// The columns about the record itself. No field's key begins so, as far as the grid
// shows it: a type's own field of that name is not shown in its place.
const (
	ownUpdated   = "_updated"
	ownUpdatedBy = "_updatedBy"
	ownCreated   = "_created"
	ownCreatedBy = "_createdBy"
)

func ownColumns() []string { return []string{ownUpdated, ownUpdatedBy, ownCreated, ownCreatedBy} }

// The widths of columns, in CSS pixels.
const (
	minWidth = 64
	maxWidth = 800
)

// usualFields is how many fields the grid shows to who has chosen none.
const usualFields = 8

// usualColumns are what the grid shows to who has chosen none: what names a record, and
// the first few fields, those that are too large for a cell left out.
func usualColumns(s *schema.Schema) []column {
	fields := slices.DeleteFunc(show.Top(s), func(f schema.Field) bool { return f.Deprecated || f.Type == "object" || isLarge(f) })
	if len(fields) == 0 {
		fields = show.Top(s)
	}
	if at := slices.IndexFunc(fields, names); at > 0 {
		first := fields[at]
		fields = slices.Insert(slices.Delete(fields, at, at+1), 0, first)
	}
	var columns []column
	for _, f := range fields[:min(usualFields, len(fields))] {
		columns = append(columns, fieldColumn(f))
	}
	columns = append(columns, ownColumn(ownUpdated))
	columns[0].frozen = true
	return columns
}

// names reports whether a field is what people call a record by.
func names(f schema.Field) bool {
	return f.Type == "string" && len(f.Enum) == 0 && f.Serial == "" && f.Format == "" && f.Reference == "" && string(f.Strategy) != "text"
}

// isLarge reports whether values of a field are too large for a cell.
func isLarge(f schema.Field) bool {
	return string(f.Strategy) == "text" || string(f.Strategy) == "list"
}

func fieldColumn(f schema.Field) column {
	return column{key: joinKey(f.Path), field: f, width: usualWidth(f)}
}

func ownColumn(key string) column { return column{key: key, own: true, width: 160} }

func usualWidth(f schema.Field) int {
	switch {
	case f.Type == "number" || f.Type == "integer" || f.Type == "boolean" || f.Format == "date":
		return 120
	case names(f), isLarge(f):
		return 240
	}
	return 160
}

// label is what people call the column.
func (c column) label(ctx context.Context, s *schema.Schema) string {
	switch c.key {
	case ownUpdated:
		return words.Say(ctx, "Changed")
	case ownUpdatedBy:
		return words.Say(ctx, "Changed by")
	case ownCreated:
		return words.Say(ctx, "Created")
	case ownCreatedBy:
		return words.Say(ctx, "Created by")
	}
	label := ""
	for i := range c.field.Path {
		if i > 0 {
			label += " › "
		}
		label += show.Label(s, c.field.Path[:i+1])
	}
	return label
}

// path is where the engine finds what the column is sorted by; nil where its order says
// nothing.
func (c column) path() []string {
	switch {
	case c.key == ownUpdated || c.key == ownCreated:
		return []string{c.key}
	case c.own || c.field.Type == "array" || c.field.Type == "object":
		return nil
	}
	return c.field.Path
}

// heads are the heads of the columns. The link of one sorts, the other way round when
// the list is in its order already, and not at all the third time. Times begin with the
// newest.
func (s *sight) heads(ctx context.Context) []shown.Head {
	var heads []shown.Head
	for _, c := range s.columns {
		h := shown.Head{
			Key: c.key, Label: c.label(ctx, s.typ.Schema), Frozen: c.frozen, Width: c.width, Kind: c.kind(),
			Edits: s.edits(c), Order: shown.Unsorted,
		}
		if path := c.path(); path != nil {
			h.Order = s.address.order(path)
			next := nextSort(path, h.Order, c.own)
			h.Sort = s.address.href(func(a *address) { a.sort, a.after = next, "" })
		}
		heads = append(heads, h)
	}
	return heads
}

// nextSort is the order that pressing the head of a column leads to from the one that is.
func nextSort(path []string, now shown.Order, newestFirst bool) []collections.Sort {
	switch {
	case now == shown.Unsorted:
		return []collections.Sort{{Field: path, Desc: newestFirst}}
	case (now == shown.Descending) == newestFirst:
		return []collections.Sort{{Field: path, Desc: !newestFirst}}
	}
	return nil
}

// order says how the list is sorted by a field first of all.
func (a address) order(path []string) shown.Order {
	switch {
	case len(a.sort) == 0 || !slices.Equal(a.sort[0].Field, path):
		return shown.Unsorted
	case a.sort[0].Desc:
		return shown.Descending
	}
	return shown.Ascending
}

// kind says what a cell of the column holds, for its alignment and its keys.
func (c column) kind() shown.CellKind {
	switch {
	case c.own:
		return shown.CellOwn
	case c.field.Type == "number" || c.field.Type == "integer":
		return shown.CellNumber
	case c.field.Type == "boolean":
		return shown.CellYesNo
	case isLarge(c.field) || c.field.Type == "object":
		return shown.CellLarge
	}
	return shown.CellPlain
}

// edits reports whether whoever asks may, as far as the column goes, write its cells.
func (s *sight) edits(c column) bool {
	if c.own || c.field.Serial != "" {
		return false
	}
	key := c.field.Path[0]
	return !s.grant.Hidden[key] && !s.grant.ReadOnly[key] && s.grant.Edit.Op != "false"
}
