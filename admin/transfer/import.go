package transfer

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/recent"
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

// takeFile takes a file in.
func (p *pages) takeFile(v *ui.Visit) error {
	t, err := p.Engine.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	f, failed := p.newFile(v, t)
	if failed != nil {
		status, shown, err := p.Mistake(failed)
		if err != nil {
			return err
		}
		page := p.importPage(v, t)
		page.File.Error = show.Sentence(v.UserContext(), shown.Message)
		return ui.Render(v.Ctx, status, views.Import(page))
	}
	return v.Redirect(importPath(t.Name, f.id), fiber.StatusSeeOther)
}

// receive writes the file of a form to the disk, and gives the form's other fields.
func (p *pages) receive(v *ui.Visit) (*file, url.Values, error) {
	var u *ui.Upload
	path, size, err := p.files.receive(func(w io.Writer) (err error) {
		u, err = ui.ReadUpload(v, w)
		return err
	})
	if err != nil {
		return nil, nil, p.tooLarge(v.UserContext(), err)
	}
	return &file{account: v.Actor().User, name: u.Name, path: path, size: size, began: p.Now()}, u.Form, nil
}

// tooLarge says what to do with a file that is larger than is taken here.
func (p *pages) tooLarge(ctx context.Context, err error) error {
	var known *collections.Error
	if errors.As(err, &known) && known.Code == collections.TooLarge {
		return collections.Refuse(collections.TooLarge, "file", schema.Verbatim(views.TooLarge(ctx, p.files.most)))
	}
	return err
}

// newFile reads an uploaded file far enough to know that it is a table.
func (p *pages) newFile(v *ui.Visit, t *collections.Type) (*file, error) {
	f, _, err := p.receive(v)
	if err != nil {
		return nil, err
	}
	f.typ = t.Name
	if err = p.outlineOf(v, f, t); err == nil {
		err = p.files.add(f)
	}
	if err != nil {
		_ = os.Remove(f.path)
		return nil, fileError(err)
	}
	return f, nil
}

func (p *pages) outlineOf(v *ui.Visit, f *file, t *collections.Type) error {
	o, err := f.outline("")
	if err != nil {
		return err
	}
	if o.rows == 0 {
		return collections.Errorf(collections.Invalid, "file", "The file has names of columns and no rows: there is nothing to import.")
	}
	to, err := p.target(v.Actor(), t)
	if err != nil {
		return err
	}
	f.table, f.plan = o, to.guess(o.columns)
	return nil
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

// visited is a file that somebody looks at, and what it is imported into.
type visited struct {
	*file
	to *target
}

func (p *pages) visit(v *ui.Visit) (visited, error) {
	t, err := p.Engine.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return visited{}, err
	}
	to, err := p.target(v.Actor(), t)
	if err != nil {
		return visited{}, err
	}
	f, err := p.files.find(v.Actor().User, t.Name, v.Params("job"))
	if err != nil {
		return visited{}, err
	}
	if now := f.look(); now.plan.keys == nil { // the file is older than the type
		if err := f.set(func() { f.plan = to.guess(now.table.columns) }); err != nil {
			return visited{}, err
		}
	}
	return visited{f, to}, nil
}

// showFile shows where a file is, and what can be done next. When its import has begun,
// that is shown on the page of its job.
func (p *pages) showFile(v *ui.Visit) error {
	at, err := p.visit(v)
	if err != nil {
		return err
	}
	if run := at.look().run; run != "" {
		return v.Redirect(recent.Path(at.typ, run), fiber.StatusSeeOther)
	}
	return p.renderFile(v, at, fiber.StatusOK, "")
}

func (p *pages) renderFile(v *ui.Visit, at visited, status int, wrong string) error {
	page := p.filePage(v, at)
	page.Wrong = wrong
	return ui.Render(v.Ctx, status, views.File(page))
}

// steer does what a button on the page of a file says.
func (p *pages) steer(v *ui.Visit) error {
	at, err := p.visit(v)
	if err != nil {
		return err
	}
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	to := importPath(at.typ, at.id)
	switch form.Get("do") {
	case "sheet":
		err = p.chooseSheet(at, form.Get("sheet"))
	case "check":
		err = p.check(v, at, planOf(at, form))
	case "cancel":
		p.jobs.Cancel(at.account, at.look().check)
	case "map":
		err = p.remap(at)
	case "run":
		err = p.run(v, at)
	case "discard":
		p.discard(at)
		to = importPath(at.typ, "")
	default:
		err = ui.BadForm()
	}
	if err != nil {
		status, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		return p.renderFile(v, at, status, show.Sentence(v.UserContext(), shown.Message))
	}
	return v.Redirect(to, fiber.StatusSeeOther)
}

