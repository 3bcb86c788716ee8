package office

import (
	"context"
	"io"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/activity"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/backups"
	"github.com/fieldstack/fieldstack/internal/hooks"
	"github.com/fieldstack/fieldstack/internal/servers"
	"github.com/fieldstack/fieldstack/internal/settings"
)

// Asks is what the pages ask of the rest of the house. All of it is required, but Backups
// and Restart where the store is Shared.
type Asks struct {
	Activity  Activity
	Trail     Trail
	Hooks     Hooks
	Settings  Settings
	Backups   Backups
	MaxBackup int64  // bytes of a backup that is brought; 0: none can be
	Restart   func() // starts the server anew, soon; returns at once
	Types     Types
	Servers   Servers
	Shared    bool   // other servers may have the store as well: none of them backs it up
	Facts     []Fact // what is set where the server is started
}

// Fact is something that is set where the server is started.
type Fact struct {
	Name  FactName
	Value string // "" where it has none
	Flag  string // that sets it
}

// FactName says what a Fact is about.
type FactName string

// The facts that are shown.
const (
	FactHistory FactName = "history" // how long it is kept, as time.Duration says it; "": for ever
	FactOrigins FactName = "origins" // whose pages may use the API; "": none
	FactData    FactName = "data"    // the data folder
)

// Activity is who counts; [activity.Counter] does.
type Activity interface {
	Hours(ctx context.Context, from, to time.Time) ([]activity.Hour, error)
}

// Trail is who keeps what people did; [auth.Service] does.
type Trail interface {
	Trail(ctx context.Context, a collections.Actor, f auth.TrailFilter, after string, limit int) ([]*auth.AuditEntry, string, error)
	Note(ctx context.Context, a collections.Actor, e auth.AuditEntry)
}

// Hooks is who keeps webhooks; [hooks.Service] does.
type Hooks interface {
	List(ctx context.Context, a collections.Actor) ([]*hooks.Listed, error)
	Get(ctx context.Context, a collections.Actor, id string) (*hooks.Listed, error)
	Create(ctx context.Context, a collections.Actor, h hooks.Hook) (*hooks.Hook, string, error)
	Update(ctx context.Context, a collections.Actor, id string, from, to hooks.Hook) (*hooks.Hook, error)
	Remove(ctx context.Context, a collections.Actor, id string) error
	Resume(ctx context.Context, a collections.Actor, id string) error
	Skip(ctx context.Context, a collections.Actor, id string) error
	NewSecret(ctx context.Context, a collections.Actor, id string) (string, error)
	Ping(ctx context.Context, a collections.Actor, id string) (*hooks.Delivery, error)
	Deliveries(ctx context.Context, a collections.Actor, id string) ([]*hooks.Delivery, error)
	Delivery(ctx context.Context, a collections.Actor, id, place string) (*hooks.Delivery, error)
	Redeliver(ctx context.Context, a collections.Actor, id, place string) (*hooks.Delivery, error)
}

// Settings is who keeps the settings; [settings.Service] does.
type Settings interface {
	Values(ctx context.Context) settings.Values
	Update(ctx context.Context, a collections.Actor, from, to settings.Values) (settings.Values, error)
}

// Backups is who keeps backups; [backups.Service] does.
type Backups interface {
	Receive(ctx context.Context, a collections.Actor, write func(io.Writer) error) (name string, err error)
	StartRestore(ctx context.Context, a collections.Actor, name string, restart func()) error
	Start(a collections.Actor) error
	Progress() backups.Progress
	List(a collections.Actor) ([]backups.Backup, error)
	Look(ctx context.Context, a collections.Actor, name string) (*backups.Backup, *backups.Report, error)
	Send(ctx context.Context, a collections.Actor, name string, w io.Writer) error
	Remove(a collections.Actor, name string) error
	Stage(ctx context.Context, a collections.Actor, name string) error
	Unstage(a collections.Actor) error
	Staged() (*backups.Staged, error)
	Failed() string
}

// Servers is who knows which servers there are; [servers.Roll] does.
type Servers interface {
	List(ctx context.Context) ([]servers.Seen, error)
}

// Types is who knows the types; [collections.Engine] does.
type Types interface {
	Types(ctx context.Context, a collections.Actor) ([]*collections.Type, error)
}
