package admin

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

// fieldRows explains every field of a type, parents before children.
func fieldRows(s *schema.Schema) []templates.FieldRow {
	var rows []templates.FieldRow
	doc := readNode(s.JSON())
	for _, f := range s.Fields() {
		rows = append(rows, templates.FieldRow{
			Label: f.Title, Key: keyOf(f.Path), Description: f.Description, Depth: len(f.Path) - 1, Kind: kindOf(f),
			Rules: rulesOf(f, doc.at(f.Path)), Strategy: strategyWords(string(f.Strategy)), Why: f.Why, Deprecated: f.Deprecated,
		})
	}
	return rows
}

// keyOf writes a path of keys as conditions do.
func keyOf(path []string) string { return strings.Join(path, ".") }

// kindOf says what a field takes, in words for who fills it in.
func kindOf(f schema.Field) string {
	switch {
	case f.Serial != "":
		return "A number that the server gives"
	case f.Reference != "":
		return "A record of " + f.Reference
	case len(f.Enum) > 0 && f.Type != "array":
		return "A choice"
	}
	switch string(f.Strategy) {
	case "text":
		return "Long text"
	case "set":
		return "Any number of different values"
	case "list":
		return "Rows"
	}
	return kindOfType(f)
}

func kindOfType(f schema.Field) string {
	switch f.Type {
	case "boolean":
		return "Yes or no"
	case "number":
		return "A number"
	case "integer":
		return "A whole number"
	case "object":
		return "A group of fields"
	case "array":
		return "A list"
	case "string":
		return kindOfFormat(f.Format)
	case "null":
		return "Nothing"
	}
	return "Any value"
}

func kindOfFormat(format string) string {
	switch format {
	case "":
		return "Short text"
	case "date":
		return "A date"
	case "date-time":
		return "A date and time"
	case "time":
		return "A time of day"
	case "duration":
		return "A length of time"
	case "email", "idn-email":
		return "An e-mail address"
	case "uri", "iri", "uri-reference", "iri-reference":
		return "A web address"
	}
	return "Short text, as " + format
}

// strategyWords names a strategy for people; the sentence beside it says the rest.
func strategyWords(strategy string) string {
	switch strategy {
	case "register":
		return "the newer stays"
	case "conflict":
		return "both until picked"
	case "counter":
		return "adds up"
	case "max":
		return "the larger stays"
	case "min":
		return "the smaller stays"
	case "text":
		return "both texts"
	case "set":
		return "all additions"
	case "list":
		return "all rows"
	case "serial":
		return "the server numbers"
	case "map":
		return "field by field"
	}
	return strategy
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// plain shows a value of a schema, such as one choice, within a sentence.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case string:
		return v
	case float64:
		return show.Number(v)
	}
	return fmt.Sprint(v)
}
