package office

import "github.com/fieldstack/fieldstack/templates"

// SettingsPage shows and changes the settings of the server.
type SettingsPage struct {
	Frame     templates.Frame
	Tabs      []templates.Tab
	Saw       string // the settings as they were when the form was made
	Wrong     string
	Name      templates.Input
	Language  templates.Input
	Languages []templates.Choice
	Private   templates.Input
	Privates  []templates.Choice
	Facts     []Fact
}

// Fact is something that is set where the server is started, and only shown here.
type Fact struct{ Label, Text, Flag string }
