package transfer

import (
	"context"
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
	views "github.com/fieldstack/fieldstack/templates/transfer"
)

// importPath is the address of a type's imports, and of one of them.
func importPath(typ, job string) string {
	if job == "" {
		return recordsPath(typ) + "/import"
	}
	return recordsPath(typ) + "/import/" + job
}

// importForm asks for a file, and shows those that are there.
func (p *pages) importForm(v *ui.Visit) error {
	t, err := p.Engine.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Import(p.importPage(v, t)))
}

// takeFile begins an import.
func (p *pages) takeFile(v *ui.Visit) error {
	ctx := v.UserContext()
	t, err := p.Engine.Type(ctx, v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	j, failed := p.newJob(v, t)
	if failed != nil {
		status, shown, err := p.Mistake(failed)
		if err != nil {
			return err
		}
		page := p.importPage(v, t)
		page.File.Error = show.Sentence(ctx, shown.Message)
		return ui.Render(v.Ctx, status, views.Import(page))
	}
	return v.Redirect(importPath(t.Name, j.id), fiber.StatusSeeOther)
}

// newJob reads an uploaded file far enough to know that it is a table.
func (p *pages) newJob(v *ui.Visit, t *collections.Type) (*job, error) {
	u, err := readUpload(v)
	if err != nil {
		return nil, err
	}
	j := &job{account: v.Actor().User, typ: t.Name, file: u.name, data: u.data, began: p.Now()}
	o, err := j.outline("")
	if err != nil {
		return nil, fileError(err)
	}
	if o.rows == 0 {
		return nil, collections.Errorf(collections.Invalid, "file", "The file has names of columns and no rows: there is nothing to import.")
	}
	to, err := p.target(v.Actor(), t)
	if err != nil {
		return nil, err
	}
	j.setTable(o)
	j.plan = to.guess(o.columns)
	return j, p.jobs.add(j)
}

// fileError makes what is wrong with a file a mistake of the form that sent it.
func fileError(err error) error {
	var file *sheets.Error
	if errors.As(err, &file) {
		return collections.Refuse(collections.Invalid, "file", ofFile(file))
	}
	return err
}

// ofFile says what is wrong with a file, with its place.
func ofFile(e *sheets.Error) schema.Sentence {
	wrong := schema.Says(e.Text, e.Args...)
	switch {
	case e.Line == 0:
		return wrong
	case e.Column == 0:
		return schema.Says("Line %d: %s", e.Line, wrong)
	}
	return schema.Says("Line %d, column %s: %s", e.Line, sheets.ColumnLetters(e.Column), wrong)
}

// visited is a job that somebody looks at, and what it is imported into.
type visited struct {
	*job
	to *target
}

func (p *pages) job(v *ui.Visit) (visited, error) {
	t, err := p.Engine.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return visited{}, err
	}
	to, err := p.target(v.Actor(), t)
	if err != nil {
		return visited{}, err
	}
	j, err := p.jobs.find(v.Actor().User, t.Name, v.Params("job"))
	if err != nil {
		return visited{}, err
	}
	if now := j.look(); now.plan.keys == nil {
		j.setPlan(to.guess(now.table.columns)) // the file is older than the type
	}
	return visited{j, to}, nil
}

// showJob shows how far an import is, and what can be done next.
func (p *pages) showJob(v *ui.Visit) error {
	at, err := p.job(v)
	if err != nil {
		return err
	}
	return p.renderJob(v, at, fiber.StatusOK, "")
}

func (p *pages) renderJob(v *ui.Visit, at visited, status int, wrong string) error {
	page := p.jobPage(v, at)
	page.Wrong = wrong
	if v.Get("HX-Request") != "" && page.Progress == nil {
		// The stage is over: the whole page is another one.
		v.Set("HX-Refresh", "true")
	}
	return ui.Render(v.Ctx, status, views.Job(page))
}

// steer does what a button on the page of an import says.
func (p *pages) steer(v *ui.Visit) error {
	at, err := p.job(v)
	if err != nil {
		return err
	}
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	switch form.Get("do") {
	case "sheet":
		err = p.chooseSheet(at, form.Get("sheet"))
	case "check":
		err = p.check(v, at, planOf(at, form))
	case "map":
		at.remap()
	case "run":
		err = p.run(v, at)
	case "cancel":
		at.stop()
	case "undo":
		err = p.undo(v, at)
	case "discard":
		p.jobs.drop(at.job)
		return v.Redirect(importPath(at.typ, ""), fiber.StatusSeeOther)
	default:
		err = ui.BadForm()
	}
	if err != nil {
		status, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		return p.renderJob(v, at, status, show.Sentence(v.UserContext(), shown.Message))
	}
	return v.Redirect(importPath(at.typ, at.id), fiber.StatusSeeOther)
}

