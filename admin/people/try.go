package people

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/words"
)

// triedRecords is how many records the list looks at.
const triedRecords = 50

// tried is what the address of the page asks.
type tried struct {
	as     string // "role:worker", "person:ID"
	name   string // who "me" is, where a role is tried
	search string
	record string
}

// path is the address that asks it.
func (q tried) path(typ string) string {
	values := url.Values{"as": {q.as}}
	for name, value := range map[string]string{"name": q.name, "search": q.search, "record": q.record} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return ui.TypePath(typ) + "/rules/try?" + values.Encode()
}

// try shows what somebody may do, and why.
func (p *pages) try(v *ui.Visit) error {
	ctx := v.UserContext()
	t, err := p.Engine.Type(ctx, v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	q := tried{as: cmp.Or(v.Query("as"), "role:"+cmp.Or(v.Query("role"), string(collections.Worker))), name: v.Query("name"), search: v.Query("search"), record: v.Query("record")}
	page, err := p.tryPage(v, t, q)
	if err != nil {
		return err
	}
	as, who, err := p.tryAs(v, q)
	if err == nil {
		err = p.fillTry(v, t, q, as, &page)
	}
	if err != nil {
		status, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		page.Wrong = show.Sentence(ctx, shown.Message)
		return ui.Render(v.Ctx, status, view.Try(page))
	}
	page.Person = who
	return ui.Render(v.Ctx, fiber.StatusOK, view.Try(page))
}

// tryPage is the page with its form and nothing found.
func (p *pages) tryPage(v *ui.Visit, t *collections.Type, q tried) (view.TryPage, error) {
	ctx := v.UserContext()
	head, err := p.TypeHead(v, p.Engine, t, templates.TabRules)
	if err != nil {
		return view.TryPage{}, err
	}
	who, err := p.tryWho(v, q.as)
	if err != nil {
		return view.TryPage{}, err
	}
	page := view.TryPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "Try the rules of %s", head.Title), ui.ToTypes(ctx), templates.Link{Text: words.Say(ctx, "Rules of %s", head.Title), Href: ui.TypePath(t.Name) + "/rules"}),
		Head:  head, Action: ui.TypePath(t.Name) + "/rules/try", Who: who,
		As:     templates.Input{Name: "as", Label: words.Say(ctx, "As whom")},
		Search: templates.Input{Name: "search", Label: words.Say(ctx, "Records with the words"), Value: q.search},
	}
	if strings.HasPrefix(q.as, "role:") {
		page.Name = &templates.Input{Name: "name", Label: words.Say(ctx, "Whose name is"), Hint: words.Say(ctx, "The sign-in name that “me” stands for in the rules."), Value: q.name}
	}
	page.Styles = []string{"people.css"}
	return page, nil
}

// tryWho lists whom the rules can be tried as: the roles, and for an owner the people.
func (p *pages) tryWho(v *ui.Visit, chosen string) ([]templates.Choice, error) {
	ctx := v.UserContext()
	list := []templates.Choice{
		{Value: "role:" + string(collections.Worker), Label: words.Say(ctx, "a worker")},
		{Value: "role:" + string(collections.Editor), Label: words.Say(ctx, "an editor")},
	}
	if v.Actor().Role == collections.Owner {
		accounts, err := p.Accounts.Accounts(ctx, v.Actor())
		if err != nil {
			return nil, err
		}
		for _, a := range accounts {
			list = append(list, templates.Choice{Value: "person:" + a.ID, Label: a.Name + " (" + ui.RoleName(ctx, a.Role) + ")"})
		}
	}
	for i := range list {
		list[i].Chosen = list[i].Value == chosen
	}
	return list, nil
}

