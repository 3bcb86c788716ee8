package office

import "github.com/fieldstack/fieldstack/templates"

// ServersPage lists the servers that share the store.
type ServersPage struct {
	Frame   templates.Frame
	Tabs    []templates.Tab
	Alone   bool // this one has its store to itself
	Servers []ServerLine
}

// ServerLine is one server.
type ServerLine struct {
	Name, Address string
	Version       string
	State         HookState
	Since, Heard  templates.Moment
	Does          string // for all of them, in words; "" for nothing
}

// BackupsElsewherePage says how a store is backed up that several servers share.
type BackupsElsewherePage struct {
	Frame templates.Frame
	Tabs  []templates.Tab
}
