package records

import (
	"context"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

const (
	timelineSize = 50              // changes on a page
	awayFrom     = 2 * time.Minute // a change that is under way for longer was made offline
)

// timeline is one page of a record's history, newest first.
func (p *pages) timeline(v *ui.Visit, t *collections.Type, d *collections.Document, edits bool) (view.Timeline, error) {
	ctx, field, before := v.UserContext(), v.Query("field"), v.Query("before")
	events, next, err := p.asks.Timeline(ctx, v.Actor(), t.Name, d.ID, field, before, timelineSize)
	if err != nil {
		return view.Timeline{}, err
	}
	begins, err := p.asks.HistoryBegins(ctx, v.Actor(), t.Name, d.ID)
	if err != nil {
		return view.Timeline{}, err
	}
	shown := view.Timeline{Action: ui.RecordPath(d), Fields: fieldChoices(ctx, t.Schema, field), Begins: p.Moment(ctx, begins)}
	if field != "" {
		shown.Field, shown.All = show.Label(t.Schema, []string{field}), timelinePath(d, "", "")
	}
	if before != "" {
		shown.Newest = timelinePath(d, field, "")
	}
	if next != "" {
		shown.Older = timelinePath(d, field, next)
	}
	for i, e := range events {
		// After the newest change the record is what it is now.
		newest := i == 0 && before == "" && field == ""
		shown.Events = append(shown.Events, p.event(ctx, t.Schema, d, e, edits, newest))
	}
	return shown, nil
}

// timelinePath is the address of a page of a record's history, of one field or "" for
// all.
func timelinePath(d *collections.Document, field, before string) string {
	q := url.Values{}
	if field != "" {
		q.Set("field", field)
	}
	if before != "" {
		q.Set("before", before)
	}
	return ui.RecordPath(d) + "?" + q.Encode() + "#timeline"
}

func fieldChoices(ctx context.Context, s *schema.Schema, chosen string) []templates.Choice {
	choices := []templates.Choice{{Label: words.Say(ctx, "any field"), Chosen: chosen == ""}}
	for _, f := range show.Top(s) {
		choices = append(choices, templates.Choice{Value: f.Path[0], Label: f.Title, Chosen: f.Path[0] == chosen})
	}
	return choices
}

func (p *pages) event(ctx context.Context, s *schema.Schema, d *collections.Document, e *collections.Event, edits, newest bool) view.Event {
	shown := view.Event{
		By: e.By, At: p.Moment(ctx, e.At), Done: p.Moment(ctx, e.Stamp.Millis()), Device: show.Clip(e.Device.String(), 8), Version: strconv.Itoa(e.Version),
	}
	if away := time.Duration(e.At-e.Stamp.Millis()) * time.Millisecond; away >= awayFrom {
		shown.Away = words.Say(ctx, "came %s later", ui.Lasted(ctx, away))
	}
	deletes := slices.ContainsFunc(e.Fields, func(f collections.FieldEvent) bool { return f.Did == "deleted" && !f.Lost })
	if edits && !newest && !deletes {
		shown.Return = ui.RecordPath(d) + "/moments/" + e.Place
	}
	for _, f := range e.Fields {
		part := view.Part{Text: show.Sentence(ctx, f.Text), Lost: f.Lost, Icon: eventIcon(f.Did)}
		for _, loss := range f.Losses {
			part.Losses = append(part.Losses, lossOf(ctx, s, d, e, f, loss, edits))
		}
		shown.Parts = append(shown.Parts, part)
	}
	return shown
}

// lossOf shows a value that was lost, with a way to take it back: not where the field
// keeps the larger or the smaller one, and not what is there again.
func lossOf(ctx context.Context, s *schema.Schema, d *collections.Document, e *collections.Event, f collections.FieldEvent, loss collections.Loss, edits bool) view.Loss {
	shown := view.Loss{Value: show.Value(ctx, s, loss.Path, loss.Wrote), Place: e.Place, Field: f.Field}
	if len(loss.Path) > 1 {
		shown.Label = show.Label(s, loss.Path)
	}
	oneWay := f.Did == "raised" || f.Did == "lowered"
	if edits && !oneWay && !standsAt(d.Value, loss) {
		shown.Action = ui.RecordPath(d) + "/take-back"
	}
	return shown
}

// standsAt reports whether what was lost is the value there now. Rows go by names that
// a value does not have: there it is not known, and false.
func standsAt(value map[string]any, loss collections.Loss) bool {
	var at any = value
	for _, key := range loss.Path {
		object, is := at.(map[string]any)
		if !is {
			return false
		}
		at = object[key]
	}
	return reflect.DeepEqual(at, loss.Wrote)
}

func eventIcon(did string) view.EventIcon {
	switch did {
	case "created":
		return view.IconMade
	case "deleted":
		return view.IconTrash
	case "restored":
		return view.IconRestore
	}
	return view.IconEdit
}

// takeBack writes a value that was lost again.
func (p *pages) takeBack(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	typ, id := v.Params("type"), v.Params("id")
	if _, err := p.asks.TakeBack(v.UserContext(), v.Actor(), typ, id, form.Get("place"), form.Get("field")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, ui.TypePath(typ)+"/records/"+id, "taken-back")
}
