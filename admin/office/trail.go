package office

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/sheets"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

// trailPage is how many lines a page shows.
const trailPage = 50

// asked is a filter as it stands in an address.
type asked struct {
	query  url.Values // who, area, from, to: those that are set
	filter auth.TrailFilter
	wrong  map[string]bool
}

// askedOf reads a filter. Days are whole ones, in UTC; what is no day does not count.
func askedOf(v *ui.Visit) asked {
	q := asked{query: url.Values{}, wrong: map[string]bool{}}
	for _, key := range []string{"who", "area", "from", "to"} {
		if value := v.Query(key); value != "" {
			q.query.Set(key, value)
		}
	}
	q.filter.Who, q.filter.Area = q.query.Get("who"), auth.Area(q.query.Get("area"))
	q.filter.From = q.day("from", 0)
	q.filter.To = q.day("to", 1)
	return q
}

// day reads a day, moved by some.
func (q *asked) day(key string, more int) int64 {
	text := q.query.Get(key)
	if text == "" {
		return 0
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		q.wrong[key] = true
		return 0
	}
	return t.AddDate(0, 0, more).UnixMilli()
}

// address is that of a page with this filter.
func (q asked) address(path, after string) string {
	query := url.Values{}
	for key := range q.query {
		query.Set(key, q.query.Get(key))
	}
	if after != "" {
		query.Set("after", after)
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// trail shows what people did.
func (p *pages) trail(v *ui.Visit) error {
	ctx := v.UserContext()
	q := askedOf(v)
	lines, next, err := p.Trail.Trail(ctx, v.Actor(), q.filter, v.Query("after"), trailPage)
	if err != nil {
		return err
	}
	page := views.LogPage{
		Frame: p.frame(v, templates.SectionActivity, words.Say(ctx, "Who did what")), Tabs: activityTabs(ctx, true),
		Who:   templates.Input{Name: "who", Label: words.Say(ctx, "Who"), Value: q.query.Get("who")},
		Area:  templates.Input{Name: "area", Label: words.Say(ctx, "What")},
		Areas: []templates.Choice{{Value: "", Label: words.Say(ctx, "Everything"), Chosen: q.filter.Area == ""}},
		From:  templates.Input{Name: "from", Label: words.Say(ctx, "From day"), Value: q.query.Get("from"), Error: dayError(ctx, q.wrong["from"])},
		To:    templates.Input{Name: "to", Label: words.Say(ctx, "To day"), Value: q.query.Get("to"), Error: dayError(ctx, q.wrong["to"])},
		CSV:   q.address("/admin/activity/log.csv", ""), Filtered: len(q.query) > 0,
	}
	for _, area := range auth.Areas() {
		page.Areas = append(page.Areas, templates.Choice{Value: string(area), Label: areaName(ctx, area), Chosen: area == q.filter.Area})
	}
	if len(q.query) > 0 {
		page.Clear = "/admin/activity/log"
	}
	if next != "" {
		page.Older = q.address("/admin/activity/log", next)
	}
	for _, l := range lines {
		page.Lines = append(page.Lines, views.Line{
			When: p.Moment(ctx, l.At), Who: l.Who, Area: areaName(ctx, l.Area), Did: deed(ctx, l.Did), About: l.About, Detail: l.Detail, From: l.From,
		})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Log(page))
}

func dayError(ctx context.Context, wrong bool) string {
	if !wrong {
		return ""
	}
	return words.Say(ctx, "Give a day such as 2026-11-22.")
}

// trailFile gives the lines that fit as a file, for spreadsheets.
func (p *pages) trailFile(v *ui.Visit) error {
	q, a := askedOf(v), v.Actor()
	columns := []string{"time (UTC)", "who", "area", "did", "about", "detail", "from"}
	name := "trail-" + p.Now().UTC().Format("20060102-150405") + ".csv"
	return web.Download(v.Ctx, name, sheets.CSV.ContentType(), func(ctx context.Context, to io.Writer) error {
		w, err := sheets.NewWriter(to, sheets.CSV, columns)
		if err != nil {
			return err
		}
		for after := ""; ; {
			lines, next, err := p.Trail.Trail(ctx, a, q.filter, after, 1000)
			if err != nil {
				return err
			}
			for _, l := range lines {
				if err := w.Write(cellsOf(l)); err != nil {
					return fmt.Errorf("office: write the trail: %w", err)
				}
			}
			if after = next; next == "" {
				return w.Close()
			}
		}
	})
}

func cellsOf(l *auth.AuditEntry) []sheets.Cell {
	at := time.UnixMilli(l.At).UTC().Format("2006-01-02 15:04:05")
	var cells []sheets.Cell
	for _, text := range []string{at, l.Who, string(l.Area), l.Did, l.About, l.Detail, l.From} {
		cells = append(cells, sheets.OfText(text))
	}
	return cells
}

// areaName is what people call a part of the work.
func areaName(ctx context.Context, area auth.Area) string {
	switch area {
	case auth.AreaSignIn:
		return words.Say(ctx, "Sign-in")
	case auth.AreaAccounts:
		return words.Say(ctx, "Accounts")
	case auth.AreaTokens:
		return words.Say(ctx, "Tokens and devices")
	case auth.AreaTypes:
		return words.Say(ctx, "Types")
	case auth.AreaRules:
		return words.Say(ctx, "Rules")
	case auth.AreaRecords:
		return words.Say(ctx, "Records")
	case auth.AreaBackups:
		return words.Say(ctx, "Backups")
	case auth.AreaSettings:
		return words.Say(ctx, "Settings")
	case auth.AreaWebhooks:
		return words.Say(ctx, "Webhooks")
	}
	return string(area)
}

// deeds are what is done often, to be said in the reader's language. What is not here is
// shown as it was written.
var deeds = []string{
	words.Key("signed in"), words.Key("signed out"), words.Key("was refused at sign-in"), words.Key("set the server up"),
	words.Key("changed the password"), words.Key("set a new password"), words.Key("created the account"), words.Key("disabled the account"), words.Key("enabled the account"),
	words.Key("made an enrolment code"), words.Key("enrolled a device"), words.Key("created a token"), words.Key("revoked a token"), words.Key("revoked a device"), words.Key("revoked a session"),
	words.Key("published a version"), words.Key("discarded the draft"), words.Key("changed the rules"),
	words.Key("changed the settings"), words.Key("made a webhook"), words.Key("changed a webhook"), words.Key("removed a webhook"),
	words.Key("made a new secret"), words.Key("passed over a message"), words.Key("sent a message again"), words.Key("resumed a webhook"),
	words.Key("made a backup"), words.Key("took a backup"), words.Key("removed a backup"), words.Key("chose a backup to restore"), words.Key("took a restore back"),
}

// deed says what was done.
func deed(ctx context.Context, did string) string {
	for _, known := range deeds {
		if known == did {
			return words.Say(ctx, known)
		}
	}
	return did
}

// note puts a line about this area into the trail.
func (p *pages) note(v *ui.Visit, area auth.Area, did, about, detail string) {
	p.Trail.Note(v.UserContext(), v.Actor(), auth.AuditEntry{Area: area, Did: did, About: about, Detail: detail})
}
