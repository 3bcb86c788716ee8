package templates

import (
	"strings"

	"github.com/fieldstack/fieldstack/templates/words"
)

// Frame is what is around every page.
type Frame struct {
	Title     string // of the page, for the browser's tab
	Person    *Person
	Section   Section
	Trail     []Link   // from the start to the page before this one
	Notice    string   // what was just done
	Version   string   // of the program
	Path      string   // address of the page, to come back to it
	Server    string   // what its owner calls this server; "" for the program's name
	Attention string   // how many records need attention, for the navigation: "3", "over 20"; "" for none
	Styles    []string // style sheets of the page's area, by name under static/
	Scripts   []string // modules of the page's area, likewise, or below /app/
	Wide      bool     // the page takes all the width there is
	Static    *Static
}

// Person is who is signed in; nil means nobody is.
type Person struct {
	Name, Role                string
	Designs, Manages, Attends bool // may edit types; may manage accounts; sees what needs attention
}

// Section is a part of the navigation.
type Section string

// The sections.
const (
	SectionTypes     Section = "types"
	SectionAttention Section = "attention"
	SectionPeople    Section = "people"
	SectionDevices   Section = "devices"
	SectionTokens    Section = "tokens"
	SectionActivity  Section = "activity"
	SectionSettings  Section = "settings"
	SectionAccount   Section = "account"
)

// way is one entry of the navigation. Its text is said in the reader's language.
type way struct {
	section Section
	text    string
	href    string
	count   string
}

// ways lists where the person may go from any page.
func (f Frame) ways() []way {
	list := []way{{SectionTypes, words.Key("Types"), "/admin", ""}}
	if f.Person.Attends {
		list = append(list, way{SectionAttention, words.Key("Needs attention"), "/admin/attention", f.Attention})
	}
	if f.Person.Manages {
		list = append(list, way{SectionPeople, words.Key("People"), "/admin/people", ""})
	}
	list = append(list,
		way{SectionDevices, words.Key("Devices"), "/admin/devices", ""},
		way{SectionTokens, words.Key("Tokens"), "/admin/tokens", ""})
	if f.Person.Manages {
		list = append(list,
			way{SectionActivity, words.Key("Activity"), "/admin/activity", ""},
			way{SectionSettings, words.Key("Settings"), "/admin/settings", ""})
	}
	return append(list,
		way{"", words.Key("App"), "/app/", ""})
}

// brand is what stands at the top of every page.
func (f Frame) brand() string {
	if f.Server != "" {
		return f.Server
	}
	return "fieldstack"
}

// script is where a module is loaded from: one of the app's own, or a file of ours.
func (f Frame) script(name string) string {
	if strings.HasPrefix(name, "/app/") {
		return name
	}
	return f.Static.URL(name)
}

// Link leads somewhere.
type Link struct{ Text, Href string }

// Tab is one of several views of the same thing.
type Tab struct {
	Text, Href string
	Current    bool
}

// Secret is something shown once.
type Secret struct{ Label, Text, Explained string }

// Moment is a point in time: for machines, exactly, and as people say it. The zero
// Moment is shown as a dash.
type Moment struct{ Machine, Exact, Text string }

func current(is bool) string {
	if is {
		return "page"
	}
	return "false"
}
