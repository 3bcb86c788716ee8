package records

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// This file says what an edit of many records does to one of them.

// deed is what is done to a record's field, or to the record.
type deed string

// The deeds.
const (
	deedSet    deed = "set"
	deedClear  deed = "clear"
	deedAdd    deed = "add"    // to a set
	deedTake   deed = "take"   // out of a set
	deedAmount deed = "amount" // added to a counter
	deedDelete deed = "delete"
	deedPaste  deed = "paste" // several fields, each record's own
)

// edit is what is done to each of many records.
type edit struct {
	deed  deed
	key   string // of the field
	value any    // that is set, added or taken out
	// paste is, by id of the record and key of the field, the text of a cell.
	paste map[string]map[string]string
}

// deedsOf are what can be done to a field.
func deedsOf(f schema.Field) []deed {
	switch string(f.Strategy) {
	case "set":
		return []deed{deedAdd, deedTake, deedClear}
	case "counter":
		return []deed{deedAmount, deedSet}
	}
	if f.Required {
		return []deed{deedSet}
	}
	return []deed{deedSet, deedClear}
}

// edits lists the fields that whoever asks may edit in many records at once.
func (s *sight) editable() []schema.Field {
	return slices.DeleteFunc(show.Top(s.typ.Schema), func(f schema.Field) bool {
		return f.Deprecated || f.Type == "object" || string(f.Strategy) == "list" || !s.edits(fieldColumn(f))
	})
}

// readEdit reads an edit from a form. The error is the mistake beside the value.
func (s *sight) readEdit(deed deed, key, text string) (edit, error) {
	e := edit{deed: deed, key: key}
	if deed == deedDelete {
		return e, nil
	}
	fields := s.editable()
	at := slices.IndexFunc(fields, func(f schema.Field) bool { return f.Path[0] == key })
	if at < 0 {
		return e, collections.Errorf(collections.Invalid, "field", "Choose a field.")
	}
	f := fields[at]
	if !slices.Contains(deedsOf(f), deed) {
		return e, collections.Errorf(collections.Invalid, "deed", "Choose what to do with %s.", f.Title)
	}
	switch deed {
	case deedClear:
		return e, nil
	case deedAmount:
		n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return e, collections.Errorf(collections.Invalid, "value", "Give a number to add, such as 2 or -1.5.")
		}
		e.value = n
		return e, nil
	case deedAdd, deedTake:
		if text = strings.TrimSpace(text); text == "" {
			return e, collections.Errorf(collections.Invalid, "value", "Give a value.")
		}
		e.value = elementOf(s.typ.Schema, key, text)
		return e, nil
	}
	value, there, err := s.typ.Schema.Convert(key, text)
	if err != nil {
		return e, collections.Refuse(collections.Invalid, "value", schema.OfError(err))
	}
	if !there {
		return e, collections.Errorf(collections.Invalid, "value", "Give a value, or choose to clear the field.")
	}
	if problems := s.typ.Schema.ValidateField([]string{key}, value, false); len(problems) > 0 {
		return e, collections.Refuse(collections.Invalid, "value", problems[0].Message)
	}
	e.value = value
	return e, nil
}

// elementOf reads one element of a set. A text that is none of another kind stays a text.
func elementOf(s *schema.Schema, key, text string) any {
	var v any = text
	if element, ok := s.Field([]string{key, "*"}); ok && element.Type != "string" {
		var n any
		if json.Unmarshal([]byte(text), &n) == nil {
			v = n
		}
	}
	return v
}

