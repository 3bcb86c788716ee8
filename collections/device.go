package collections

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/fieldstack/fieldstack/crdt"
)

// DeviceReport is what a device says about itself when it syncs. It is shown to people
// and decides nothing: a device may say what it likes.
type DeviceReport struct {
	Label   string         `json:"label,omitempty"`   // what its person calls it
	App     string         `json:"app,omitempty"`     // name and version of the program
	Unsent  int            `json:"unsent"`            // changes that wait on it, without those in this request
	Oldest  int64          `json:"oldest,omitempty"`  // when the oldest of those was made, ms since 1970 UTC, its clock; 0: none waits
	Refused int            `json:"refused,omitempty"` // changes that the server would not take and its person has not dealt with
	Types   map[string]int `json:"types,omitempty"`   // the version it has of each type: what is unsent is no newer
}

// Device is what the server knows of one installed copy: who uses it, when it was heard
// of, what it said then, and what it was given.
type Device struct {
	Replica    crdt.Replica   `json:"replica"`
	User       string         `json:"user"`                 // account id
	Name       string         `json:"name"`                 // sign-in name
	Credential string         `json:"credential,omitempty"` // id of what it proved itself with
	Label      string         `json:"label,omitempty"`      // … what that is called
	Enrolled   bool           `json:"enrolled,omitempty"`   // … which is this device's alone
	First      int64          `json:"first"`                // ms since 1970 UTC, when it was first heard of
	Seen       int64          `json:"seen"`                 // … and last synced, server's clock
	Given      map[string]int `json:"given,omitempty"`      // the version of each type that the last answer left it with
	Reported   bool           `json:"reported"`             // it says something about itself; else Report is empty
	Report     DeviceReport   `json:"report"`
}

// Bounds of a report. What is longer is cut off: nobody's sync fails for it.
const (
	maxDeviceText  = 100 // code points of a label, an app
	maxDeviceTypes = MaxSubscriptions
	maxDevices     = 100 // copies remembered of one person; the one not heard of for longest goes
)

// bounded gives the report as it is kept.
func (r *DeviceReport) bounded() DeviceReport {
	kept := *r
	kept.Label, kept.App = clipText(r.Label), clipText(r.App)
	kept.Unsent, kept.Refused, kept.Oldest = max(0, r.Unsent), max(0, r.Refused), max(0, r.Oldest)
	kept.Types = nil
	for name, version := range r.Types {
		if len(kept.Types) < maxDeviceTypes && isTypeName(name) && version > 0 {
			if kept.Types == nil {
				kept.Types = map[string]int{}
			}
			kept.Types[name] = version
		}
	}
	return kept
}

// clipText keeps a line of text that anybody may have made up short, and one line.
func clipText(text string) string {
	line := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, text)
	if runes := []rune(line); len(runes) > maxDeviceText {
		return string(runes[:maxDeviceText])
	}
	return line
}

// Devices lists the copies there are, those of most recent syncs first: for a designer
// everybody's, for others their own. What the last minute brought is in it.
func (e *Engine) Devices(ctx context.Context, a Actor) ([]*Device, error) {
	all := a.mayDesign() == nil
	if !all && a.Scopes != nil {
		return nil, Errorf(Forbidden, "", "This token was made for narrower work: use one without scopes to list devices.")
	}
	devices := map[string]*Device{}
	err := eachItem(ctx, e.store, kindDevice, func(item Item) error {
		d, err := deviceOfItem(item)
		if err == nil && (all || d.User == a.User) {
			devices[item.Key] = d
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for key, d := range e.devices.unwritten() {
		if all || d.User == a.User {
			if old := devices[key]; old != nil {
				d.First = old.First
			}
			devices[key] = d
		}
	}
	list := make([]*Device, 0, len(devices))
	for _, d := range devices {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *Device) int {
		return cmp.Or(cmp.Compare(b.Seen, a.Seen), cmp.Compare(a.Replica, b.Replica))
	})
	return list, nil
}

// ForgetDevice drops what is known of a copy, of which account and which replica: one's own, or anybody's as an owner. One
// that syncs again is known again; one that is not known is no error.
func (e *Engine) ForgetDevice(ctx context.Context, a Actor, user, replica string) error {
	if a.Scopes != nil || a.User != user && a.Role != Owner {
		return Errorf(Forbidden, "", "Only an owner may forget the devices of others.")
	}
	key := user + "/" + replica
	e.devices.drop(user, key)
	return e.store.DeleteItem(ctx, kindDevice, key)
}

// Fleet is where the devices stand with one type.
type Fleet struct {
	Devices []*Device `json:"devices"` // that have the type
	Unsent  []*Device `json:"unsent"`  // … and said last that work from before the latest version waits on them
	Away    []*Device `json:"away"`    // … or were not heard of since that was published: such work may wait on them
}

// Fleet tells where the devices stand with the latest version of a type; for a designer.
func (e *Engine) Fleet(ctx context.Context, a Actor, typ string) (*Fleet, error) {
	if err := a.mayDesign(); err != nil {
		return nil, err
	}
	if _, err := e.grant(a, typ); err != nil {
		return nil, err
	}
	devices, err := e.Devices(ctx, a)
	if err != nil {
		return nil, err
	}
	latest := e.reg.latest(typ)
	fleet := &Fleet{}
	for _, d := range devices {
		switch had := d.Report.Types[typ]; {
		case d.Given[typ] == 0 && had == 0:
			continue
		case d.Report.Unsent > 0 && had < latest.Version:
			fleet.Unsent = append(fleet.Unsent, d)
		case d.Given[typ] < latest.Version:
			fleet.Away = append(fleet.Away, d)
		}
		fleet.Devices = append(fleet.Devices, d)
	}
	return fleet, nil
}

// kindDevice is the kind of the items that keep devices; the key is who uses it and the
// replica, so that nobody can write over what is known of another's.
const kindDevice = "device"

func deviceKey(user string, replica crdt.Replica) string { return user + "/" + replica.String() }

func deviceOfItem(item Item) (*Device, error) {
	d := &Device{}
	if err := json.Unmarshal(item.Data, d); err != nil {
		return nil, fmt.Errorf("collections: device %s: %w", item.Key, err)
	}
	return d, nil
}
