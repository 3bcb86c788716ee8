package recent

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/recent"
	"github.com/fieldstack/fieldstack/templates/words"
)

// fileLife is how long the page of a file, which a job may lead to, is there at least.
const fileLife = 50 * time.Minute

func (p *pages) frame(v *ui.Visit, title string, more ...templates.Link) (templates.Frame, error) {
	ctx := v.UserContext()
	t, err := p.Types.Type(ctx, v.Actor(), v.Params("type"), 0)
	if err != nil {
		return templates.Frame{}, err
	}
	f := p.Frame(v.Ctx, templates.SectionTypes, title, append([]templates.Link{ui.ToTypes(ctx), ui.ToRecords(t)}, more...)...)
	f.Styles = []string{"recent.css"}
	return f, nil
}

// list lists the jobs that somebody began.
func (p *pages) list(v *ui.Visit) error {
	ctx, user, typ := v.UserContext(), v.Actor().User, v.Params("type")
	frame, err := p.frame(v, words.Say(ctx, "Recent imports and edits"))
	if err != nil {
		return err
	}
	list, err := p.Jobs.List(ctx, user, typ)
	if err != nil {
		return err
	}
	page := views.ListPage{Frame: frame, Back: recordsPath(typ, ""), Hint: words.Say(ctx, "The last %d of yours are kept, for %d days.", jobs.KeptEach, keptDays)}
	for _, report := range list {
		line := views.JobLine{Name: title(ctx, report), Href: Path(typ, report.ID), Sub: kindText(ctx, report.Kind) + " · " + stateText(ctx, report), At: p.Moment(ctx, report.Began.UnixMilli())}
		may, err := p.Jobs.MayUndo(ctx, user, report)
		if err != nil {
			return err
		}
		if may {
			line.Undo = line.Href + "/undo"
		}
		page.Jobs = append(page.Jobs, line)
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.List(page))
}

const keptDays = int(jobs.KeptFor / (24 * time.Hour))

func recordsPath(typ, query string) string {
	path := ui.TypePath(typ) + "/records"
	if query == "" {
		return path
	}
	return path + "?" + query
}

// job shows how far a job is, or what came of it.
func (p *pages) job(v *ui.Visit) error {
	report, err := p.find(v)
	if err != nil {
		return err
	}
	ctx, all := v.UserContext(), Path(report.Type, "")
	frame, err := p.frame(v, title(ctx, report), templates.Link{Text: words.Say(ctx, "Recent imports and edits"), Href: all})
	if err != nil {
		return err
	}
	page := views.JobPage{
		Frame: frame, Heading: title(ctx, report), Sub: kindText(ctx, report.Kind), Began: p.Moment(ctx, report.Began.UnixMilli()),
		Path: Path(report.Type, report.ID), Back: recordsPath(report.Type, report.From), All: all,
	}
	if report.State == jobs.Running {
		page.Progress = Progress(ctx, report, page.Path, page.Path+"/cancel")
		return ui.Render(v.Ctx, fiber.StatusOK, views.Job(page))
	}
	page.Wrong = wrongText(ctx, report)
	page.Counts = counts(ctx, report)
	page.Left, page.LeftMore = left(ctx, report)
	if report.Outcome.Refused > 0 && p.Now().Sub(report.Ended) < fileLife {
		page.File = report.Page
	}
	if err := p.fillUndo(ctx, v.Actor().User, report, &page); err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Job(page))
}

// fillUndo says whether, and how long, a job can be undone, or that it was.
func (p *pages) fillUndo(ctx context.Context, user string, report jobs.Report, page *views.JobPage) (err error) {
	if page.Undo, err = p.Jobs.MayUndo(ctx, user, report); err != nil {
		return err
	}
	switch {
	case page.Undo:
		until := p.Moment(ctx, report.Began.Add(jobs.KeptFor).UnixMilli())
		page.UndoHint = words.Say(ctx, "Undoing puts new records into the trash, takes deleted ones out of it, and gives changed fields what they had. What somebody has worked on since stays. It can be done until %s, unless you begin %d others before.", until.Exact, jobs.KeptEach)
	case report.TooMuch:
		page.UndoHint = words.Say(ctx, "This wrote more than is kept for undoing, so it cannot be undone.")
	}
	if report.Undoing != "" {
		page.Undone = &templates.Link{Text: words.Say(ctx, "Its undoing"), Href: Path(report.Type, report.Undoing)}
	}
	return nil
}

// Progress shows how far a job is. path is the page that it is shown on, and stop where
// to ask for its end.
func Progress(ctx context.Context, report jobs.Report, path, stop string) *templates.Progress {
	p := &templates.Progress{Heading: doing(ctx, report.Kind), Text: words.Say(ctx, "%d records", report.Did), Path: path, Stop: stop}
	if report.Total > 0 {
		p.Percent, p.Text = strconv.Itoa(report.Percent()), words.Say(ctx, "%d of %d", report.Did, report.Total)
	}
	return p
}

// left tells of the records and rows that a job left as they are.
func left(ctx context.Context, report jobs.Report) (list []templates.Left, more string) {
	for _, r := range report.Outcome.Told {
		l := templates.Left{Name: r.Name, Href: recordsPath(report.Type, "") + "/" + url.PathEscape(r.ID), Column: r.Column, Why: r.Why}
		if r.Line > 0 {
			l.Line = strconv.Itoa(r.Line)
		}
		list = append(list, l)
	}
	if n := report.Outcome.Refused - len(list); n > 0 {
		more = words.Say(ctx, "and %d more", n)
	}
	return list, more
}

// note puts an undoing into the trail.
func (p *pages) note(ctx context.Context, actor collections.Actor, of jobs.Report, o jobs.Outcome) {
	did := "undid an edit of many records"
	if of.Kind == jobs.Import {
		did = "took an import back"
	}
	english := words.With(ctx, words.English)
	p.Trail.Note(ctx, actor, auth.AuditEntry{Area: auth.AreaRecords, Did: did, About: of.Type, Detail: of.Title + ": " + words.Say(english, "%d records", o.Wrote())})
}
