package records

import (
	"context"
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
	attentionEach  = 10  // records of each type, where all are shown
	attentionOne   = 50  // records of the one type that is asked for
	attentionCount = 100 // as far as is counted for the navigation, in each type
)

func (p *pages) attentionRoutes() []web.Route {
	return []web.Route{
		p.Get("/admin/attention", web.Editors, p.attention),
		p.Post("/admin/attention/refused/:refusal/apply", web.Editors, p.applyRefused),
		p.Post("/admin/attention/refused/:refusal/dismiss", web.Editors, p.dismissRefused),
	}
}

// What a form says that leads back to what needs attention when it is done.
const (
	backToAll  = "attention"
	backToType = "attention-type" // of the record's type alone
)

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

// attentionAt is the page about one type, "" for all.
func attentionAt(typ string) string {
	if typ == "" {
		return "/admin/attention"
	}
	return "/admin/attention?type=" + url.QueryEscape(typ)
}

// showAttention is attention, with what was wrong with applying one of the refused.
func (p *pages) showAttention(v *ui.Visit, status int, failed, wrong string) error {
	ctx, only := v.UserContext(), v.Query("type")
	types, err := p.asks.Types(ctx, v.Actor())
	if err != nil {
		return err
	}
	page := view.AttentionPage{
		User: v.Actor().Name, At: attentionAt(only),
		Types: []templates.Tab{{Text: words.Say(ctx, "All types"), Href: attentionAt(""), Current: only == ""}},
	}
	var way []templates.Link
	for _, t := range types {
		if waiting(ctx, p.asks, v.Actor(), t.Name) > 0 || t.Name == only {
			page.Types = append(page.Types, templates.Tab{Text: ui.TypeTitle(t), Href: attentionAt(t.Name), Current: t.Name == only})
		}
		if t.Name == only {
			way = []templates.Link{ui.ToTypes(ctx), ui.ToRecords(t)}
		}
		if only == "" || t.Name == only {
			if err := p.toMend(v, &page, t, only != ""); err != nil {
				return err
			}
		}
	}
	page.Frame = styled(p.Frame(v.Ctx, templates.SectionAttention, words.Say(ctx, "Needs attention"), way...), "attention.js")
	if err := p.addRefused(v, &page, types, only, failed, wrong); err != nil {
		return err
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
		page.Records = append(page.Records, p.mending(ctx, t, d, choosers, grant.Edit.Op != "false", alone))
	}
	switch table := ui.TypePath(t.Name) + "/records?state=" + stateAttention; {
	case alone && len(list.Documents) > 0:
		page.More = append(page.More, templates.Link{Text: words.Say(ctx, "All in a table, where many are edited at once"), Href: table})
	case list.Next != "":
		page.More = append(page.More, templates.Link{Text: words.Say(ctx, "All of %s that need attention", ui.TypeTitle(t)), Href: attentionAt(t.Name)})
	}
	return nil
}

// mending shows what is wrong with a record; alone says that the page is about its type
// alone.
func (p *pages) mending(ctx context.Context, t *collections.Type, d *collections.Document, choosers map[string]collections.Chooser, edits, alone bool) view.ToMend {
	shown := view.ToMend{
		Name: ui.RecordName(ctx, t.Schema, d), Href: ui.RecordPath(d), Type: ui.TypeTitle(t), TypeName: t.Name, ID: d.ID,
		Updated: view.Signed{At: p.Moment(ctx, d.Updated), By: d.UpdatedBy}, Edits: edits,
	}
	for _, problem := range d.Problems {
		shown.Problems = append(shown.Problems, problemOf(ctx, t.Schema, problem))
	}
	conflicts := p.conflicts(ctx, t.Schema, d, choosers, edits)
	for _, f := range show.Top(t.Schema) {
		if c := conflicts[f.Path[0]]; c != nil {
			if c.Field == "" {
				c.Field = f.Title
			}
			c.Back = backToAll
			if alone {
				c.Back = backToType
			}
			shown.Conflicts = append(shown.Conflicts, *c)
		}
	}
	return shown
}

// problemOf names the field where the sentence does not.
func problemOf(ctx context.Context, s *schema.Schema, problem schema.Problem) view.Problem {
	key, inside := firstKey(problem.Path)
	shown := view.Problem{Message: problemText(ctx, problem, inside)}
	if _, known := s.Field([]string{key}); known && key != "" && (inside || problem.Field == "") {
		shown.Field = show.Label(s, []string{key})
	}
	return shown
}
