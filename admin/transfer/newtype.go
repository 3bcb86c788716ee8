package transfer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/studio/xlsform"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/transfer"
	"github.com/fieldstack/fieldstack/templates/words"
)

// newTypePath is where a file becomes a type.
const newTypePath = "/admin/types/_new/import"

// guessRows is how many rows of a table its type is guessed from.
const guessRows = 20_000

// drafted is what a file was read as.
type drafted struct {
	title string
	text  []byte // JSON Schema
	notes []note
	table *outline // whose rows can become records of the type; nil where there are none
}

// note is one thing to know about how a file was read: about what, and a sentence.
type note struct{ about, text schema.Sentence }

func (p *pages) newTypeForm(v *ui.Visit) error {
	return ui.Render(v.Ctx, fiber.StatusOK, views.NewType(p.newTypePage(v)))
}

func (p *pages) newTypePage(v *ui.Visit) views.NewTypePage {
	ctx := v.UserContext()
	f := p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "A type from a file"), ui.ToTypes(ctx))
	f.Styles, f.Scripts = []string{"transfer.css"}, []string{"transfer.js"}
	return views.NewTypePage{
		Frame: f, Action: newTypePath, Back: "/admin/types/_new",
		File: fileInput(ctx, words.Say(ctx, "A table as CSV, Excel or JSON; or an XLSForm; or a JSON Schema. At most %d MiB.", p.files.most>>20)), Most: p.files.most,
		Title: templates.Input{Name: "title", Label: words.Say(ctx, "What a record is called"), Hint: words.Say(ctx, "For example “Work order”. Empty: made from the file.")},
	}
}

// makeType makes a draft of an uploaded file.
func (p *pages) makeType(v *ui.Visit) error {
	f, typed, failed := p.draftFile(v)
	if failed != nil {
		status, shown, err := p.Mistake(failed)
		if err != nil {
			return err
		}
		page := p.newTypePage(v)
		page.Title.Value = typed
		if shown.Field == "title" || shown.Field == "name" {
			page.Title.Error = show.Sentence(v.UserContext(), shown.Message)
		} else {
			page.File.Error = show.Sentence(v.UserContext(), shown.Message)
		}
		return ui.Render(v.Ctx, status, views.NewType(page))
	}
	return v.Redirect(newTypePath+"/"+f.id, fiber.StatusSeeOther)
}

// draftFile reads a file, keeps it for its rows, and saves the draft that it gives.
func (p *pages) draftFile(v *ui.Visit) (f *file, typed string, err error) {
	f, form, err := p.receive(v)
	if err != nil {
		return nil, "", err
	}
	typed = strings.TrimSpace(form.Get("title"))
	if err = p.draftOf(v, f, typed); err == nil {
		err = p.files.add(f)
	}
	if err != nil {
		_ = os.Remove(f.path)
		return nil, typed, fileError(err)
	}
	return f, typed, nil
}

// draftOf saves the draft that a file gives.
func (p *pages) draftOf(v *ui.Visit, f *file, typed string) error {
	d, err := f.draft(typed)
	if err != nil {
		return err
	}
	if f.typ, err = p.freeName(v, d.title); err != nil {
		return err
	}
	if _, err := p.Engine.SaveDraft(v.UserContext(), v.Actor(), collections.Draft{Name: f.typ, Schema: d.text}); err != nil {
		return err
	}
	if f.notes = d.notes; d.table != nil {
		f.table = *d.table
	}
	return nil
}

// schemaBytes is how large a JSON Schema may be. A larger file is a table.
const schemaBytes = 4 << 20

// draft reads a file as whatever it is. title is what somebody called it, or "".
func (f *file) draft(title string) (*drafted, error) {
	if f.size <= schemaBytes {
		text, err := os.ReadFile(f.path)
		if err != nil {
			return nil, fmt.Errorf("transfer: read an uploaded file: %w", err)
		}
		if isSchema(text) {
			return draftSchema(text, title, f.baseName())
		}
	}
	book, err := f.open()
	if err != nil {
		return nil, err
	}
	defer book.Close()
	if xlsform.Is(book.Book) {
		return draftForm(book.Book, title)
	}
	return f.draftTable(title)
}

// draftForm reads an XLSForm, each note with its sheet and row.
func draftForm(book *sheets.Book, title string) (*drafted, error) {
	form, err := xlsform.Read(book)
	var none *xlsform.Error
	if errors.As(err, &none) {
		return nil, collections.Refuse(collections.Invalid, "file", none.Says())
	}
	if err != nil {
		return nil, err
	}
	d := &drafted{title: firstOf(title, form.Title), text: form.Schema}
	for _, n := range form.Notes {
		place := schema.Verbatim(n.Sheet)
		if n.Row > 0 {
			place = schema.Says("%s, row %d", n.Sheet, n.Row)
		}
		d.notes = append(d.notes, note{place, n.Message})
	}
	if title == "" {
		return d, nil
	}
	return d.titled()
}

// isSchema tells a JSON Schema from a list of records.
func isSchema(text []byte) bool {
	var doc struct {
		Schema     any `json:"$schema"`
		Properties map[string]json.RawMessage
		Type       any
	}
	if json.Unmarshal(text, &doc) != nil {
		return false
	}
	return doc.Schema != nil || doc.Properties != nil && doc.Type != nil
}