// after gives the fields that an edit changes in a record, with what they hold then, nil
// for nothing. It is empty where the record is so already. wrong says why it may not be.
func (s *sight) after(ctx context.Context, e edit, d *collections.Document) (after map[string]any, wrong string) {
	switch {
	case d.Deleted:
		return nil, words.Say(ctx, "It is in the trash.")
	case e.deed == deedDelete && !s.grant.Delete.Match(d.Value):
		return nil, words.Say(ctx, "You may not delete this record.")
	case e.deed == deedDelete:
		return nil, ""
	case !s.grant.Edit.Match(d.Value):
		return nil, words.Say(ctx, "You may not edit this record.")
	case e.deed == deedPaste:
		return s.pasted(ctx, e.paste[d.ID], d)
	}
	now, there := d.Value[e.key]
	then := e.then(now)
	if then == nil && !there || then != nil && there && reflect.DeepEqual(now, then) {
		return nil, ""
	}
	if wrong := s.wrong(ctx, e.key, then); wrong != "" {
		return nil, wrong
	}
	return map[string]any{e.key: then}, ""
}

// then is what a field holds after the edit, nil for nothing.
func (e edit) then(now any) any {
	list, _ := now.([]any)
	has := func(v any) bool { return reflect.DeepEqual(v, e.value) }
	switch e.deed {
	case deedSet:
		return e.value
	case deedAmount:
		n, _ := now.(float64)
		amount, _ := e.value.(float64)
		return n + amount
	case deedAdd:
		if slices.ContainsFunc(list, has) {
			return now
		}
		return append(slices.Clone(list), e.value)
	case deedTake:
		if !slices.ContainsFunc(list, has) {
			return now
		}
		return slices.DeleteFunc(slices.Clone(list), has)
	}
	return nil
}

// back is how the edit is undone.
func (e edit) back() jobs.Way {
	switch e.deed {
	case deedAmount:
		return jobs.Way{Deed: jobs.AddedAmount, Value: e.value}
	case deedAdd:
		return jobs.Way{Deed: jobs.AddedOne, Value: e.value}
	case deedTake:
		return jobs.Way{Deed: jobs.TookOne, Value: e.value}
	}
	return jobs.Way{}
}

// wrong says why a field may not hold a value, "" if it may.
func (s *sight) wrong(ctx context.Context, key string, value any) string {
	f, _ := s.typ.Schema.Field([]string{key})
	if value == nil {
		if f.Required {
			return words.Say(ctx, "%s is required.", f.Title)
		}
		return ""
	}
	if problems := s.typ.Schema.ValidateField([]string{key}, value, false); len(problems) > 0 {
		return show.Sentence(ctx, problems[0].Message)
	}
	return ""
}

// pasted reads the cells that were pasted into one record.
func (s *sight) pasted(ctx context.Context, cells map[string]string, d *collections.Document) (after map[string]any, wrong string) {
	after = map[string]any{}
	for key, text := range cells {
		value, there, err := s.typ.Schema.Convert(key, text)
		if err != nil {
			return nil, show.Sentence(ctx, schema.OfError(err))
		}
		now, was := d.Value[key]
		if !there && !was || there && was && reflect.DeepEqual(now, value) {
			continue
		}
		if !there {
			value = nil
		}
		if wrong := s.wrong(ctx, key, value); wrong != "" {
			return nil, wrong
		}
		after[key] = value
	}
	return after, ""
}

// said says what an edit does.
func (s *sight) said(ctx context.Context, e edit) string {
	label := show.Label(s.typ.Schema, []string{e.key})
	value := func() string { return plain(show.Cell(ctx, s.typ.Schema, []string{e.key}, e.value)) }
	switch e.deed {
	case deedSet:
		return words.Say(ctx, "Set %s to %s", label, value())
	case deedClear:
		return words.Say(ctx, "Clear %s", label)
	case deedAdd:
		return words.Say(ctx, "Add %s to %s", asText(e.value), label)
	case deedTake:
		return words.Say(ctx, "Take %s out of %s", asText(e.value), label)
	case deedAmount:
		return words.Say(ctx, "Add %s to %s", asText(e.value), label)
	case deedDelete:
		return words.Say(ctx, "Put into the trash")
	}
	return words.Say(ctx, "Paste cells")
}

func asText(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// plain is a value as text alone.
func plain(v templates.Value) string {
	switch {
	case v.Kind == templates.ValueTags:
		return strings.Join(v.Tags, ", ")
	case v.Kind == templates.ValueEmpty:
		return "–"
	}
	return v.Text
}
