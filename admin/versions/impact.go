package versions

import (
	"cmp"
	"context"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/recent"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/studio"
	views "github.com/fieldstack/fieldstack/templates/versions"
	"github.com/fieldstack/fieldstack/templates/words"
)

// fillImpact says what a draft changes, and whom it touches.
func (p *pages) fillImpact(v *ui.Visit, w *proposal, page *views.PublishPage) error {
	ctx := v.UserContext()
	impact, report, err := p.look(ctx, v.Who, w)
	if err != nil {
		return err
	}
	changes, _ := studio.Impact(studio.FromVersion(w.latest().Schema), w.draft, countsOf(impact))
	page.Changes = changeRows(ctx, changes)
	for _, d := range impact.Comparison.Refused() {
		if message := show.Sentence(ctx, d.Message); !says(page.Changes, message) { // a key that comes back as something else
			page.Changes = append(page.Changes, views.ChangeRow{Tone: views.Bad, Label: toneLabel(ctx, "refused"), Says: message, Devices: show.Sentence(ctx, d.Devices)})
		}
	}
	if impact.Total > 0 {
		page.Check = checkOf(ctx, w, impact)
	}
	if report.State == jobs.Running {
		page.Looking = recent.Progress(ctx, report, formPath(w.name)+"/publish", "")
	}
	fleet, err := p.asks.Fleet(ctx, v.Actor(), w.name)
	if err != nil {
		return err
	}
	if len(fleet.Devices) > 0 {
		page.Fleet = p.fleetOf(ctx, w.name, fleet)
	}
	return nil
}

func says(rows []views.ChangeRow, message string) bool {
	for _, row := range rows {
		if row.Says == message {
			return true
		}
	}
	return false
}

func countsOf(impact *collections.Impact) []studio.Count {
	var counts []studio.Count
	for _, r := range impact.Rules {
		counts = append(counts, studio.Count{Path: r.Path, Rule: r.Rule, Records: r.Records, New: r.New})
	}
	return counts
}

// checkOf says what the look through the records found.
func checkOf(ctx context.Context, w *proposal, impact *collections.Impact) *views.Check {
	c := &views.Check{Calm: impact.New == 0}
	switch {
	case impact.New > 0:
		c.Summary = words.Say(ctx, "%d records would newly need attention, of %d.", impact.New, impact.Checked)
	default:
		c.Summary = words.Say(ctx, "None of %d records would newly need attention.", impact.Checked)
	}
	if impact.Mended > 0 {
		c.Mended = words.Say(ctx, "%d records that need attention today would be good.", impact.Mended)
	}
	if already := impact.Broken - impact.New; already > 0 {
		c.Already = words.Say(ctx, "%d records break the rules of today and would go on doing so.", already)
	}
	for _, e := range impact.Examples {
		row := views.Example{Name: ui.RecordName(ctx, w.latest().Schema, e.Document), Href: ui.RecordPath(e.Document)}
		for _, problem := range e.Problems[:min(len(e.Problems), 3)] {
			row.Problems = append(row.Problems, show.Sentence(ctx, problem.Message))
		}
		c.Examples = append(c.Examples, row)
	}
	if more := impact.New - len(c.Examples); more > 0 && len(c.Examples) > 0 {
		c.More = words.Say(ctx, "and %d more", more)
	}
	if !impact.Complete {
		c.Partial = words.Say(ctx, "This is what the first %d of %d records say.", impact.Checked, impact.Total)
	}
	return c
}

// fleetOf says where the devices stand.
func (p *pages) fleetOf(ctx context.Context, name string, fleet *collections.Fleet) *views.Fleet {
	f := &views.Fleet{Summary: words.Say(ctx, "%d devices have this type; none of them is known to hold work from an older version.", len(fleet.Devices))}
	if len(fleet.Unsent)+len(fleet.Away) > 0 {
		f.Summary = words.Say(ctx, "%d devices have this type.", len(fleet.Devices))
	}
	rows := func(list []*collections.Device) []views.Device {
		var rows []views.Device
		for _, d := range list {
			row := views.Device{Name: cmp.Or(d.Report.Label, d.Report.App, words.Say(ctx, "A device")), Person: d.Name, Seen: p.Moment(ctx, d.Seen)}
			if d.Report.Unsent > 0 {
				row.Waits = words.Say(ctx, "%d changes wait", d.Report.Unsent)
			}
			rows = append(rows, row)
		}
		return rows
	}
	f.Unsent, f.Away = rows(fleet.Unsent), rows(fleet.Away)
	return f
}

// changeRows shows changes.
func changeRows(ctx context.Context, changes []studio.Change) []views.ChangeRow {
	var rows []views.ChangeRow
	for _, c := range changes {
		row := views.ChangeRow{Tone: toneOf(c.Kind), Label: toneLabel(ctx, c.Kind), Says: show.Sentence(ctx, c.Says), Devices: show.Sentence(ctx, c.Devices)}
		if c.Records > 0 {
			row.Records = words.Say(ctx, "%d records", c.Records)
		}
		rows = append(rows, row)
	}
	return rows
}

func toneOf(kind string) views.Tone {
	switch kind {
	case "new", "wider":
		return views.Good
	case "narrower", "gone":
		return views.Warn
	case "refused":
		return views.Bad
	}
	return views.Plain
}

// toneLabel names a sort of change in a word.
func toneLabel(ctx context.Context, kind string) string {
	switch kind {
	case "new":
		return words.Say(ctx, "new")
	case "wider":
		return words.Say(ctx, "looser")
	case "narrower":
		return words.Say(ctx, "stricter")
	case "gone":
		return words.Say(ctx, "taken out")
	case "refused":
		return words.Say(ctx, "cannot be published")
	}
	return words.Say(ctx, "changed")
}
