package office

import "github.com/fieldstack/fieldstack/templates"

// LogPage shows what people did in the admin.
type LogPage struct {
	Frame    templates.Frame
	Tabs     []templates.Tab
	Who      templates.Input
	Area     templates.Input
	Areas    []templates.Choice
	From, To templates.Input
	Clear    string // address without the filters; "" when there are none
	CSV      string // address of the same as a file
	Lines    []Line
	Older    string // address of what comes after; "" at the end
	Filtered bool
}

// Line is one thing that somebody did.
type Line struct {
	When   templates.Moment
	Who    string
	Area   string
	Did    string
	About  string
	Detail string
	From   string
}

func currently(is bool) string {
	if is {
		return "page"
	}
	return "false"
}
