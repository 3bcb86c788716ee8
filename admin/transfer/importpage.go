package transfer

import (
	"context"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/transfer"
	"github.com/fieldstack/fieldstack/templates/words"
)

func (p *pages) frame(v *ui.Visit, t *collections.Type, title string, trail ...templates.Link) templates.Frame {
	ctx := v.UserContext()
	f := p.Frame(v.Ctx, templates.SectionTypes, title, append([]templates.Link{ui.ToTypes(ctx), ui.ToRecords(t)}, trail...)...)
	f.Styles, f.Scripts = []string{"transfer.css"}, []string{"transfer.js"}
	return f
}

// fileInput asks for a file.
func fileInput(ctx context.Context, hint string) templates.Input {
	return templates.Input{Name: "file", Label: words.Say(ctx, "File"), Hint: hint, Required: true}
}

func (p *pages) importPage(v *ui.Visit, t *collections.Type) views.ImportPage {
	ctx := v.UserContext()
	page := views.ImportPage{
		Frame: p.frame(v, t, words.Say(ctx, "Import")), Title: ui.TypeTitle(t), Action: importPath(t.Name, ""), Back: recordsPath(t.Name),
		File: fileInput(ctx, words.Say(ctx, "CSV, Excel (.xlsx) or JSON, at most 8 MiB. The first line names the columns.")),
	}
	for _, j := range p.jobs.of(v.Actor().User, t.Name) {
		now := j.look()
		page.Files = append(page.Files, views.FileRow{
			Href: importPath(t.Name, j.id), Name: j.file, Rows: words.Say(ctx, "%d rows", now.table.rows), Stage: stageText(ctx, now.stage), At: p.Moment(ctx, j.began.UnixMilli()),
		})
	}
	return page
}

// stageText says where an import is.
func stageText(ctx context.Context, s stage) string {
	switch s {
	case mapping:
		return words.Say(ctx, "columns to be mapped")
	case checking:
		return words.Say(ctx, "being checked")
	case checked:
		return words.Say(ctx, "checked, not imported yet")
	case running:
		return words.Say(ctx, "being imported")
	case done:
		return words.Say(ctx, "imported")
	case undoing:
		return words.Say(ctx, "being taken back")
	}
	return words.Say(ctx, "taken back")
}

// faultsShown is how many rows that do not fit are on the page.
const faultsShown = 50

func (p *pages) jobPage(v *ui.Visit, at visited) views.JobPage {
	ctx, now := v.UserContext(), at.look()
	page := views.JobPage{
		Frame: p.frame(v, at.to.Type, words.Say(ctx, "Import"), templates.Link{Text: words.Say(ctx, "Import"), Href: importPath(at.typ, "")}),
		File:  at.file, Rows: words.Say(ctx, "%d rows", now.table.rows), Action: importPath(at.typ, at.id), Records: recordsPath(at.typ), Why: show.Sentence(ctx, now.why),
	}
	switch now.stage {
	case mapping:
		page.Mapping = mappingView(ctx, at.to, now)
	case checking, running, undoing:
		page.Progress = progressView(ctx, now)
	case checked:
		page.Checked = p.checkedView(ctx, at, now)
	case done:
		page.Done = p.doneView(ctx, at, now)
	case undone:
		page.Undone = &views.Undone{}
		for _, left := range now.left {
			page.Undone.Left = append(page.Undone.Left, show.Sentence(ctx, left))
		}
	}
	return page
}

func mappingView(ctx context.Context, to *target, now view) *views.Mapping {
	m := &views.Mapping{
		Match: templates.Input{Name: "match", Label: words.Say(ctx, "Records that are there already"), Hint: words.Say(ctx, "Where a row says which record it is about, that record is changed. All others become new ones.")},
		Empty: templates.Input{Name: "empty", Label: words.Say(ctx, "Where a cell is empty")},
		Empties: []templates.Choice{
			{Value: "keep", Label: words.Say(ctx, "the record keeps what it has"), Chosen: !now.plan.clear},
			{Value: "clear", Label: words.Say(ctx, "the field is emptied"), Chosen: now.plan.clear},
		},
		UTC: now.table.utc,
	}
	if len(now.table.sheets) > 1 {
		m.Sheet = templates.Input{Name: "sheet", Label: words.Say(ctx, "Sheet")}
		for _, name := range now.table.sheets {
			m.Sheets = append(m.Sheets, templates.Choice{Value: name, Label: name, Chosen: strings.EqualFold(name, now.table.sheet)})
		}
	}
	for i, name := range now.table.columns {
		c := views.MappedColumn{Name: name, Input: templates.Input{Name: "column-" + strconv.Itoa(i), Label: words.Say(ctx, "Field for %s", name)}}
		for _, sample := range now.table.samples[i] {
			c.Samples = append(c.Samples, show.Clip(sample, sampleRunes))
		}
		c.Choices = fieldChoices(ctx, to, now.plan.keys[i])
		m.Columns = append(m.Columns, c)
	}
	m.Matches = matchChoices(ctx, to, now.plan.match)
	return m
}

