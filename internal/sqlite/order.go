package sqlite

import (
	"fmt"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// orderKey is one key of an order in SQL: a row value of one or two columns.
type orderKey struct {
	columns []string
	desc    bool
}

type order []orderKey

// order compiles sort keys; the id comes after them.
func (c *compiler) order(sorts []collections.Sort) (order, error) {
	var keys order
	for _, sort := range sorts {
		if column := recordTime(sort.Field); column != "" {
			keys = append(keys, orderKey{[]string{column}, sort.Desc})
			continue
		}
		f, _, err := c.field(sort.Field)
		if err != nil {
			return nil, err
		}
		keys = append(keys, orderKey{[]string{f.rank, f.value}, sort.Desc})
	}
	return append(keys, orderKey{columns: []string{"id"}}), nil
}

// text is the ORDER BY.
func (o order) text() string {
	var terms []string
	for _, key := range o {
		for _, column := range key.columns {
			if key.desc {
				column += " DESC"
			}
			terms = append(terms, column)
		}
	}
	return strings.Join(terms, ", ")
}

// row is the key as a row value.
func (k orderKey) row() string { return "(" + strings.Join(k.columns, ", ") + ")" }

// always is true of numbers as of texts.
const always = " >= -9223372036854775808"

// after is the term for documents after a page's end. With keys a, b, c and their
// values x, y, z it is
//
//	a > x OR a = x AND (b > y OR b = y AND c > z)
//
// and, so that an index on a can be entered at the right place, AND a >= x. Without a
// page's end it is a term that is always true: an order without any term on its
// columns the planner takes for dearer to walk than reading and sorting all.
func (c *compiler) after(o order, end *collections.PageKey) (string, error) {
	if end == nil && len(o) == 1 {
		return "TRUE", nil
	}
	if end == nil {
		return o[0].columns[0] + always, nil
	}
	if len(end.Values) != len(o)-1 {
		return "", fmt.Errorf("sqlite: a page key has %d values for %d sort fields", len(end.Values), len(o)-1)
	}
	text := "id > " + c.arg(end.ID)
	for i := len(o) - 2; i >= 0; i-- {
		key := o[i]
		place, err := c.place(key, end.Values[i])
		if err != nil {
			return "", err
		}
		beyond := " > "
		if key.desc {
			beyond = " < "
		}
		text = key.row() + beyond + place + " OR " + key.row() + " = " + place + " AND (" + text + ")"
		if i == 0 {
			text = key.row() + strings.TrimRight(beyond, " ") + "= " + place + " AND (" + text + ")"
		}
	}
	return "(" + text + ")", nil
}

// place is a value as the row value that key orders it by.
func (c *compiler) place(key orderKey, value any) (string, error) {
	if len(key.columns) == 1 {
		switch value.(type) {
		case float64, int64:
			return "(" + c.arg(value) + ")", nil
		}
		return "", fmt.Errorf("sqlite: a page key's time is a number, not a %T", value)
	}
	switch v := value.(type) {
	case string:
		return fmt.Sprintf("(%d, %s)", rankText, c.arg(v)), nil
	case float64:
		return fmt.Sprintf("(%d, %s)", rankNumber, c.arg(v)), nil
	}
	if rank, ok := rankOf(value); ok {
		return "(" + rank + ", 0)", nil
	}
	return fmt.Sprintf("(%d, 0)", rankRest), nil
}
