package transfer

import (
	"context"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/recent"
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
	f.Styles, f.Scripts = []string{"recent.css", "transfer.css"}, []string{"transfer.js"}
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
		File: fileInput(ctx, words.Say(ctx, "CSV, Excel (.xlsx) or JSON, at most %d MiB. The first line names the columns.", p.files.most>>20)), Most: p.files.most,
		Jobs: recent.Path(t.Name, ""),
	}
	for _, f := range p.files.of(v.Actor().User, t.Name) {
		page.Files = append(page.Files, views.FileRow{
			Href: importPath(t.Name, f.id), Name: f.name, Rows: words.Say(ctx, "%d rows", f.look().table.rows), Stage: p.stageText(ctx, f), At: p.Moment(ctx, f.began.UnixMilli()),
		})
	}
	return page
}

// stageText says where a file is on its way.
func (p *pages) stageText(ctx context.Context, f *file) string {
	switch now := f.look(); {
	case now.run != "":
		return words.Say(ctx, "imported")
	case now.check == "":
		return words.Say(ctx, "columns to be mapped")
	case p.jobs.Running(f.account, now.check):
		return words.Say(ctx, "being checked")
	}
	return words.Say(ctx, "checked, not imported yet")
}

// faultsShown is how many rows that do not fit are on the page.
const faultsShown = 50

func (p *pages) filePage(v *ui.Visit, at visited) views.FilePage {
	ctx, now := v.UserContext(), at.look()
	page := views.FilePage{
		Frame: p.frame(v, at.to.Type, words.Say(ctx, "Import"), templates.Link{Text: words.Say(ctx, "Import"), Href: importPath(at.typ, "")}),
		File:  at.name, Rows: words.Say(ctx, "%d rows", now.table.rows), Action: importPath(at.typ, at.id),
	}
	if now.check == "" {
		page.Mapping = mappingView(ctx, at.to, now)
		return page
	}
	check := p.checkOf(ctx, at)
	if check.report.State == jobs.Running {
		page.Progress = recent.Progress(ctx, check.report, page.Action, page.Action)
		page.Progress.Do = "cancel"
		return page
	}
	page.Why, page.Checked = check.report.Wrong, checkedView(ctx, at, check)
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

func checkedView(ctx context.Context, at visited, check check) *views.Checked {
	counts, faults := check.found.look()
	c := &views.Checked{Counts: recent.ImportCounts(ctx, counts.fresh, counts.changed, counts.same, counts.wrong), Halted: !check.whole()}
	for _, f := range faults[:min(len(faults), faultsShown)] {
		c.Faults = append(c.Faults, templates.Left{Line: strconv.Itoa(f.line), Column: f.column, Why: show.Sentence(ctx, f.reason)})
	}
	if more := counts.wrong - len(c.Faults); more > 0 {
		c.More = words.Say(ctx, "and %d more rows", more)
	}
	if counts.wrong > 0 {
		c.Download = importPath(at.typ, at.id) + "/wrong.csv"
	}
	if counts.short > 0 {
		c.Short = words.Say(ctx, "%d rows have fewer cells than there are columns; the others count as empty.", counts.short)
	}
	if n := counts.fresh + counts.changed; n > 0 && !c.Halted {
		c.Do = words.Say(ctx, "Import %d rows", n)
	}
	return c
}
