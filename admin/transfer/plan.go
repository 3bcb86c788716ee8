package transfer

import (
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// plan is what a person said about the columns of a file.
type plan struct {
	keys  []string // of the field that each column is for, "" for none, idColumn for the id
	match string   // the key by which a row finds its record, idColumn, or "" for new ones only
	clear bool     // an empty cell empties the field of a record that is there
}

// target is what can be imported into: the fields that whoever asks may write.
type target struct {
	*collections.Type
	grant   *collections.Grant
	fields  []schema.Field
	choices map[string]map[string]any // by field: a choice by its title or its text, in small letters
}

func (p *pages) target(actor collections.Actor, t *collections.Type) (*target, error) {
	grant, err := p.Engine.Grant(actor, t.Name)
	if err != nil {
		return nil, err
	}
	to := &target{Type: t, grant: grant, choices: choicesOf(t.Schema)}
	for _, f := range t.Schema.Fields() {
		if len(f.Path) == 1 && f.Path[0] != "*" && !grant.ReadOnly[f.Path[0]] {
			to.fields = append(to.fields, f)
		}
	}
	return to, nil
}

func (t *target) field(key string) (schema.Field, bool) {
	at := slices.IndexFunc(t.fields, func(f schema.Field) bool { return f.Path[0] == key })
	if at < 0 {
		return schema.Field{}, false
	}
	return t.fields[at], true
}

// matchable are the fields by which a row can find its record: no two records have the
// same.
func (t *target) matchable() (list []schema.Field) {
	for _, f := range t.fields {
		if (f.Unique || f.Serial != "") && (f.Type == "string" || f.Type == "number" || f.Type == "integer") {
			list = append(list, f)
		}
	}
	return list
}

// guess maps each column to the field of that name, and finds records by their id or a
// unique field where the file has a column of it.
func (t *target) guess(columns []string) plan {
	p := plan{keys: make([]string, len(columns))}
	taken := map[string]bool{}
	for i, name := range columns {
		if key, ok := t.find(name); ok && !taken[key] {
			p.keys[i], taken[key] = key, true
		}
	}
	if taken[idColumn] {
		p.match = idColumn
		return p
	}
	for _, f := range t.matchable() {
		if taken[f.Path[0]] {
			p.match = f.Path[0]
			break
		}
	}
	return p
}

// find is the field that a column's name says, letter case and blanks aside.
func (t *target) find(name string) (string, bool) {
	if strings.EqualFold(name, idColumn) {
		return idColumn, true
	}
	if key, ok := t.Schema.Column(name); ok {
		if _, may := t.field(key); may {
			return key, true
		}
	}
	same := func(text string) bool { return squeezed(text) == squeezed(name) && squeezed(name) != "" }
	for _, f := range t.fields {
		// An export tells fields of one label apart by their keys.
		if same(f.Title) || same(f.Path[0]) || name == f.Title+" ("+f.Path[0]+")" {
			return f.Path[0], true
		}
	}
	return "", false
}

func squeezed(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-.:*", r) {
			return -1
		}
		return r
	}, strings.ToLower(text))
}

// choicesOf finds how people may write the choices of a field beside their values: by
// what they are called, and in other letters.
func choicesOf(s *schema.Schema) map[string]map[string]any {
	all := map[string]map[string]any{}
	for _, f := range s.Fields() {
		choices := f.Choices()
		if len(f.Path) != 1 || len(choices) == 0 {
			continue
		}
		texts := map[string]any{}
		for _, c := range choices {
			texts[strings.ToLower(c.Title)] = c.Value
		}
		for _, c := range choices {
			if text, ok := c.Value.(string); ok {
				texts[strings.ToLower(text)] = c.Value
			}
		}
		all[f.Path[0]] = texts
	}
	return all
}