func (p *pages) chooseSheet(at visited, name string) error {
	if at.look().stage != mapping {
		return tooLate()
	}
	o, err := at.outline(name)
	if err != nil {
		return fileError(err)
	}
	at.setTable(o)
	at.setPlan(at.to.guess(o.columns))
	return nil
}

func tooLate() error {
	return collections.Errorf(collections.Exists, "", "The import has gone on meanwhile: look where it is now.")
}

func (j *job) setPlan(p plan) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.plan = p
}

// remap goes back to the columns.
func (j *job) remap() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.stage == checked {
		j.stage = mapping
	}
}

// planOf reads the mapping form.
func planOf(at visited, form map[string][]string) plan {
	get := func(name string) string {
		if list := form[name]; len(list) > 0 {
			return list[0]
		}
		return ""
	}
	now := at.look()
	p := plan{keys: make([]string, len(now.table.columns)), match: get("match"), clear: get("empty") == "clear"}
	for i := range p.keys {
		p.keys[i] = get("column-" + strconv.Itoa(i))
	}
	return p
}

// valid says what is wrong with a plan.
func (t *target) valid(p plan) error {
	count := map[string]int{}
	for _, key := range p.keys {
		f, known := t.field(key)
		if key != "" && key != idColumn && !known {
			return ui.BadForm()
		}
		if count[key]++; key != "" && count[key] > 1 {
			title := f.Title
			if key == idColumn {
				title = "the record's id"
			}
			return collections.Errorf(collections.Invalid, "", "Two columns are for %s: leave one of them out.", title)
		}
	}
	switch {
	case len(count) == 0 || len(count) == 1 && count[""] > 0:
		return collections.Errorf(collections.Invalid, "", "Every column is left out: choose a field for at least one.")
	case p.match != "" && count[p.match] == 0:
		return collections.Errorf(collections.Invalid, "", "No column says which record a row is about: choose the column for it, or make new records only.")
	}
	return nil
}

// check holds all rows against the type and its records, in the background.
func (p *pages) check(v *ui.Visit, at visited, asked plan) error {
	if at.look().stage == mapping {
		at.setPlan(asked) // kept as it was chosen, also where it is wrong
	}
	if err := at.to.valid(asked); err != nil {
		return err
	}
	ctx, ok := at.begin(checking, at.look().table.rows, mapping)
	if !ok {
		return tooLate()
	}
	at.forget()
	r := p.pass(v, at, false)
	at.background(checked, func() error { return r.run(ctx) })
	return nil
}

// forget empties what a pass counts anew.
func (j *job) forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tally, j.faults = tally{}, nil
}

func (p *pages) pass(v *ui.Visit, at visited, write bool) *pass {
	now := at.look()
	return &pass{engine: p.Engine, accounts: p.Accounts, who: v.Who, job: at.job, to: at.to, plan: now.plan, table: now.table, write: write}
}

// run writes what the check said, in the background. Each row is looked at again, as
// records may have changed since.
func (p *pages) run(v *ui.Visit, at visited) error {
	if now := at.look(); now.stage == checked && (now.halted || !now.why.IsEmpty()) {
		return collections.Errorf(collections.Invalid, "", "The check did not come to its end: check the file again.")
	}
	ctx, ok := at.begin(running, at.look().table.rows, checked)
	if !ok {
		return tooLate()
	}
	at.forget()
	r := p.pass(v, at, true)
	actor := v.Actor()
	at.background(done, func() error {
		err := r.run(ctx)
		now := at.look()
		p.note(actor, "imported records", at, now.made, now.moved)
		return err
	})
	return nil
}

func (p *pages) note(actor collections.Actor, did string, at visited, made, moved int) {
	p.Accounts.Note(context.Background(), actor, auth.AuditEntry{
		Area: auth.AreaRecords, Did: did, About: at.typ, Detail: at.file + ": " + strconv.Itoa(made) + " new, " + strconv.Itoa(moved) + " changed",
	})
}

// undo takes back what was written, in the background.
func (p *pages) undo(v *ui.Visit, at visited) error {
	now := at.look()
	ctx, ok := at.begin(undoing, now.made+now.moved, done)
	if !ok {
		return tooLate()
	}
	at.mu.Lock()
	t := &takeBack{engine: p.Engine, accounts: p.Accounts, who: v.Who, job: at.job, to: at.to}
	made, moved := at.made, at.moved
	at.mu.Unlock()
	actor := v.Actor()
	at.background(undone, func() error {
		err := t.run(ctx, made, moved)
		at.keepLeft(t.left, t.more)
		p.note(actor, "took an import back", at, len(made), len(moved))
		return err
	})
	return nil
}

func (j *job) keepLeft(left []schema.Sentence, more int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.left = left; more > 0 {
		j.left = append(j.left, schema.Says("… and %d more", more))
	}
}
