package transfer

import (
	"context"
	"io"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/sheets"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/transfer"
	"github.com/fieldstack/fieldstack/templates/words"
)

// exportPage is how many records are read at once.
const exportPage = 500

// exportForm asks for the format, and whether the records are those of the list or all.
func (p *pages) exportForm(v *ui.Visit) error {
	ctx := v.UserContext()
	t, err := p.Engine.Type(ctx, v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	from, err := readListed(v)
	if err != nil {
		return err
	}
	page := views.ExportPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "Export"), ui.ToTypes(ctx), ui.ToRecords(t)),
		Title: ui.TypeTitle(t), Action: recordsPath(t.Name) + "/export/file", Back: backTo(t, from.query), Form: ui.TypePath(t.Name) + "/form.xlsx",
		Format: templates.Input{Name: "format", Label: words.Say(ctx, "As")},
		Formats: []templates.Choice{
			{Value: "xlsx", Label: words.Say(ctx, "Excel (XLSX)"), Hint: words.Say(ctx, "Numbers and dates are what they are. Times are in UTC."), Chosen: true},
			{Value: "csv", Label: "CSV", Hint: words.Say(ctx, "For any spreadsheet. A text that one would run as a formula gets an apostrophe before it, which importing takes away again.")},
			{Value: "json", Label: "JSON", Hint: words.Say(ctx, "For programs: the values as they are, by the fields' keys.")},
		},
		With: templates.Input{Name: "with", Label: words.Say(ctx, "And beside the fields")},
		Withs: []templates.Choice{
			{Value: "id", Label: words.Say(ctx, "The records' ids"), Hint: words.Say(ctx, "With them, an import finds the same records again."), Chosen: true},
			{Value: "when", Label: words.Say(ctx, "When and by whom each was made and changed")},
		},
	}
	if from.narrowed() {
		page.Which = templates.Input{Name: "which", Label: words.Say(ctx, "Which records")}
		page.Whiches = []templates.Choice{
			{Value: "listed", Label: words.Say(ctx, "Those of the list you came from"), Hint: words.Say(ctx, "With its search and its filter, in its order."), Chosen: true},
			{Value: "all", Label: words.Say(ctx, "All that are in use")},
		}
	}
	for _, key := range listKeys {
		for _, value := range from.query[key] {
			page.Keep = append(page.Keep, templates.Hidden{Name: key, Value: value})
		}
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Export(page))
}

func recordsPath(typ string) string { return ui.TypePath(typ) + "/records" }

// backTo leads to the list as it was.
func backTo(t *collections.Type, query url.Values) string {
	if len(query) == 0 {
		return recordsPath(t.Name)
	}
	return recordsPath(t.Name) + "?" + query.Encode()
}

// exporter writes records to one file.
type exporter struct {
	engine  Engine
	actor   collections.Actor
	typ     string
	request collections.ListRequest
	format  sheets.Format
	ids     bool
	when    bool
	columns []column
}

// export answers with the file.
func (p *pages) export(v *ui.Visit) error {
	ctx := v.UserContext()
	t, err := p.Engine.Type(ctx, v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	from, err := readListed(v)
	if err != nil {
		return err
	}
	if v.Query("which") == "all" {
		from.request = collections.ListRequest{}
	}
	asked, _ := url.ParseQuery(string(v.Request().URI().QueryString()))
	e := &exporter{
		engine: p.Engine, actor: v.Actor(), typ: t.Name, request: from.request, format: sheets.Format(v.Query("format")),
		ids: slices.Contains(asked["with"], "id"), when: slices.Contains(asked["with"], "when"),
	}
	if e.format.ContentType() == "" {
		return collections.Errorf(collections.Invalid, "format", "There is no such format: choose CSV, XLSX or JSON.")
	}
	// What is wrong with the question is answered before the file begins.
	first := e.request
	first.Limit = 1
	if _, err := p.Engine.List(ctx, v.Actor(), t.Name, first); err != nil {
		return err
	}
	versions, err := p.Engine.Versions(ctx, v.Actor(), t.Name)
	if err != nil {
		return err
	}
	now := p.Now().UTC()
	if v.Method() == fiber.MethodGet { // and not only asked about
		p.trail.Note(ctx, v.Actor(), auth.AuditEntry{Area: auth.AreaRecords, Did: "exported records", About: t.Name, Detail: string(e.format) + " " + from.query.Encode()})
	}
	name := t.Name + "-" + now.Format(time.DateOnly) + "." + string(e.format)
	return web.Download(v.Ctx, name, e.format.ContentType(), func(ctx context.Context, out io.Writer) error {
		return e.run(ctx, versions, out)
	})
}

// run writes the file.
func (e *exporter) run(ctx context.Context, versions []*collections.Type, out io.Writer) error {
	var held map[string]bool
	if mayHoldMore(versions) {
		var err error
		if held, err = heldKeys(ctx, e.each); err != nil {
			return err
		}
	}
	e.columns = columnsOf(versions, held)
	w, err := sheets.NewWriter(out, e.format, e.names())
	if err != nil {
		return err
	}
	err = e.each(ctx, func(d *collections.Document) error { return w.Write(e.row(d)) })
	if err != nil {
		return err
	}
	return w.Close()
}

// each calls do for every record, in order.
func (e *exporter) each(ctx context.Context, do func(*collections.Document) error) error {
	r := e.request
	r.Limit = exportPage
	for {
		page, err := e.engine.List(ctx, e.actor, e.typ, r)
		if err != nil {
			return err
		}
		for _, d := range page.Documents {
			if err := do(d); err != nil {
				return err
			}
		}
		if r.After = page.Next; page.Next == "" {
			return nil
		}
	}
}

// names stand at the heads of the columns: labels, or, for programs, keys.
func (e *exporter) names() []string {
	var names []string
	for _, c := range e.columns {
		if e.format == sheets.JSON {
			names = append(names, c.key)
		} else {
			names = append(names, c.name)
		}
	}
	if e.ids {
		names = append(names, idColumn)
	}
	if e.when {
		names = append(names, "_created", "_createdBy", "_updated", "_updatedBy")
	}
	return names
}

func (e *exporter) row(d *collections.Document) []sheets.Cell {
	var cells []sheets.Cell
	for _, c := range e.columns {
		cells = append(cells, c.cell(d.Value, e.format))
	}
	if e.ids {
		cells = append(cells, sheets.OfText(d.ID))
	}
	if e.when {
		cells = append(cells, e.at(d.Created), sheets.OfText(d.CreatedBy), e.at(d.Updated), sheets.OfText(d.UpdatedBy))
	}
	return cells
}

// at is a moment in ms since 1970 UTC.
func (e *exporter) at(ms int64) sheets.Cell {
	t := time.UnixMilli(ms).UTC()
	if e.format == sheets.XLSX {
		return sheets.OfMoment(t)
	}
	return sheets.OfText(t.Format("2006-01-02T15:04:05.000Z"))
}
