package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// typedDraft is what the form of a draft holds.
type typedDraft struct {
	name string // of a new type
	text string
	rev  uint64 // of the draft that was edited
}

// readTyped reads the form; a file that was chosen takes the place of the text.
func readTyped(c *fiber.Ctx) (typedDraft, error) {
	form, err := ui.ReadForm(c)
	if err != nil {
		return typedDraft{}, err
	}
	rev, err := strconv.ParseUint(form.Get("rev"), 10, 64)
	if err != nil {
		return typedDraft{}, ui.BadForm()
	}
	typed := typedDraft{name: strings.TrimSpace(form.Get("name")), text: form.Get("schema"), rev: rev}
	if file := form.Get("file"); strings.TrimSpace(file) != "" {
		typed.text = file
	}
	return typed, nil
}

// keepDraft saves what was typed. What is no type yet is kept too, as long as it is
// JSON; a schema of an older draft is brought up first, and the notes say what that
// changed.
func (p *pages) keepDraft(v *ui.Visit, name string, typed typedDraft) (*collections.Draft, []schema.Note, error) {
	text := []byte(typed.text)
	if err := checkJSON(text); err != nil {
		return nil, nil, err
	}
	var notes []schema.Note
	if _, err := schema.Parse(text); err != nil {
		if s, changed, err := schema.Import(text); err == nil {
			text, notes = s.JSON(), changed
		}
	}
	d, err := p.Types.SaveDraft(v.UserContext(), v.Who.Actor, collections.Draft{Name: name, Rev: typed.rev, Schema: text})
	return d, notes, err
}

// checkJSON says where a text stops being JSON, in lines as an editor counts them.
func checkJSON(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return collections.Errorf(collections.Invalid, "schema", "There is no schema yet: paste one, or choose a file.")
	}
	var v any
	err := json.Unmarshal(text, &v)
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return nil
	}
	before := text[:min(int(syntax.Offset), len(text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:])))
	return collections.Errorf(collections.Invalid, "schema", "Line %d, column %d: this is not JSON from here on: %s.", line, max(column, 1), reason(syntax))
}

// reason is what encoding/json found, without its own opening.
func reason(e *json.SyntaxError) string {
	return strings.TrimPrefix(fmt.Sprint(e), "json: ")
}
