package templates

// Frame is what is around every page.
type Frame struct {
	Title   string // of the page, for the browser's tab
	Person  *Person
	Section Section
	Trail   []Link // from the start to the page before this one
	Notice  string // what was just done
	Version string // of the program
	Static  *Static
}

// Person is who is signed in; nil means nobody is.
type Person struct {
	Name, Role       string
	Designs, Manages bool // may edit types; may manage accounts
}

// Section is a part of the navigation.
type Section string

// The sections.
const (
	SectionTypes   Section = "types"
	SectionPeople  Section = "people"
	SectionTokens  Section = "tokens"
	SectionDevices Section = "devices"
	SectionAccount Section = "account"
)

// Link leads somewhere.
type Link struct{ Text, Href string }

// Moment is a point in time: for machines, exactly, and as people say it. The zero
// Moment is shown as a dash.
type Moment struct{ Machine, Exact, Text string }

func current(is bool) string {
	if is {
		return "page"
	}
	return "false"
}