func (p *pages) chooseSheet(at visited, name string) error {
	if at.look().check != "" {
		return tooLate()
	}
	o, err := at.outline(name)
	if err != nil {
		return fileError(err)
	}
	return at.set(func() { at.table, at.plan = o, at.to.guess(o.columns) })
}

// remap goes back to the columns.
func (p *pages) remap(at visited) error {
	p.jobs.Cancel(at.account, at.look().check)
	return at.set(func() { at.file.check = "" })
}

// discard forgets a file, and ends what is under way with it.
func (p *pages) discard(at visited) {
	now := at.look()
	p.jobs.Cancel(at.account, now.check)
	p.jobs.Cancel(at.account, now.run)
	p.files.drop(at.file)
}

// busy reports whether something is under way with a file.
func (p *pages) busy(f *file) bool {
	now := f.look()
	return p.jobs.Running(f.account, now.check) || p.jobs.Running(f.account, now.run)
}

func tooLate() error {
	return collections.Errorf(collections.Exists, "", "The import has gone on meanwhile: look where it is now.")
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

// check is the look at what importing a file would do.
type check struct {
	report jobs.Report
	found  *findings
}

// whole reports whether all rows were checked.
func (c check) whole() bool { return c.report.State == jobs.Done }

// checkOf finds how the check of a file stands. One that nobody remembers any more is as
// if it had been stopped before it began.
func (p *pages) checkOf(ctx context.Context, at visited) check {
	report, err := p.jobs.Find(ctx, at.account, at.look().check)
	if err != nil {
		report.State = jobs.Cancelled
	}
	found, _ := report.Result.(*findings)
	return check{report, found}
}

// check holds all rows against the type and its records, as a job that writes nothing.
func (p *pages) check(v *ui.Visit, at visited, asked plan) error {
	at.starting.Lock()
	defer at.starting.Unlock()
	if at.look().check != "" {
		return tooLate()
	}
	// It is kept as it was chosen, also where it is wrong.
	if err := at.set(func() { at.plan = asked }); err != nil {
		return err
	}
	if err := at.to.valid(asked); err != nil {
		return err
	}
	id, err := p.start(v, at, jobs.Check, &findings{})
	if err != nil {
		return err
	}
	return at.set(func() { at.file.check = id })
}

// run writes what the check said, as a job. Each row is looked at again, as records may
// have changed since.
func (p *pages) run(v *ui.Visit, at visited) error {
	at.starting.Lock()
	defer at.starting.Unlock()
	if now := at.look(); now.check == "" || now.run != "" {
		return tooLate()
	}
	if !p.checkOf(v.UserContext(), at).whole() {
		return collections.Errorf(collections.Exists, "", "The check did not come to its end: check the file again.")
	}
	found := &findings{}
	id, err := p.start(v, at, jobs.Import, found)
	if err != nil {
		return err
	}
	return at.set(func() { at.file.run, at.file.wrong = id, found })
}

// start begins a pass through the rows of a file.
func (p *pages) start(v *ui.Visit, at visited, kind jobs.Kind, found *findings) (id string, err error) {
	now := at.look()
	r := &pass{engine: p.Engine, file: at.file, to: at.to, plan: now.plan, table: now.table, write: kind == jobs.Import, found: found}
	actor := v.Actor()
	about := jobs.About{Kind: kind, Type: at.typ, Title: at.name, Page: importPath(at.typ, at.id) + "/wrong.csv"}
	return p.jobs.Start(v.UserContext(), v.Who, about, func(ctx context.Context, progress *jobs.Progress) error {
		r.Progress = progress
		progress.Show(found)
		err := r.run(ctx)
		if o := progress.Outcome(); o.Wrote() > 0 {
			p.note(context.WithoutCancel(ctx), actor, about, o)
		}
		return err
	})
}

// note puts an import into the trail.
func (p *pages) note(ctx context.Context, actor collections.Actor, about jobs.About, o jobs.Outcome) {
	p.trail.Note(ctx, actor, auth.AuditEntry{
		Area: auth.AreaRecords, Did: "imported records", About: about.Type, Detail: about.Title + ": " + strconv.Itoa(o.Made) + " new, " + strconv.Itoa(o.Changed) + " changed",
	})
}
