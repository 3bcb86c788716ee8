package admin

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/templates/words"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

const (
	historySize = 100             // changes on a page
	awayFrom    = 2 * time.Minute // a change that is under way for longer was made offline
)

// history is one page of a record's history. The engine tells it oldest first; within
// a page the newest stands on top, because that is what people come for.
func (p *pages) history(v *ui.Visit, t *collections.Type, d *collections.Document) (templates.HistoryPart, error) {
	field, after := v.Query("field"), v.Query("after")
	events, next, err := p.Records.History(v.UserContext(), v.Who.Actor, t.Name, d.ID, field, after, historySize)
	if err != nil {
		return templates.HistoryPart{}, err
	}
	begins, err := p.Records.HistoryBegins(v.UserContext(), v.Who.Actor, t.Name, d.ID)
	if err != nil {
		return templates.HistoryPart{}, err
	}
	part := templates.HistoryPart{Action: ui.RecordPath(d), Fields: fieldChoices(t.Schema, field)}
	if begins > 0 {
		part.Begins = p.Moment(v.UserContext(), begins)
	}
	if after != "" {
		part.Start = historyPath(d, field, "")
	}
	if next != "" {
		part.Later = historyPath(d, field, next)
	}
	for _, e := range slices.Backward(events) {
		part.Events = append(part.Events, p.event(v.UserContext(), t.Schema, e))
	}
	return part, nil
}

func historyPath(d *collections.Document, field, after string) string {
	q := url.Values{}
	if field != "" {
		q.Set("field", field)
	}
	if after != "" {
		q.Set("after", after)
	}
	return ui.RecordPath(d) + "?" + q.Encode() + "#history"
}

func fieldChoices(s *schema.Schema, chosen string) []templates.Choice {
	choices := []templates.Choice{{Value: "", Label: "any field"}}
	for _, f := range show.Top(s) {
		choices = append(choices, templates.Choice{Value: f.Path[0], Label: f.Title})
	}
	return choose(choices, chosen)
}

func (p *pages) event(ctx context.Context, s *schema.Schema, e *collections.Event) templates.Event {
	shown := templates.Event{
		By: e.By, At: p.Moment(ctx, e.At), Done: p.Moment(ctx, e.Stamp.Millis()), Device: show.Clip(e.Device.String(), 8), Version: strconv.Itoa(e.Version),
	}
	if away := time.Duration(e.At-e.Stamp.Millis()) * time.Millisecond; away >= awayFrom {
		shown.Away = words.Say(ctx, "came %s later", ui.Lasted(ctx, away))
	}
	for _, f := range e.Fields {
		part := templates.EventPart{Text: f.Text, Lost: f.Lost, Icon: eventIcon(f.Did)}
		for _, loss := range f.Losses {
			part.Losses = append(part.Losses, show.Value(ctx, s, loss.Path, loss.Wrote))
		}
		shown.Parts = append(shown.Parts, part)
	}
	return shown
}

func eventIcon(did string) templates.EventIcon {
	switch did {
	case "created":
		return templates.IconMade
	case "deleted":
		return templates.IconTrash
	case "restored":
		return templates.IconRestore
	}
	return templates.IconEdit
}
