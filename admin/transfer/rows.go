package transfer

import (
	"slices"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
)

// line is one row of a file on its way.
type line struct {
	row    sheets.Row
	key    any             // by which it finds its record; nil where it finds none
	value  map[string]any  // of the fields that it fills in
	empty  []string        // the fields that it leaves empty
	column string          // of what is wrong
	wrong  schema.Sentence // why it cannot be imported, empty while it can
	record *collections.Document
}

// read turns a row into the values of its fields.
func (t *target) read(row sheets.Row, columns []string, p plan, plain bool) *line {
	l := &line{row: row, value: map[string]any{}}
	if row.Fault != nil {
		l.refuse(sheets.ColumnLetters(row.Fault.Column), schema.Says(row.Fault.Text, row.Fault.Args...))
		return l
	}
	for i, key := range p.keys {
		if key == "" || i >= len(row.Cells) {
			continue
		}
		cell := row.Cells[i]
		if key == idColumn {
			if p.match == idColumn && cell.Kind != sheets.Empty {
				l.key = strings.ToLower(strings.TrimSpace(cell.Text))
			}
			continue
		}
		v, present, err := t.convert(key, cell, plain)
		if err != nil && l.wrong.IsEmpty() {
			l.refuse(columns[i], schema.OfError(err))
		}
		f, _ := t.field(key)
		switch {
		case key == p.match && present:
			l.key = v
			fallthrough
		case f.Serial != "":
			if f.Serial == "" {
				l.value[key] = v
			}
		case present:
			l.value[key] = v
		default:
			l.empty = append(l.empty, key)
		}
	}
	return l
}

func (l *line) refuse(column string, why schema.Sentence) {
	l.column, l.wrong = column, why
}

// convert makes the value of a cell. plain cells are those of JSON, which are what they
// are.
func (t *target) convert(key string, cell sheets.Cell, plain bool) (v any, present bool, err error) {
	if cell.Kind == sheets.Empty {
		return nil, false, nil
	}
	if plain {
		return cell.Value(), true, nil
	}
	f, _ := t.field(key)
	text := cell.Text
	switch {
	case f.Format == "date-time":
		text = zoned(text)
	case f.Format == "date" && cell.Kind == sheets.Moment:
		text = strings.TrimSuffix(text, "T00:00:00")
	}
	v, present, err = t.Schema.Convert(key, text)
	if err != nil {
		return nil, false, err
	}
	return t.choice(key, v), present, nil
}

// zoned gives a day and time without a zone that of UTC.
func zoned(text string) string {
	text = strings.TrimSpace(text)
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02 15:04:05.999", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format("2006-01-02T15:04:05.999Z")
		}
	}
	return text
}

// choice takes a choice by its title, or by its text in other letters.
func (t *target) choice(key string, v any) any {
	words := t.choices[key]
	if words == nil {
		return v
	}
	one := func(v any) any {
		text, ok := v.(string)
		if !ok {
			return v
		}
		if meant, known := words[strings.ToLower(strings.TrimSpace(text))]; known && !t.isChoice(key, v) {
			return meant
		}
		return v
	}
	if list, ok := v.([]any); ok {
		for i := range list {
			list[i] = one(list[i])
		}
		return list
	}
	return one(v)
}

func (t *target) isChoice(key string, v any) bool {
	f, _ := t.field(key)
	_, is := f.Choice(v)
	return is
}

// patch is what a row changes of the record that it found: nothing where all is the same.
func (l *line) patch(t *target, p plan) map[string]any {
	patch := map[string]any{}
	for key, v := range l.value {
		if !t.same(key, v, l.record.Value[key]) {
			patch[key] = v
		}
	}
	if p.clear {
		for _, key := range l.empty {
			if l.record.Value[key] != nil {
				patch[key] = nil
			}
		}
	}
	return patch
}

// check holds what a row would make of its record against the type, and against what
// whoever imports may do; of a record that is there, only the fields that it changes.
func (l *line) check(t *target, patch map[string]any, columns []string, p plan) {
	if l.record == nil {
		if problems := t.Schema.Validate(l.value); len(problems) > 0 {
			l.blame(problems[0], columns, p)
		} else if !t.grant.Create.Match(l.value) {
			l.refuse("", schema.Says("You may not make such records: ask an owner."))
		}
		return
	}
	if l.record.Deleted {
		l.refuse("", schema.Says("The record is in the trash: restore it first."))
		return
	}
	if !t.grant.Edit.Match(l.record.Value) {
		l.refuse("", schema.Says("You may not change this record: ask an owner."))
		return
	}
	whole := map[string]any{}
	for key, v := range l.record.Value {
		whole[key] = v
	}
	for key, v := range patch {
		if whole[key] = v; v == nil {
			delete(whole, key)
		}
	}
	for _, problem := range t.Schema.Validate(whole) {
		if _, ours := patch[topKey(problem)]; ours {
			l.blame(problem, columns, p)
			return
		}
	}
}

// topKey is the field of the record that a problem is in.
func topKey(problem schema.Problem) string {
	key, _, _ := strings.Cut(strings.TrimPrefix(problem.Path, "/"), "/")
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
}

func (l *line) blame(problem schema.Problem, columns []string, p plan) {
	column := problem.Field
	if at := slices.Index(p.keys, topKey(problem)); at >= 0 {
		column = columns[at]
	}
	l.refuse(column, problem.Message)
}
