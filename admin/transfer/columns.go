package transfer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
)

// Columns beside those of fields, by the names that an import knows them by.
const idColumn = "_id"

// column is one column of an export.
type column struct {
	key   string
	name  string         // what stands at its head
	typed *schema.Schema // the latest version that has the field; nil where none has
	field schema.Field
}

// columnsOf are the columns of a type's fields: first those of its latest version, then
// those that only older versions have, each where has says that a record holds it. What
// no version names comes last, by key.
func columnsOf(versions []*collections.Type, held map[string]bool) []column {
	var list []column
	known := map[string]bool{}
	for i, t := range slices.Backward(versions) {
		for _, f := range t.Schema.Fields() {
			key := f.Path[0]
			if len(f.Path) != 1 || key == "*" || known[key] || i < len(versions)-1 && !held[key] {
				continue
			}
			known[key] = true
			list = append(list, column{key, f.Title, t.Schema, f})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(held)) {
		if !known[key] {
			list = append(list, column{key: key, name: key})
		}
	}
	return distinct(list)
}

// distinct adds the key to names that several columns have.
func distinct(list []column) []column {
	count := map[string]int{}
	for _, c := range list {
		count[c.name]++
	}
	for i, c := range list {
		if count[c.name] > 1 {
			list[i].name = fmt.Sprintf("%s (%s)", c.name, c.key)
		}
	}
	return list
}

// mayHoldMore reports whether records may hold fields that the latest version does not
// name: those of older versions, or any.
func mayHoldMore(versions []*collections.Type) bool {
	latest := versions[len(versions)-1].Schema
	if _, open := latest.Field([]string{"\x00"}); open {
		return true
	}
	for _, t := range versions {
		for _, f := range t.Schema.Fields() {
			if _, there := latest.Field(f.Path[:1]); !there {
				return true
			}
		}
	}
	return false
}

// heldKeys finds the fields that any of the listed records holds.
func heldKeys(ctx context.Context, each func(context.Context, func(*collections.Document) error) error) (map[string]bool, error) {
	held := map[string]bool{}
	err := each(ctx, func(d *collections.Document) error {
		for key := range d.Value {
			held[key] = true
		}
		return nil
	})
	return held, err
}

// cell is what a column has of a record, for a file of that format.
func (c column) cell(value map[string]any, format sheets.Format) sheets.Cell {
	v, there := value[c.key]
	switch {
	case !there || v == nil:
		return sheets.Cell{}
	case format == sheets.JSON:
		return sheets.OfValue(v)
	case c.typed == nil:
		return sheets.OfValue(v)
	}
	text := c.typed.Cell(c.key, v)
	switch v := v.(type) {
	case float64:
		return sheets.Cell{Kind: sheets.Number, Text: text, Number: v}
	case bool:
		if format == sheets.XLSX {
			return sheets.OfTruth(v)
		}
	case string:
		if format == sheets.XLSX {
			return dated(c.field, v, text)
		}
	}
	return sheets.OfText(text)
}

// dated gives dates and moments of UTC as such, so that a spreadsheet can reckon with
// them; a moment of another zone is a text, as cells have no zone.
func dated(f schema.Field, value, text string) sheets.Cell {
	switch f.Format {
	case "date":
		if t, err := time.Parse(time.DateOnly, value); err == nil {
			return sheets.OfDate(t)
		}
	case "date-time":
		if t, err := time.Parse("2006-01-02T15:04:05.999Z", value); err == nil {
			return sheets.OfMoment(t)
		}
	}
	return sheets.OfText(text)
}
