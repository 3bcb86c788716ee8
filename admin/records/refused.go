package records

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	view "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// This file is about changes that were refused.

// refusalsShown is how many refused changes are on a page.
const refusalsShown = 20

// addRefused adds a page of refused changes; failed is the one that could not be applied
// just now, and wrong why.
func (p *pages) addRefused(v *ui.Visit, page *view.AttentionPage, types []*collections.Type, only, failed, wrong string) error {
	ctx := v.UserContext()
	refusals, next, err := p.asks.Refusals(ctx, v.Actor(), only, v.Query("after"), refusalsShown)
	if err != nil {
		return err
	}
	if next != "" {
		page.Older = "/admin/attention?" + url.Values{"type": {only}, "after": {next}}.Encode()
	}
	for _, r := range refusals {
		at := slices.IndexFunc(types, func(t *collections.Type) bool { return t.Name == r.Type })
		if at < 0 {
			continue // published while the page was made
		}
		shown := p.refused(ctx, types[at], r, only)
		if r.ID == failed {
			shown.Wrong = wrong
		}
		page.Refused = append(page.Refused, shown)
	}
	return nil
}

// refusedPath is where something is done with a refused change, from the page about one
// type, "" for all.
func refusedPath(id, do, only string) string {
	path := "/admin/attention/refused/" + url.PathEscape(id) + "/" + do
	if only != "" {
		path += "?type=" + url.QueryEscape(only)
	}
	return path
}

// refused shows a change that was refused.
func (p *pages) refused(ctx context.Context, t *collections.Type, r *collections.Refusal, only string) view.Refused {
	value := r.Now
	if !r.There {
		value = r.Wanted
	}
	d := &collections.Document{Type: r.Type, ID: r.Doc, Value: value}
	do := func(what string) string { return refusedPath(r.ID, what, only) }
	shown := view.Refused{
		ID: r.ID, Type: ui.TypeTitle(t), Name: ui.RecordName(ctx, t.Schema, d),
		At: p.Moment(ctx, r.At), Done: p.Moment(ctx, r.Done), Device: show.Clip(r.Device.String(), 8),
		Reason: show.Sentence(ctx, r.Error.Message), Stuck: show.Sentence(ctx, r.Stuck), Dismiss: do("dismiss"),
	}
	shown.Said = tried(ctx, r, shown.Name)
	if r.There {
		shown.Href = ui.RecordPath(d)
	}
	if r.Stuck.IsEmpty() {
		shown.Apply, shown.Mend = do("apply"), mendOf(r)
	}
	shown.Fields = triedFields(ctx, t.Schema, r)
	return shown
}

// triedFields shows the fields that a refused change writes.
func triedFields(ctx context.Context, s *schema.Schema, r *collections.Refusal) []view.RefusedField {
	var fields []view.RefusedField
	for _, f := range r.Fields {
		path := []string{f.Field}
		field := view.RefusedField{Label: f.Label, Now: show.Value(ctx, s, path, r.Now[f.Field]), Tried: show.Value(ctx, s, path, r.Wanted[f.Field])}
		for _, wrote := range f.Wrote {
			field.Wrote = append(field.Wrote, show.Value(ctx, s, path, wrote))
		}
		fields = append(fields, field)
	}
	return fields
}

// mendOf is what a form begins with in which what was refused is put right; nil where
// there is no value to put right.
func mendOf(r *collections.Refusal) *view.Mend {
	if len(r.Fields) == 0 {
		return nil
	}
	begin := map[string]any{}
	for _, f := range r.Fields {
		begin[f.Field] = r.Wanted[f.Field] // nil, and so null, where it was to be emptied
	}
	text, err := json.Marshal(begin)
	if err != nil {
		return nil // a record's value is always JSON
	}
	m := &view.Mend{Type: r.Type, Begin: string(text)}
	if r.There {
		m.ID = r.Doc
	} else {
		m.Make = r.Doc
	}
	return m
}

// tried says what somebody wanted to do.
func tried(ctx context.Context, r *collections.Refusal, name string) string {
	switch r.Did {
	case "created":
		return words.Say(ctx, "%s wanted to make %s", r.By, name)
	case "deleted":
		return words.Say(ctx, "%s wanted to delete %s", r.By, name)
	case "restored":
		return words.Say(ctx, "%s wanted to take %s out of the trash", r.By, name)
	}
	return words.Say(ctx, "%s wanted to change %s", r.By, name)
}

// applyRefused does what somebody else was refused, as the one who asks.
func (p *pages) applyRefused(v *ui.Visit) error {
	id := v.Params("refusal")
	_, err := p.asks.ApplyRefused(v.UserContext(), v.Actor(), id)
	if err == nil {
		return ui.SeeOther(v.Ctx, attentionAt(v.Query("type")), "applied")
	}
	var known *collections.Error
	if !errors.As(err, &known) || known.Code == collections.NotFound {
		return err
	}
	status, shown, other := p.Mistake(err)
	if other != nil {
		return other
	}
	return p.showAttention(v, status, id, show.Sentence(v.UserContext(), shown.Message))
}

func (p *pages) dismissRefused(v *ui.Visit) error {
	if err := p.asks.DismissRefusal(v.UserContext(), v.Actor(), v.Params("refusal")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, attentionAt(v.Query("type")), "dismissed")
}