// fieldChoices are what a column can be for.
func fieldChoices(ctx context.Context, to *target, chosen string) []templates.Choice {
	list := []templates.Choice{{Value: "", Label: words.Say(ctx, "– leave out –"), Chosen: chosen == ""}}
	for _, f := range to.fields {
		label := f.Title
		switch {
		case f.Serial != "":
			label = words.Say(ctx, "%s (only to find the record)", f.Title)
		case f.Required:
			label += " *"
		}
		list = append(list, templates.Choice{Value: f.Path[0], Label: label, Chosen: chosen == f.Path[0]})
	}
	return append(list, templates.Choice{Value: idColumn, Label: words.Say(ctx, "The record's id"), Chosen: chosen == idColumn})
}

// matchChoices are the ways to find the record that a row is about.
func matchChoices(ctx context.Context, to *target, chosen string) []templates.Choice {
	list := []templates.Choice{
		{Value: "", Label: words.Say(ctx, "Make new records only"), Chosen: chosen == ""},
		{Value: idColumn, Label: words.Say(ctx, "Find them by the record's id"), Chosen: chosen == idColumn},
	}
	for _, f := range to.matchable() {
		list = append(list, templates.Choice{Value: f.Path[0], Label: words.Say(ctx, "Find them by %s", f.Title), Chosen: chosen == f.Path[0]})
	}
	return list
}

func progressView(ctx context.Context, now view) *views.Progress {
	p := &views.Progress{Done: now.step, Of: now.steps, Stoppable: true}
	switch now.stage {
	case checking:
		p.Heading = words.Say(ctx, "Checking the rows")
	case running:
		p.Heading = words.Say(ctx, "Importing")
	default:
		p.Heading, p.Stoppable = words.Say(ctx, "Taking the import back"), false
	}
	p.Text = words.Say(ctx, "%d of %d", p.Done, p.Of)
	return p
}

// counts are the rows of an import by what became, or becomes, of them.
func counts(ctx context.Context, now view) []views.Count {
	return []views.Count{
		{N: now.tally.fresh, Text: words.Say(ctx, "new"), Kind: views.Good},
		{N: now.tally.changed, Text: words.Say(ctx, "changed"), Kind: views.Good},
		{N: now.tally.same, Text: words.Say(ctx, "the same already"), Kind: views.Plain},
		{N: now.tally.wrong, Text: words.Say(ctx, "do not fit"), Kind: views.Bad},
	}
}

func faultRows(ctx context.Context, now view) (rows []views.FaultRow) {
	for _, f := range now.faults[:min(len(now.faults), faultsShown)] {
		rows = append(rows, views.FaultRow{Line: strconv.Itoa(f.line), Column: f.column, Reason: show.Sentence(ctx, f.reason)})
	}
	return rows
}

func (p *pages) faults(ctx context.Context, at visited, now view) *views.Faults {
	if now.tally.wrong == 0 {
		return nil
	}
	f := &views.Faults{Rows: faultRows(ctx, now), Download: importPath(at.typ, at.id) + "/wrong.csv"}
	if more := now.tally.wrong - len(f.Rows); more > 0 {
		f.More = words.Say(ctx, "and %d more rows", more)
	}
	return f
}

func (p *pages) checkedView(ctx context.Context, at visited, now view) *views.Checked {
	c := &views.Checked{Counts: counts(ctx, now), Faults: p.faults(ctx, at, now), Halted: now.halted || !now.why.IsEmpty()}
	if now.tally.short > 0 {
		c.Short = words.Say(ctx, "%d rows have fewer cells than there are columns; the others count as empty.", now.tally.short)
	}
	if n := now.tally.fresh + now.tally.changed; n > 0 && !c.Halted {
		c.Do = words.Say(ctx, "Import %d rows", n)
	}
	return c
}

func (p *pages) doneView(ctx context.Context, at visited, now view) *views.Done {
	return &views.Done{Counts: counts(ctx, now), Faults: p.faults(ctx, at, now), Halted: now.halted, Undoable: now.made+now.moved > 0}
}
