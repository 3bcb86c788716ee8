package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// Infer guesses a schema from sample records, and notes for each field what it was
// taken for and why; a person then corrects the guess. The result parses with [Parse]
// and accepts the samples it was made from.
//
// Records are the rows of a table when columns are given and every value is a string,
// "" standing for an empty cell. Then a field's key is made from the column's name,
// which becomes its label, so that [Schema.Column] finds it; a column counts as
// numbers, dates, or yes and no only if every cell comes back from [Schema.Convert]
// and [Schema.Cell] as it was; all other columns are texts.
//
// Otherwise records are plain JSON as [crdt.ParseValue] gives it: keys stay, objects
// become fields of fields, lists of different texts become tags, lists of objects
// become rows, and a string is never taken for a number.
//
// Columns gives the order of the fields; keys that it does not name come after them,
// sorted. No field is required: samples show what is, not what must be. The error is
// made of *SchemaErrors, as that of [Parse]: for records that make no type, such as
// those with a key that no field may have.
func Infer(title string, columns []string, records []map[string]any) (text []byte, notes []Note, err error) {
	names, err := columnNames(columns, records)
	if err != nil {
		return nil, nil, err
	}
	keys := names
	table := len(columns) > 0 && allStrings(records)
	if table {
		keys = columnKeys(names)
	}
	properties, order := map[string]any{}, make([]any, len(names))
	for i, name := range names {
		var g guess
		if table {
			g = guessColumn(name, columnCells(name, records))
			g.schema["title"] = name
		} else {
			g = guessValues(fieldValues(name, records), 1)
		}
		properties[keys[i]], order[i] = g.schema, keys[i]
		notes = append(notes, Note{pointer([]string{"properties", keys[i]}), Says("%s: %s.", name, g.why)})
	}
	text = crdt.AppendValue(nil, map[string]any{
		"$schema": draft2020, "title": title, "type": "object", "properties": properties, "x-order": order,
	})
	if _, err := Parse(text); err != nil {
		return nil, nil, err
	}
	return text, notes, nil
}

// guess is what one field was taken for.
type guess struct {
	schema map[string]any
	why    Sentence // "a number, because …", with no full stop
}

// columnNames lists the names of all fields in their order.
func columnNames(columns []string, records []map[string]any) ([]string, error) {
	names, known := slices.Clone(columns), map[string]bool{}
	for _, name := range columns {
		if known[name] {
			return nil, &SchemaError{"", Says("The column %q is there twice.", name), Says("Give one of them another name.")}
		}
		known[name] = true
	}
	others := map[string]bool{}
	for _, record := range records {
		for name := range record {
			if !known[name] {
				others[name] = true
			}
		}
	}
	names = append(names, sortedKeys(others)...)
	if len(names) == 0 {
		return nil, &SchemaError{"", Says("There is nothing to learn from."), Says("Give at least one column, or one record with a field.")}
	}
	return names, nil
}

func allStrings(records []map[string]any) bool {
	for _, record := range records {
		for _, v := range record {
			if !isText(v) {
				return false
			}
		}
	}
	return true
}

// columnCells gives the cells of a column that are filled in.
func columnCells(name string, records []map[string]any) (cells []string) {
	for _, record := range records {
		if cell, _ := record[name].(string); cell != "" {
			cells = append(cells, cell)
		}
	}
	return cells
}

// fieldValues gives the values of a field, nulls included, where it is present.
func fieldValues(name string, records []map[string]any) (values []any) {
	for _, record := range records {
		if v, ok := record[name]; ok {
			values = append(values, v)
		}
	}
	return values
}

// columnKeys makes the keys of the fields from the names of their columns.
func columnKeys(names []string) []string {
	keys, taken := make([]string, len(names)), map[string]bool{}
	for i, name := range names {
		base := columnKey(name)
		key := base
		for n := 2; taken[key]; n++ {
			key = fmt.Sprintf("%s_%d", base, n)
		}
		keys[i], taken[key] = key, true
	}
	return keys
}

// maxColumnKey leaves room for the number that makes a key unique.
const maxColumnKey = 56

// columnKey is a name that is a good key already, else its letters and digits without
// accents, in lower case, with "_" between.
func columnKey(name string) string {
	if goodKey(name) {
		return name
	}
	key := strings.Join(strings.FieldsFunc(fold(name), isSeparator), "_")
	if len(key) > maxColumnKey {
		key = strings.TrimRight(strings.ToValidUTF8(key[:maxColumnKey], ""), "_")
	}
	if key == "" {
		return "column"
	}
	return key
}

// goodKey reports whether a name reads well in an address, a query and a program.
func goodKey(name string) bool {
	for i := 0; i < len(name); i++ {
		letter := 'a' <= name[i]|0x20 && name[i]|0x20 <= 'z'
		digit := '0' <= name[i] && name[i] <= '9'
		if !letter && (i == 0 || !digit && name[i] != '_' && name[i] != '-') {
			return false
		}
	}
	return name != "" && len(name) <= maxColumnKey
}
