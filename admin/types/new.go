package types

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/studio/starters"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// newForm shows the ways to begin a type.
func (p *pages) newForm(v *ui.Visit) error {
	return ui.Render(v.Ctx, fiber.StatusOK, view.New(p.newPage(v)))
}

func (p *pages) newPage(v *ui.Visit) view.NewPage {
	ctx := v.UserContext()
	page := view.NewPage{Frame: p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "New type"), ui.ToTypes(ctx)), Start: p.start(v)}
	page.Styles = []string{"types.css"}
	page.Start.Title.Focus = true
	return page
}

// start is the ways to begin a type.
func (p *pages) start(v *ui.Visit) view.Start {
	ctx := v.UserContext()
	s := view.Start{
		Title: templates.Input{Name: "title", Label: words.Say(ctx, "What do you keep records of?"), Hint: words.Say(ctx, "What one of them is called: Work order, Visit, Meter.")},
		Name:  templates.Input{Name: "name", Label: words.Say(ctx, "Name"), Hint: words.Say(ctx, "Small letters, digits and dashes. It cannot be changed later. Empty: made of the title.")},
		Ways: []view.WayCard{
			{Title: words.Say(ctx, "A spreadsheet or an XLSForm"), About: words.Say(ctx, "The columns become fields, and the rows records if you like."), Icon: "sheet", Href: "/admin/types/_new/import"},
			{Title: words.Say(ctx, "A JSON Schema"), About: words.Say(ctx, "Paste one or upload it, of any draft from 4 on."), Icon: "code", Href: "/admin/types/_new/schema"},
		},
	}
	for _, one := range starters.List() {
		s.Starters = append(s.Starters, starterCard(v, one))
	}
	return s
}

// fieldsShown is how many fields of a starter its card names.
const fieldsShown = 6

func starterCard(v *ui.Visit, one starters.Starter) view.StarterCard {
	ctx := v.UserContext()
	card := view.StarterCard{Name: one.Name, Title: words.Say(ctx, one.Title), About: words.Say(ctx, one.About), Icon: one.Icon}
	text, _ := starters.Schema(one.Name)
	d, err := studio.Read(text)
	if err != nil {
		return card
	}
	for i, f := range d.Fields() {
		if i == fieldsShown {
			card.More = words.Say(ctx, "and %d more", len(d.Fields())-fieldsShown)
			break
		}
		card.Fields = append(card.Fields, view.StarterField{Label: f.Name(), Icon: studio.InfoOf(f.Kind).Icon})
	}
	return card
}

// begin makes the draft of a new type, of nothing but its title or of a starter.
func (p *pages) begin(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	if starter := form.Get("starter"); starter != "" {
		return p.beginWith(v, starter)
	}
	title, name := strings.TrimSpace(form.Get("title")), strings.TrimSpace(form.Get("name"))
	page := p.newPage(v)
	page.Start.Title.Value, page.Start.Name.Value = title, name
	if title == "" {
		page.Start.Title.Error = words.Say(v.UserContext(), "Say what one record is called first.")
		return ui.Render(v.Ctx, fiber.StatusBadRequest, view.New(page))
	}
	named := name
	if named == "" {
		named = typeName(title)
	}
	if failed := p.beginAs(v, named, studio.Empty(title).JSON()); failed != nil {
		status, shown, err := p.Mistake(failed)
		if err != nil {
			return err
		}
		page.Start.Name.Error = show.Sentence(v.UserContext(), shown.Message)
		return ui.Render(v.Ctx, status, view.New(page))
	}
	return ui.SeeOther(v.Ctx, formPath(named), "")
}

// beginWith begins a type from a starter, under the first name of its that is free.
func (p *pages) beginWith(v *ui.Visit, starter string) error {
	text, ok := starters.Schema(starter)
	if !ok {
		return ui.BadForm()
	}
	const most = 50
	for n := 1; n < most; n++ {
		name := starter
		if n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		err := p.beginAs(v, name, text)
		if isTaken(err) {
			continue
		}
		if err != nil {
			return err
		}
		return ui.SeeOther(v.Ctx, formPath(name), "")
	}
	return collections.Errorf(collections.Exists, "name", "There are many types of that name already: begin one with a name of its own.")
}

// beginAs keeps the first draft of a type, where its name is free.
func (p *pages) beginAs(v *ui.Visit, name string, text []byte) error {
	_, err := p.asks.Type(v.UserContext(), v.Actor(), name, 0)
	if err == nil {
		return collections.Errorf(collections.Exists, "name", "There is a type %s already: edit that one, or choose another name.", name)
	}
	if !ui.IsNotFound(err) {
		return err
	}
	_, err = p.asks.Draft(v.UserContext(), v.Actor(), name)
	if err == nil {
		return collections.Errorf(collections.Exists, "name", "There is a draft of %s already: open that one, or choose another name.", name)
	}
	if !ui.IsNotFound(err) {
		return err
	}
	_, err = p.asks.SaveDraft(v.UserContext(), v.Actor(), collections.Draft{Name: name, Schema: text})
	return err
}

// maxName leaves room for a number behind it.
const maxName = 50

// typeName makes a type's name of its title: Work order gives work-order. What has no
// letter from a to z gives "".
func typeName(title string) string {
	var name strings.Builder
	dash := false
	for _, r := range norm.NFKD.String(strings.ReplaceAll(strings.ToLower(title), "ß", "ss")) {
		switch {
		case name.Len() >= maxName:
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && name.Len() > 0:
			if dash && name.Len() > 0 {
				name.WriteByte('-')
			}
			dash = false
			name.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			dash = true
		}
	}
	return name.String()
}