// tryAs gives who it is about, for the engine and in words.
func (p *pages) tryAs(v *ui.Visit, q tried) (collections.Actor, string, error) {
	ctx := v.UserContext()
	if id, is := strings.CutPrefix(q.as, "person:"); is {
		a, err := p.Accounts.Account(ctx, v.Actor(), id)
		if err != nil {
			return collections.Actor{}, "", err
		}
		return collections.Actor{User: a.ID, Name: a.Name, Role: a.Role}, a.Name, nil
	}
	as := collections.Actor{Name: q.name, Role: collections.Role(strings.TrimPrefix(q.as, "role:"))}
	who := words.Say(ctx, "A worker")
	if as.Role == collections.Editor {
		who = words.Say(ctx, "An editor")
	}
	if q.name != "" {
		who = q.name
	}
	return as, who, nil
}

// fillTry asks the engine.
func (p *pages) fillTry(v *ui.Visit, t *collections.Type, q tried, as collections.Actor, page *view.TryPage) error {
	ctx := v.UserContext()
	x, err := p.Engine.Explain(ctx, v.Actor(), as, t.Name, q.record)
	if err != nil {
		return err
	}
	e := explaining{ctx, t}
	page.Unknown = !x.Knows
	page.Verdicts = []view.Verdict{
		e.verdict(words.Say(ctx, "See"), x.See), e.verdict(words.Say(ctx, "Create"), x.Create),
		e.verdict(words.Say(ctx, "Edit"), x.Edit), e.verdict(words.Say(ctx, "Delete"), x.Delete),
	}
	if q.record != "" {
		d, err := p.Engine.Get(ctx, v.Actor(), t.Name, q.record)
		if err != nil {
			return err
		}
		back := q
		back.record = ""
		page.Record = &view.TriedRecord{Name: ui.RecordName(ctx, t.Schema, d), Href: ui.RecordPath(d), Back: back.path(t.Name), Deleted: d.Deleted}
		page.Fields = e.fields(x, d.Value)
		return nil
	}
	page.Fields = e.fields(x, nil)
	return p.fillTried(v, t, q, as, page)
}

// fillTried shows the first records, and which of them somebody sees.
func (p *pages) fillTried(v *ui.Visit, t *collections.Type, q tried, as collections.Actor, page *view.TryPage) error {
	ctx := v.UserContext()
	look, err := p.Engine.ExplainList(ctx, v.Actor(), as, t.Name, collections.ListRequest{Search: q.search, Sort: []collections.Sort{{Field: []string{"_updated"}, Desc: true}}, State: collections.Any, Limit: triedRecords})
	if err != nil {
		return err
	}
	e := explaining{ctx, t}
	page.More = look.More
	switch {
	case look.Looked == 0:
		page.Count = words.Say(ctx, "There are no such records.")
	case look.More:
		page.Count = words.Say(ctx, "They see %d of the %d records that were changed last.", look.Found, look.Looked)
	default:
		page.Count = words.Say(ctx, "They see %d of all %d.", look.Found, look.Looked)
	}
	for _, r := range look.Records {
		one := q
		one.record = r.Document.ID
		row := view.TriedRow{Name: ui.RecordName(ctx, t.Schema, r.Document), Href: one.path(t.Name), Sees: r.See.Answer == collections.Yes}
		row.Said = e.answer(r.See.Answer)
		row.Why = e.shortly(r.See)
		page.Rows = append(page.Rows, row)
	}
	return nil
}

// explaining puts an explanation into words.
type explaining struct {
	ctx context.Context
	typ *collections.Type
}

func (e explaining) answer(a collections.Answer) string {
	switch a {
	case collections.Yes:
		return words.Say(e.ctx, "Yes")
	case collections.No:
		return words.Say(e.ctx, "No")
	}
	return words.Say(e.ctx, "It depends")
}

func (e explaining) verdict(title string, v collections.Verdict) view.Verdict {
	shown := view.Verdict{Title: title, Answer: string(v.Answer), Said: e.answer(v.Answer), Why: e.why(v)}
	if v.Told != nil && v.Told.Op != "true" && v.Told.Op != "false" {
		shown.Told = e.told(v.Told)
	}
	return shown
}

