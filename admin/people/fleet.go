package people

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	view "github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/words"
)

// fleet is the devices that the asker may know, joined from what the engine heard of them
// and from what they prove themselves with.
type fleet struct {
	devices []device // those heard of last first
	seen    map[string]int64
	count   map[string]int // by account: devices that can sync
	unsent  map[string]int // … changes that wait on them
}

// device is one of them.
type device struct {
	row    view.DeviceRow
	user   string
	seen   int64
	unsent int
	behind bool
}

// fleet reads it.
func (p *pages) fleet(v *ui.Visit) (*fleet, error) {
	ctx := v.UserContext()
	heard, err := p.Engine.Devices(ctx, v.Actor())
	if err != nil {
		return nil, err
	}
	list, err := p.Accounts.Credentials(ctx, v.Actor())
	if err != nil {
		return nil, err
	}
	names, err := p.accountNames(v)
	if err != nil {
		return nil, err
	}
	types, err := p.Engine.Types(ctx, v.Actor())
	if err != nil {
		return nil, err
	}
	f := &fleet{seen: map[string]int64{}, count: map[string]int{}, unsent: map[string]int{}}
	credentials := map[string]*auth.Credential{}
	for _, c := range list {
		credentials[c.ID] = c
		f.seen[c.Account] = max(f.seen[c.Account], c.Used)
	}
	for _, d := range heard {
		f.add(p.deviceOf(ctx, v, d, credentials[d.Credential], types))
		delete(credentials, d.Credential)
	}
	for _, c := range list {
		if c.Kind == auth.Device && credentials[c.ID] != nil {
			f.add(p.unheard(ctx, c, names[c.Account]))
		}
	}
	slices.SortStableFunc(f.devices, func(a, b device) int { return cmp.Compare(b.seen, a.seen) })
	return f, nil
}

func (f *fleet) add(d device) {
	f.devices = append(f.devices, d)
	f.seen[d.user] = max(f.seen[d.user], d.seen)
	if d.row.Gone == "" {
		f.count[d.user]++
	}
	f.unsent[d.user] += d.unsent
}

// deviceOf shows a device that was heard of; c is what it proved itself with, nil where
// that has ended or is not the asker's to know.
func (p *pages) deviceOf(ctx context.Context, v *ui.Visit, d *collections.Device, c *auth.Credential, types []*collections.Type) device {
	mine := v.Actor().Role.Includes(collections.Owner) || d.User == v.Actor().User
	shown := device{user: d.User, seen: d.Seen, unsent: d.Report.Unsent, row: view.DeviceRow{
		Label: cmp.Or(d.Report.Label, d.Label), Person: d.Name, App: d.Report.App, Seen: p.Moment(ctx, d.Seen), Unknown: !d.Reported,
	}}
	row := &shown.row
	switch {
	case c != nil:
		row.Label, row.Kind = cmp.Or(row.Label, c.Label), kindWords(ctx, c.Kind)
		row.SignOut = "/admin/devices/" + c.ID + "/sign-out"
		shown.seen = max(d.Seen, c.Used)
	case mine && d.Credential != "":
		row.Gone = words.Say(ctx, "is signed out")
	}
	if mine {
		row.User, row.Replica = d.User, d.Replica.String()
	}
	if row.Label == "" {
		row.Label = words.Say(ctx, "Device %s", d.Replica.String()[:6])
	}
	if n := d.Report.Unsent; n > 0 {
		row.Unsent = words.Say(ctx, "%d unsent", n)
		if d.Report.Oldest > 0 {
			row.Unsent = words.Say(ctx, "%d unsent, since %s", n, ui.Lasted(ctx, p.Now().Sub(time.UnixMilli(d.Report.Oldest))))
		}
	}
	if n := d.Report.Refused; n > 0 {
		row.Refused = words.Say(ctx, "%d refused", n)
	}
	for _, t := range types {
		if had := d.Given[t.Name]; had > 0 && had < t.Version {
			row.Behind = append(row.Behind, words.Say(ctx, "%s: version %d of %d", ui.TypeTitle(t), had, t.Version))
		}
	}
	shown.behind = len(row.Behind) > 0
	return shown
}

// unheard shows a device that was enrolled and never synced.
func (p *pages) unheard(ctx context.Context, c *auth.Credential, name string) device {
	return device{user: c.Account, seen: c.Used, row: view.DeviceRow{
		Label: c.Label, Person: name, Kind: kindWords(ctx, c.Kind), Gone: words.Say(ctx, "never synced"), Unknown: true,
		SignOut: "/admin/devices/" + c.ID + "/sign-out",
	}}
}

// kindWords says how a device proves itself.
func kindWords(ctx context.Context, k auth.Kind) string {
	switch k {
	case auth.Device:
		return words.Say(ctx, "enrolled")
	case auth.Session:
		return words.Say(ctx, "browser")
	}
	return words.Say(ctx, "program")
}
