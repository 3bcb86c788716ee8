package records

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// AttentionAsks is what the pages about what needs attention ask.
type AttentionAsks interface {
	Types(ctx context.Context, a collections.Actor) ([]*collections.Type, error)
	CountAttention(ctx context.Context, a collections.Actor, typ string, most int) (int, error)
	CountRefusals(ctx context.Context, a collections.Actor, typ string, most int) (int, error)
	Refusals(ctx context.Context, a collections.Actor, typ, after string, limit int) ([]*collections.Refusal, string, error)
	ApplyRefused(ctx context.Context, a collections.Actor, id string) (*collections.Document, error)
	DismissRefusal(ctx context.Context, a collections.Actor, id string) error
}

const (
	attentionEach  = 10 // records of each type, where all are shown
	attentionOne   = 50 // records of the one type that is asked for
	refusalsShown  = 20
	attentionCount = 100 // as far as is counted for the navigation, in each type
)

func (p *pages) attentionRoutes() []web.Route {
	return []web.Route{
		p.Get("/admin/attention", web.Editors, p.attention),
		p.Post("/admin/attention/refused/:refusal/apply", web.Editors, p.applyRefused),
		p.Post("/admin/attention/refused/:refusal/dismiss", web.Editors, p.dismissRefused),
	}
}

// AttentionBadge says in a word how much needs the attention of somebody: "" for nothing,
// "3", "99+". What it costs is bounded, and mostly nothing: the engine remembers.
func AttentionBadge(asks AttentionAsks) func(ctx context.Context, a collections.Actor) string {
	return func(ctx context.Context, a collections.Actor) string {
		types, err := asks.Types(ctx, a)
		if err != nil {
			return ""
		}
		sum := 0
		for _, t := range types {
			if sum += waiting(ctx, asks, a, t.Name); sum >= attentionCount {
				return strconv.Itoa(attentionCount-1) + "+"
			}
		}
		if sum == 0 {
			return ""
		}
		return strconv.Itoa(sum)
	}
}

// waiting counts what waits in one type, 0 where that cannot be told.
func waiting(ctx context.Context, asks AttentionAsks, a collections.Actor, typ string) int {
	records, err := asks.CountAttention(ctx, a, typ, attentionCount)
	if err != nil {
		return 0
	}
	refused, err := asks.CountRefusals(ctx, a, typ, attentionCount)
	if err != nil {
		return records
	}
	return records + refused
}

// attention lists what needs attention, of all types or of one.
func (p *pages) attention(v *ui.Visit) error {
	return p.showAttention(v, fiber.StatusOK, "", "")
}

// showAttention is attention, with what was wrong with applying one of the refused.
func (p *pages) showAttention(v *ui.Visit, status int, failed, wrong string) error {
	ctx, only := v.UserContext(), v.Query("type")
	types, err := p.asks.Types(ctx, v.Actor())
	if err != nil {
		return err
	}
	heading := words.Say(ctx, "Needs attention")
	page := view.AttentionPage{
		Frame: styled(p.Frame(v.Ctx, templates.SectionAttention, heading), "attention.js"), User: v.Actor().Name, At: "/admin/attention?type=" + url.QueryEscape(only),
		Types: []templates.Tab{{Text: words.Say(ctx, "All types"), Href: "/admin/attention", Current: only == ""}},
	}
	schemas := map[string]*collections.Type{}
	for _, t := range types {
		schemas[t.Name] = t
		if waiting(ctx, p.asks, v.Actor(), t.Name) > 0 || t.Name == only {
			page.Types = append(page.Types, templates.Tab{Text: ui.TypeTitle(t), Href: "/admin/attention?type=" + t.Name, Current: t.Name == only})
		}
		if only != "" && only != t.Name {
			continue
		}
		if err := p.toMend(v, &page, t, only != ""); err != nil {
			return err
		}
	}
	refusals, next, err := p.asks.Refusals(ctx, v.Actor(), only, v.Query("after"), refusalsShown)
	if err != nil {
		return err
	}
	if next != "" {
		page.Older = page.At + "&after=" + next
	}
	for _, r := range refusals {
		shown := p.refused(ctx, schemas[r.Type], r)
		if r.ID == failed {
			shown.Wrong = wrong
		}
		page.Refused = append(page.Refused, shown)
	}
	return ui.Render(v.Ctx, status, view.Attention(page))
}

