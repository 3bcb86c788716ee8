package admin

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

//go:embed example.json
var exampleSchema string

func (p *pages) newTypePage(v *ui.Visit) templates.DraftPage {
	return templates.DraftPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, "New type", ui.ToTypes(v.UserContext())), Heading: "New type", New: true,
		Action: "/admin/types/_new", Rev: "0", ExampleURL: "/admin/types/_new?example=work-order",
		Name: templates.Input{Name: "name", Label: "Name", Hint: "Programs use it, in addresses too: small letters, digits and dashes. Empty: made from the schema's title. It cannot be changed later."},
		Schema: templates.Input{Name: "schema", Label: "JSON Schema",
			Hint: "An object with properties. Each property is a field; its title is the label that people read."},
	}
}

func (p *pages) newTypeForm(v *ui.Visit) error {
	page := p.newTypePage(v)
	if v.Query("example") == "work-order" {
		page.Name.Value, page.Schema.Value, page.ExampleURL = "work-order", exampleSchema, ""
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Draft(page))
}

func (p *pages) newType(v *ui.Visit) error {
	typed, err := readTyped(v.Ctx)
	if err != nil {
		return err
	}
	name := typed.name
	if name == "" {
		name = nameFromTitle(typed.text)
	}
	var d *collections.Draft
	var notes []schema.Note
	failed := p.checkNew(v, name)
	if failed == nil {
		d, notes, failed = p.keepDraft(v, name, typed)
	}
	if failed == nil {
		return p.showKept(v, d, notes)
	}
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	page := p.newTypePage(v)
	page.Name.Value, page.Schema.Value, page.Rev = typed.name, typed.text, strconv.FormatUint(typed.rev, 10)
	putMistake(&page, shown)
	return ui.Render(v.Ctx, status, templates.Draft(page))
}

// checkNew refuses a name that is in use, before a text is saved over another's draft.
func (p *pages) checkNew(v *ui.Visit, name string) error {
	latest, err := p.latest(v, name)
	if err != nil {
		return err
	}
	if latest != nil {
		return collections.Errorf(collections.Invalid, "name", "There is a type %s already: edit that one, or choose another name.", name)
	}
	_, err = p.Types.Draft(v.UserContext(), v.Who.Actor, name)
	if ui.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return collections.Errorf(collections.Invalid, "name", "There is a draft of %s already: open that one, or choose another name.", name)
}

// nameFromTitle makes a type's name of a schema's title: Work order gives work-order.
// A text without a title gives "".
func nameFromTitle(text string) string {
	var s struct {
		Title string `json:"title"`
	}
	if json.Unmarshal([]byte(text), &s) != nil {
		return ""
	}
	var name strings.Builder
	dash := false
	for _, r := range norm.NFKD.String(strings.ToLower(s.Title)) {
		switch {
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
	return fmt.Sprintf("%.60s", name.String())
}