func draftSchema(text []byte, title, base string) (*drafted, error) {
	s, notes, err := schema.Import(text)
	if err != nil {
		var why []string
		for _, e := range schema.Errors(err) {
			why = append(why, e.Error())
		}
		if len(why) == 0 {
			return nil, collections.Refuse(collections.Invalid, "file", schema.OfError(err))
		}
		return nil, collections.Errorf(collections.Invalid, "file", "This JSON Schema is no type yet. %s", strings.Join(why[:min(len(why), 5)], " "))
	}
	d := &drafted{title: firstOf(title, s.Title(), base), text: s.JSON()}
	for _, n := range notes {
		d.notes = append(d.notes, note{schema.Verbatim(n.Path), n.Message})
	}
	return d.titled()
}

// draftTable guesses a type from the rows of a table.
func (f *file) draftTable(title string) (*drafted, error) {
	o, err := f.outline("")
	if err != nil {
		return nil, err
	}
	book, err := f.open()
	if err != nil {
		return nil, err
	}
	defer book.Close()
	table, err := book.Table(o.sheet)
	if err != nil {
		return nil, err
	}
	defer table.Close()
	columns, records, err := sample(table, book.Format == sheets.JSON)
	if err != nil {
		return nil, err
	}
	d := &drafted{title: firstOf(title, f.baseName())}
	var notes []schema.Note
	if d.text, notes, err = schema.Infer(d.title, columns, records); err != nil {
		return nil, collections.Errorf(collections.Invalid, "file", "No type can be made of this table. %s", err)
	}
	for _, n := range notes {
		name, why, _ := strings.Cut(n.Message.String(), ": ")
		d.notes = append(d.notes, note{schema.Verbatim(name), schema.Verbatim(why)})
	}
	if o.rows > 0 {
		d.table = &o
	}
	return d, nil
}

// sample gives the columns of a table and the rows to guess from. What an export says
// beside the fields is left out.
func sample(table *sheets.Table, plain bool) (columns []string, records []map[string]any, err error) {
	for _, name := range table.Columns {
		if !strings.HasPrefix(name, "_") {
			columns = append(columns, name)
		}
	}
	for len(records) < guessRows {
		row, err := table.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		record := map[string]any{}
		for i, name := range table.Columns {
			switch cell := row.Cells[i]; {
			case strings.HasPrefix(name, "_") || cell.Kind == sheets.Empty:
			case plain:
				record[name] = cell.Value()
			default:
				record[name] = cell.Text
			}
		}
		records = append(records, record)
	}
	return columns, records, nil
}

// baseName is a file's name without its ending, as a title.
func (f *file) baseName() string {
	name := strings.TrimSuffix(f.name, path.Ext(f.name))
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || unicode.IsSpace(r) })
	name = strings.Join(words, " ")
	for i, r := range name {
		return string(unicode.ToUpper(r)) + name[i+len(string(r)):]
	}
	return ""
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return "Record"
}

// titled writes the title into the schema.
func (d *drafted) titled() (*drafted, error) {
	draft, err := studio.Read(d.text)
	if err != nil {
		return nil, err
	}
	if draft.Title() == d.title {
		return d, nil
	}
	var from any
	if before := draft.Title(); before != "" {
		from = before
	}
	draft, err = draft.Do(studio.Command{Do: "set-title", Value: d.title, From: from})
	if err != nil {
		return nil, fmt.Errorf("transfer: name the type: %w", err)
	}
	d.text = draft.JSON()
	return d, nil
}

// nameLength leaves room for a number that tells two types of one title apart.
const nameLength = 48

// freeName makes the name of a new type from its title: Work order gives work-order, or
// work-order-2 where there is one.
func (p *pages) freeName(v *ui.Visit, title string) (string, error) {
	base := nameOf(title)
	for n := 1; n < 100; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		_, err := p.Engine.Type(v.UserContext(), v.Actor(), name, 0)
		if ui.IsNotFound(err) {
			_, err = p.Engine.Draft(v.UserContext(), v.Actor(), name)
		}
		if ui.IsNotFound(err) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", collections.Errorf(collections.Invalid, "title", "There are many types called %s already: choose another title.", base)
}

func nameOf(title string) string {
	var name strings.Builder
	dash := false
	for _, r := range norm.NFKD.String(strings.ToLower(title)) {
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
		if name.Len() >= nameLength {
			break
		}
	}
	return firstName(name.String())
}

func firstName(name string) string {
	if name == "" {
		return "record"
	}
	return name
}

// showDraft says what a file was read as, and what to do next.
func (p *pages) showDraft(v *ui.Visit) error {
	ctx := v.UserContext()
	f, err := p.files.find(v.Actor().User, "", v.Params("job"))
	if err != nil {
		return err
	}
	frame := p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "A type from a file"), ui.ToTypes(ctx))
	frame.Styles, frame.Scripts = []string{"transfer.css"}, []string{"transfer.js"}
	now := f.look()
	page := views.DraftedPage{Frame: frame, File: f.name, Name: f.typ, Draft: ui.TypePath(f.typ) + "/form"}
	for _, n := range f.notes {
		page.Notes = append(page.Notes, views.Note{About: show.Sentence(ctx, n.about), Text: show.Sentence(ctx, n.text)})
	}
	if now.table.rows > 0 {
		page.Rows, page.Import = words.Say(ctx, "%d rows", now.table.rows), importPath(f.typ, f.id)
		if _, err := p.Engine.Type(ctx, v.Actor(), f.typ, 0); err == nil {
			page.Published = true
		}
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Drafted(page))
}
