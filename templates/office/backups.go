package office

import "github.com/fieldstack/fieldstack/templates"

// BackupsPage lists the backups, and makes them.
type BackupsPage struct {
	Frame    templates.Frame
	Tabs     []templates.Tab
	Wrong    string
	Running  bool
	Done     string // of the one being made, in percent; "" while nobody knows
	Staged   string // the one that the next start restores; "" for none
	Failed   string // why the last restore did not come about
	Most     int64  // bytes of a backup that is brought
	TooLarge string // what is said of one that has more
	Backups  []BackupLine
	Saw      string // the plan as it was when the form was made
	At       templates.Input
	Keep     templates.Input
}

// BackupLine is one backup among others.
type BackupLine struct {
	Name, Href string
	Made       templates.Moment
	Kind       string
	Size       string
}

// BackupPage shows what is in a backup, and restores it.
type BackupPage struct {
	Frame   templates.Frame
	Name    string
	Path    string
	Made    templates.Moment
	Kind    string
	Size    string
	Wrong   string // why it cannot be restored
	Newest  templates.Moment
	Records string
	Entries string
	Types   []TypeCount
}

// TypeCount is how many records of a type there are.
type TypeCount struct{ Type, Records, Trash string }

// RestartPage says that the server starts anew.
type RestartPage struct {
	Frame templates.Frame
	Name  string
}
