package office

import (
	"strconv"

	"github.com/fieldstack/fieldstack/templates"
)

// ActivityPage shows what went on, as charts.
type ActivityPage struct {
	Frame  templates.Frame
	Tabs   []templates.Tab // activity, and what admins did
	Spans  []templates.Tab // how much is shown
	Span   string          // … in words: "the last 24 hours"
	Charts []Chart
	Quiet  bool // nothing was counted
}

// Chart is one number over time.
type Chart struct {
	ID       string
	Title    string
	Total    string // of the span
	About    string // what is counted, a sentence
	Main     string // what the lower part of a bar counts
	Rest     string // … and the upper part; "" for none
	Most     string // the largest bar's value
	From, To string // the ends of the time line
	Bars     []Bar
}

// Bar is what was counted in a part of the span. Heights are in thousandths of the
// chart's, Main's from the ground and Rest's on top of it.
type Bar struct {
	When             string
	Main, Rest       string
	MainUp, RestUp   int
	MainText, Tipped string // "12 accepted"; all of it in a line, for who points at it
}

// barWidth is the width of a bar and the gap beside it, in the chart's own units.
const barWidth, barGap = 10, 2

func (c Chart) viewBox() string {
	return "0 0 " + strconv.Itoa(max(1, len(c.Bars))*(barWidth+barGap)-barGap) + " 1000"
}

func barLeft(i int) string { return strconv.Itoa(i * (barWidth + barGap)) }

func down(height int) string { return strconv.Itoa(1000 - height) }

func (c Chart) hasRest() bool { return c.Rest != "" }
