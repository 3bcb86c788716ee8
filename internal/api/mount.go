package api

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Options are what differs between servers. The zero value is good.
type Options struct {
	Version   string                    // of the program, shown in the contract; default "dev"
	Now       func() time.Time          // default the web server's
	Views     *views.Store              // saved views; nil: there are none
	Metrics   http.Handler              // of GET /metrics; nil: there are none
	Delivered func(after time.Duration) // is told how long after its acceptance a live reader who was level was written something; may be nil
	Checks    []Check                   // of readiness, besides the store and that the server is not stopping
	Patience  time.Duration             // for the checks of readiness to answer; default 2 s
	Log       *slog.Logger              // default: discarded
	Pace      time.Duration             // least time between two looks at the log for one live reader; default 25 ms
}

// api is what the handlers share. It holds no state of its own but what is asked about
// readiness just now.
type api struct {
	engine    *collections.Engine
	accounts  *auth.Service
	server    *web.Server
	options   Options
	readiness *readiness
	syncs     *turns
}

// Mount registers the API on a server that does not serve yet. An error means a
// mistake in the program.
func Mount(server *web.Server, engine *collections.Engine, accounts *auth.Service, o Options) error {
	o.Version = cmp.Or(o.Version, "dev")
	o.Pace = cmp.Or(o.Pace, 25*time.Millisecond)
	o.Patience = cmp.Or(o.Patience, 2*time.Second)
	if o.Delivered == nil {
		o.Delivered = func(time.Duration) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = server.Now
	}
	a := &api{engine: engine, accounts: accounts, server: server, options: o, syncs: newTurns(syncsAtOnce, syncsWaiting, syncPatience, o.Now)}
	a.readiness = &readiness{checks: a.checks(), patience: o.Patience, log: o.Log}
	for _, e := range a.endpoints() {
		if err := server.Register(e.route()); err != nil {
			return err
		}
	}
	return nil
}
