package office

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/activity"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

// span is how much is shown, and in how many parts.
type span struct {
	name string
	part time.Duration // an hour, or several that a day has a whole number of
	bars int
}

// spans lists them, the usual one first.
var spans = []span{{"24h", time.Hour, 24}, {"7d", 6 * time.Hour, 28}, {"30d", 24 * time.Hour, 30}}

// spanOf finds the one that is asked for.
func spanOf(name string) span {
	for _, s := range spans {
		if s.name == name {
			return s
		}
	}
	return spans[0]
}

func (s span) title(ctx context.Context) string {
	switch s.name {
	case "7d":
		return words.Say(ctx, "7 days")
	case "30d":
		return words.Say(ctx, "30 days")
	}
	return words.Say(ctx, "24 hours")
}

func (s span) inWords(ctx context.Context) string {
	switch s.name {
	case "7d":
		return words.Say(ctx, "in the last 7 days")
	case "30d":
		return words.Say(ctx, "in the last 30 days")
	}
	return words.Say(ctx, "in the last 24 hours")
}

// activity shows what went on, as charts.
func (p *pages) activity(v *ui.Visit) error {
	ctx := v.UserContext()
	s := spanOf(v.Query("span"))
	parts, err := p.parts(ctx, s)
	if err != nil {
		return err
	}
	page := views.ActivityPage{
		Frame: p.frame(v, templates.SectionActivity, words.Say(ctx, "Activity")), Tabs: activityTabs(ctx, false),
		Span: s.inWords(ctx), Charts: charts(ctx, s, parts), Quiet: isQuiet(parts),
	}
	page.Frame.Scripts = append(page.Frame.Scripts, "office.js")
	for _, one := range spans {
		page.Spans = append(page.Spans, templates.Tab{Text: one.title(ctx), Href: "/admin/activity?span=" + one.name, Current: one == s})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Activity(page))
}

func activityTabs(ctx context.Context, log bool) []templates.Tab {
	return []templates.Tab{
		{Text: words.Say(ctx, "What goes on"), Href: "/admin/activity", Current: !log},
		{Text: words.Say(ctx, "Who did what"), Href: "/admin/activity/log", Current: log},
	}
}

// parts sums the hours up, a part of the span each; the last is the one that it is now.
func (p *pages) parts(ctx context.Context, s span) ([]activity.Hour, error) {
	end := p.Now().UTC().Truncate(s.part).Add(s.part)
	begin := end.Add(-time.Duration(s.bars) * s.part)
	hours, err := p.Activity.Hours(ctx, begin, end)
	if err != nil {
		return nil, err
	}
	parts := make([]activity.Hour, s.bars)
	for i := range parts {
		from, to := begin.Add(time.Duration(i)*s.part).UnixMilli(), begin.Add(time.Duration(i+1)*s.part).UnixMilli()
		var mine []activity.Hour
		for _, h := range hours {
			if h.Start >= from && h.Start < to {
				mine = append(mine, h)
			}
		}
		parts[i] = activity.Sum(mine)
		parts[i].Start = from
	}
	return parts, nil
}

func isQuiet(parts []activity.Hour) bool {
	return activity.Sum(parts).Counts == activity.Counts{}
}

// counted is what one chart shows: what the lower and the upper part of a bar count.
type counted struct {
	id, title, about string
	main, rest       string
	values           func(activity.Hour) (main, rest uint64)
}

// charts makes them all.
func charts(ctx context.Context, s span, parts []activity.Hour) []views.Chart {
	var list []views.Chart
	for _, c := range []counted{
		{"changes", words.Say(ctx, "Changes"), words.Say(ctx, "What people did to records, each saving or offline edit counted once."), words.Say(ctx, "accepted"), words.Say(ctx, "refused"),
			func(h activity.Hour) (uint64, uint64) { return h.Accepted, h.Refused }},
		{"syncs", words.Say(ctx, "Syncs"), words.Say(ctx, "How often devices came to send and fetch."), words.Say(ctx, "syncs"), "",
			func(h activity.Hour) (uint64, uint64) { return h.Syncs, 0 }},
		{"devices", words.Say(ctx, "Devices"), words.Say(ctx, "How many different devices came."), words.Say(ctx, "devices"), "",
			func(h activity.Hour) (uint64, uint64) { return uint64(len(h.Devices)), 0 }},
		{"merges", words.Say(ctx, "Merges"), words.Say(ctx, "Changes that met work their author had not seen. Both were kept."), words.Say(ctx, "merged without a question"), words.Say(ctx, "met another value for the same field"),
			func(h activity.Hour) (uint64, uint64) { return h.Merged - min(h.Merged, h.Conflicts), h.Conflicts }},
		{"webhooks", words.Say(ctx, "Webhooks"), words.Say(ctx, "Messages to other programs."), words.Say(ctx, "taken"), words.Say(ctx, "failed attempts"),
			func(h activity.Hour) (uint64, uint64) { return h.Delivered, h.Failed }},
	} {
		list = append(list, c.chart(ctx, s, parts))
	}
	return list
}

// chart draws one.
func (c counted) chart(ctx context.Context, s span, parts []activity.Hour) views.Chart {
	most := uint64(1)
	for _, h := range parts {
		main, rest := c.values(h)
		most = max(most, main+rest)
	}
	sumMain, sumRest := c.values(activity.Sum(parts))
	chart := views.Chart{
		ID: c.id, Title: c.title, About: c.about, Main: c.main, Rest: c.rest,
		Total: number(ctx, sumMain+sumRest), Most: number(ctx, most),
		From: momentOf(s, parts[0].Start), To: momentOf(s, parts[len(parts)-1].Start),
	}
	if c.rest != "" && sumRest > 0 {
		chart.About = line(ctx, c, sumMain, sumRest)
	}
	for _, h := range parts {
		main, rest := c.values(h)
		when := momentOf(s, h.Start)
		chart.Bars = append(chart.Bars, views.Bar{
			When: when, Main: number(ctx, main), Rest: number(ctx, rest),
			MainUp: int(main * 1000 / most), RestUp: int(rest * 1000 / most),
			Tipped: when + ": " + line(ctx, c, main, rest),
		})
	}
	return chart
}

// line says a bar in words.
func line(ctx context.Context, c counted, main, rest uint64) string {
	parts := []string{number(ctx, main) + " " + c.main}
	if c.rest != "" {
		parts = append(parts, number(ctx, rest)+" "+c.rest)
	}
	return strings.Join(parts, ", ")
}

// number writes a number as the reader's language groups it.
func number(ctx context.Context, n uint64) string { return words.Say(ctx, "%d", n) }

// momentOf says when a part of a span begins, in UTC.
func momentOf(s span, ms int64) string {
	t := time.UnixMilli(ms).UTC()
	switch s.name {
	case "24h":
		return t.Format("2 Jan, 15:04")
	case "7d":
		return t.Format("Mon 2 Jan, 15:04")
	}
	return t.Format("Mon 2 Jan")
}