// why says the reason of a verdict.
func (e explaining) why(v collections.Verdict) string {
	switch v.Reason {
	case collections.ByRole:
		return words.Say(e.ctx, "This role may do nothing here.")
	case collections.ByScopes:
		return words.Say(e.ctx, "The token was made for less.")
	case collections.ByDesign:
		return words.Say(e.ctx, "Owners and designers may do everything: no rule binds them.")
	case collections.ByDefault:
		return words.Say(e.ctx, "No rule is set for this, so all is allowed.")
	case collections.ByTrash:
		return words.Say(e.ctx, "The record is in the trash.")
	case collections.ByUnseen:
		return words.Say(e.ctx, "They do not see it, so they can do nothing to it.")
	case collections.ByUnknown:
		return words.Say(e.ctx, "They can neither see nor create any: the type is not there for them.")
	}
	switch v.Rule.Op {
	case "false":
		return words.Say(e.ctx, "The rules allow none.")
	case "true":
		return words.Say(e.ctx, "The rules allow all.")
	}
	return words.Say(e.ctx, "Only where %s.", show.Sentence(e.ctx, v.Sentence))
}

// shortly says why a record is seen or not, by the parts of the rule that decided.
func (e explaining) shortly(v collections.Verdict) string {
	if v.Told == nil || v.Told.Op == "true" || v.Told.Op == "false" {
		return e.why(v)
	}
	var parts []string
	for _, part := range v.Told.Because() {
		text := show.Sentence(e.ctx, part.Sentence)
		if len(part.Field) > 0 && !part.Holds {
			text = words.Say(e.ctx, "%s: it is %s", text, e.met(part.Met, part.Field).Text)
		}
		if !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	text := strings.Join(parts, "; ")
	if v.Answer == collections.No {
		return words.Say(e.ctx, "Asked is: %s", text)
	}
	return text
}

// met shows what a field held; one that was empty says so.
func (e explaining) met(v any, field []string) templates.Value {
	shown := show.Value(e.ctx, e.typ.Schema, field, v)
	if shown.Kind == templates.ValueEmpty || shown.Text == "" {
		shown = templates.Value{Kind: templates.ValueLine, Text: words.Say(e.ctx, "empty")}
	}
	return shown
}

func (e explaining) told(t *schema.Told) *view.Told {
	shown := &view.Told{Holds: t.Holds, Text: show.Sentence(e.ctx, t.Sentence), Said: words.Say(e.ctx, "does not hold")}
	if t.Holds {
		shown.Said = words.Say(e.ctx, "holds")
	}
	if len(t.Field) > 0 {
		shown.Field, shown.Met = true, e.met(t.Met, t.Field)
	}
	for _, part := range t.Parts {
		shown.Parts = append(shown.Parts, e.told(part))
	}
	if len(t.Parts) > 0 {
		shown.Text = joinWords(e.ctx, t.Op)
	}
	return shown
}

// joinWords names a group of conditions as the editor does.
func joinWords(ctx context.Context, op string) string {
	switch op {
	case "all":
		return words.Say(ctx, "all of these hold")
	case "any":
		return words.Say(ctx, "at least one of these holds")
	}
	return words.Say(ctx, "none of these holds")
}

// fields shows a record's fields and which of them are shut; without a record only those.
func (e explaining) fields(x *collections.Explanation, value map[string]any) []view.FieldState {
	var list []view.FieldState
	for _, f := range x.Fields {
		shown := view.FieldState{Label: f.Title, State: "open"}
		switch {
		case f.Hidden:
			shown.State, shown.Said = "hidden", words.Say(e.ctx, "hidden")
		case f.ReadOnly:
			shown.State, shown.Said = "locked", words.Say(e.ctx, "read only")
		}
		if value == nil && shown.State == "open" {
			continue
		}
		if value != nil {
			v := show.Value(e.ctx, e.typ.Schema, []string{f.Key}, value[f.Key])
			shown.Value = &v
		}
		list = append(list, shown)
	}
	return list
}
