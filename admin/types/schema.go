package types

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// schemaForm shows the draft as JSON Schema.
func (p *pages) schemaForm(v *ui.Visit) error {
	w, err := p.open(v, v.Params("type"))
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Schema(p.schemaPage(v, w)))
}

// schemaPage is a draft as it is kept, each of its faults at its line.
func (p *pages) schemaPage(v *ui.Visit, w *work) view.SchemaPage {
	ctx := v.UserContext()
	title := cmp.Or(w.draft.Title(), w.name)
	form := formPath(w.name)
	page := view.SchemaPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, title, ui.ToTypes(ctx), templates.Link{Text: title, Href: form}),
		Title: words.Say(ctx, "%s as JSON Schema", title), Action: form + "/schema", Back: templates.Link{Text: words.Say(ctx, "Back to the form"), Href: form},
		Text: string(w.draft.JSON()), From: string(w.draft.JSON()), Check: ui.TypePath(w.name) + "/draft/type.json",
	}
	if t := w.latest(); t != nil {
		page.Head = &templates.TypeHead{Name: t.Name, Tab: templates.TabForm, Designs: true, Draft: w.kept != nil}
	}
	for _, fault := range w.draft.Faults() {
		mark := view.Mark{Message: show.Sentence(ctx, fault.Message), Fix: show.Sentence(ctx, fault.Fix)}
		mark.Line, mark.Column = w.draft.Place(fault.Path)
		if f := w.draft.Field(w.draft.FieldAt(fault.Path)); f != nil {
			mark.Field, mark.Href = f.Name(), withQuery(form, "field", encoded(f.Path))
		}
		page.Marks = append(page.Marks, mark)
	}
	dress(&page)
	return page
}

func dress(page *view.SchemaPage) {
	page.Styles, page.Scripts = []string{"types.css"}, []string{"schema.js"}
	page.Lines = strings.Count(page.Text, "\n") + 1
}

// saveSchema puts the text in the place of the draft. What somebody else changed
// meanwhile, and this text did not, stays.
func (p *pages) saveSchema(v *ui.Visit) error {
	typed, err := readText(v)
	if err != nil {
		return err
	}
	name := v.Params("type")
	text, notes, failed := brought(v.UserContext(), typed.text)
	var w *work
	if failed == nil {
		o := order{do: "replace"}
		w, failed = p.change(v, name, "", func(*studio.Draft) (studio.Command, error) {
			return studio.Command{Do: "replace", From: typed.from, Value: text}, nil
		})
		if failed == nil {
			p.remember(v, w, o)
		}
	}
	if failed != nil {
		return p.schemaMistake(v, name, typed, failed)
	}
	if len(notes) == 0 && len(w.draft.Faults()) == 0 {
		return ui.SeeOther(v.Ctx, formPath(name)+"/schema", "saved")
	}
	page := p.schemaPage(v, w)
	page.Notes = notes
	return ui.Render(v.Ctx, fiber.StatusOK, view.Schema(page))
}

// schemaMistake shows the text as it was typed, with what is wrong at its line.
func (p *pages) schemaMistake(v *ui.Visit, name string, typed typedText, failed error) error {
	w, err := p.open(v, name)
	if err != nil {
		return err
	}
	page := p.schemaPage(v, w)
	page.Marks, page.Text, page.From = nil, typed.text, typed.from
	status, err := p.mark(v.UserContext(), &page, failed)
	if err != nil {
		return err
	}
	var clash *studio.Clash
	if errors.As(failed, &clash) {
		// Saving again is the decision: it is made against what stands there now.
		page.From = string(w.draft.JSON())
	}
	return ui.Render(v.Ctx, status, view.Schema(page))
}

// mark says on a page what is wrong with the text on it, and gives the answer's status.
func (p *pages) mark(ctx context.Context, page *view.SchemaPage, failed error) (int, error) {
	dress(page)
	var syntax *studio.TextError
	var clash *studio.Clash
	var refusal *studio.Refusal
	switch {
	case errors.As(failed, &syntax):
		page.Marks = []view.Mark{{Line: syntax.Line, Column: syntax.Column, Message: show.Sentence(ctx, syntax.Message)}}
		return fiber.StatusUnprocessableEntity, nil
	case errors.As(failed, &clash):
		page.Wrong = show.Sentence(ctx, clash.Says())
		return fiber.StatusConflict, nil
	case errors.As(failed, &refusal):
		page.Wrong = show.Sentence(ctx, refusal.Message)
		return fiber.StatusUnprocessableEntity, nil
	}
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return 0, err
	}
	if shown.Field == "name" && page.Name != nil {
		page.Name.Error = show.Sentence(ctx, shown.Message)
		return status, nil
	}
	page.Wrong = show.Sentence(ctx, shown.Message)
	return status, nil
}