// toMend adds the records of a type that need attention.
func (p *pages) toMend(v *ui.Visit, page *view.AttentionPage, t *collections.Type, alone bool) error {
	ctx, limit := v.UserContext(), attentionEach
	if alone {
		limit = attentionOne
	}
	grant, err := p.asks.Grant(v.Actor(), t.Name)
	if err != nil || !grant.Trash {
		return err
	}
	list, err := p.asks.List(ctx, v.Actor(), t.Name, collections.ListRequest{State: collections.Attention, Limit: limit})
	if err != nil {
		return err
	}
	for _, d := range list.Documents {
		choosers, err := p.asks.Choosers(ctx, v.Actor(), t.Name, d.ID)
		if err != nil && !ui.IsNotFound(err) {
			return err
		}
		page.Records = append(page.Records, p.mending(ctx, t, d, choosers, grant.Edit.Op != "false"))
	}
	if list.Next != "" {
		page.More = append(page.More, templates.Link{
			Text: words.Say(ctx, "All of %s that need attention", ui.TypeTitle(t)), Href: ui.TypePath(t.Name) + "/records?state=attention",
		})
	}
	return nil
}

// mending shows what is wrong with a record.
func (p *pages) mending(ctx context.Context, t *collections.Type, d *collections.Document, choosers map[string]collections.Chooser, edits bool) view.ToMend {
	shown := view.ToMend{
		Name: ui.RecordName(ctx, t.Schema, d), Href: ui.RecordPath(d), Type: ui.TypeTitle(t), TypeName: t.Name, ID: d.ID,
		Updated: view.Signed{At: p.Moment(ctx, d.Updated), By: d.UpdatedBy}, Edits: edits,
	}
	for _, problem := range d.Problems {
		shown.Problems = append(shown.Problems, problemOf(t.Schema, problem))
	}
	conflicts := p.conflicts(ctx, t.Schema, d, choosers, edits)
	for _, f := range show.Top(t.Schema) {
		if c := conflicts[f.Path[0]]; c != nil {
			if c.Field == "" {
				c.Field = f.Title
			}
			c.Back = "attention"
			shown.Conflicts = append(shown.Conflicts, *c)
		}
	}
	return shown
}

// problemOf names the field where the sentence does not.
func problemOf(s *schema.Schema, problem schema.Problem) view.Problem {
	key, inside := firstKey(problem.Path)
	shown := view.Problem{Message: problemText(problem, inside)}
	if _, known := s.Field([]string{key}); known && key != "" && (inside || problem.Field == "") {
		shown.Field = show.Label(s, []string{key})
	}
	return shown
}

// refused shows a change that was refused.
func (p *pages) refused(ctx context.Context, t *collections.Type, r *collections.Refusal) view.Refused {
	value := r.Now
	if !r.There {
		value = r.Wanted
	}
	d := &collections.Document{Type: r.Type, ID: r.Doc, Value: value}
	base := "/admin/attention/refused/" + r.ID
	shown := view.Refused{
		ID: r.ID, Type: ui.TypeTitle(t), Name: ui.RecordName(ctx, t.Schema, d),
		At: p.Moment(ctx, r.At), Done: p.Moment(ctx, r.Done), Device: show.Clip(r.Device.String(), 8),
		Reason: r.Error.Message, Stuck: r.Stuck, Dismiss: base + "/dismiss",
	}
	shown.Said = tried(ctx, r, shown.Name)
	if r.There {
		shown.Href = ui.RecordPath(d)
	}
	if r.Stuck == "" {
		shown.Apply, shown.Mend = base+"/apply", mendOf(r)
	}
	for _, f := range r.Fields {
		path := []string{f.Field}
		field := view.RefusedField{Label: f.Label, Now: show.Value(ctx, t.Schema, path, r.Now[f.Field]), Tried: show.Value(ctx, t.Schema, path, r.Wanted[f.Field])}
		for _, wrote := range f.Wrote {
			field.Wrote = append(field.Wrote, show.Value(ctx, t.Schema, path, wrote))
		}
		shown.Fields = append(shown.Fields, field)
	}
	return shown
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
		return ui.SeeOther(v.Ctx, "/admin/attention", "applied")
	}
	var known *collections.Error
	if !errors.As(err, &known) || known.Code == collections.NotFound {
		return err
	}
	status, shown, other := p.Mistake(err)
	if other != nil {
		return other
	}
	return p.showAttention(v, status, id, shown.Message)
}

func (p *pages) dismissRefused(v *ui.Visit) error {
	if err := p.asks.DismissRefusal(v.UserContext(), v.Actor(), v.Params("refusal")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, "/admin/attention", "dismissed")
}