// typedText is what the form of a text holds.
type typedText struct{ name, text, from string }

// readText reads the form; a file that was chosen takes the place of the text.
func readText(v *ui.Visit) (typedText, error) {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return typedText{}, err
	}
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	typed := typedText{strings.TrimSpace(form.Get("name")), lines.Replace(form.Get("schema")), lines.Replace(form.Get("from"))}
	if file := form.Get("file"); strings.TrimSpace(file) != "" {
		typed.text = file
	}
	return typed, nil
}

// brought reads a text that is to be a draft: one of an older JSON Schema is brought up,
// and the notes say what that changed. What is no type yet is taken too, as long as it
// is JSON.
func brought(ctx context.Context, typed string) (text string, notes []string, err error) {
	if strings.TrimSpace(typed) == "" {
		return "", nil, collections.Errorf(collections.Invalid, "schema", "There is no schema yet: paste one, or choose a file.")
	}
	if _, err := studio.Read([]byte(typed)); err != nil {
		return "", nil, err
	}
	if _, err := schema.Parse([]byte(typed)); err == nil {
		return typed, nil, nil
	}
	s, changed, err := schema.Import([]byte(typed))
	if err != nil {
		return typed, nil, nil
	}
	for _, n := range changed {
		notes = append(notes, strings.TrimSpace(n.Path+" "+show.Sentence(ctx, n.Message)))
	}
	return legible(s.JSON()), notes, nil
}

func legible(text []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, text, "", "  ") != nil {
		return string(text)
	}
	return out.String()
}

// newSchemaForm asks for the JSON Schema of a new type.
func (p *pages) newSchemaForm(v *ui.Visit) error {
	return ui.Render(v.Ctx, fiber.StatusOK, view.Schema(p.newSchemaPage(v, typedText{})))
}

func (p *pages) newSchemaPage(v *ui.Visit, typed typedText) view.SchemaPage {
	ctx := v.UserContext()
	page := view.SchemaPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "New type"), ui.ToTypes(ctx), templates.Link{Text: words.Say(ctx, "New type"), Href: "/admin/types/_new"}),
		Title: words.Say(ctx, "New type from JSON Schema"), Action: "/admin/types/_new/schema", Text: typed.text,
		Back: templates.Link{Text: words.Say(ctx, "Back"), Href: "/admin/types/_new"}, Check: "/admin/types/_new",
		Name: &templates.Input{Name: "name", Label: words.Say(ctx, "Name"), Value: typed.name, Hint: words.Say(ctx, "Small letters, digits and dashes. It cannot be changed later. Empty: made of the title.")},
	}
	dress(&page)
	return page
}

// newSchema makes the draft of a new type of a text.
func (p *pages) newSchema(v *ui.Visit) error {
	typed, err := readText(v)
	if err != nil {
		return err
	}
	text, notes, failed := brought(v.UserContext(), typed.text)
	name := typed.name
	if failed == nil {
		if d, err := studio.Read([]byte(text)); err == nil && name == "" {
			name = typeName(d.Title())
		}
		failed = p.beginAs(v, name, []byte(text))
	}
	if failed != nil {
		page := p.newSchemaPage(v, typed)
		status, err := p.mark(v.UserContext(), &page, failed)
		if err != nil {
			return err
		}
		return ui.Render(v.Ctx, status, view.Schema(page))
	}
	w, err := p.open(v, name)
	if err != nil {
		return err
	}
	if len(notes) == 0 && len(w.draft.Faults()) == 0 {
		return ui.SeeOther(v.Ctx, formPath(name), "")
	}
	page := p.schemaPage(v, w)
	page.Notes = notes
	return ui.Render(v.Ctx, fiber.StatusOK, view.Schema(page))
}

func isTaken(err error) bool {
	var known *collections.Error
	return errors.As(err, &known) && known.Code == collections.Exists
}
