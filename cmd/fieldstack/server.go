package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"time"

	"github.com/fieldstack/fieldstack/admin"
	"github.com/fieldstack/fieldstack/admin/jobs"
	adminpeople "github.com/fieldstack/fieldstack/admin/people"
	"github.com/fieldstack/fieldstack/client/app"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/activity"
	"github.com/fieldstack/fieldstack/internal/api"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/backups"
	"github.com/fieldstack/fieldstack/internal/hooks"
	"github.com/fieldstack/fieldstack/internal/metrics"
	"github.com/fieldstack/fieldstack/internal/servers"
	"github.com/fieldstack/fieldstack/internal/settings"
	"github.com/fieldstack/fieldstack/internal/sqlite"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
)

// defaultData is the data folder when none is named.
const defaultData = "fieldstack-data"

// databaseFile is the name of the store in a data folder.
const databaseFile = "fieldstack.db"

// serverConfig is what a server is made of.
type serverConfig struct {
	Data    string            // folder
	Store   string            // URI of a store that several servers share; "": one in the folder
	Opened  collections.Store // one that several servers share, in tests; nil: Store says
	Name    string            // of this server among them, for people; "": that of the machine
	Listen  string            // host:port; port 0 takes a free one
	Metrics string            // host:port where the metrics are open; "": nowhere
	Proxies []netip.Prefix
	Origins []string // whose pages may use the API with a token
	Stories bool     // show the stories of the admin pages
	Now     func() time.Time
	Log     *slog.Logger
	Keep    time.Duration // how long history is kept; 0: for ever

	DrainDelay time.Duration // how long a server that stops serves on, saying that it goes
	DrainTime  time.Duration // how long what is under way may take then; 0: the default
	Linger     time.Duration // see web.Config

	PrivateHooks bool      // webhooks may call private addresses, whatever the settings say
	MaxImport    int64     // bytes of a file that is imported in the browser; 0: the default
	MaxBackup    int64     // bytes of a backup that is brought in the browser; 0: the default
	Cost         auth.Cost // of password hashes; zero: the default
}

// server is a fieldstack that answers.
type server struct {
	URL           string
	address       string // that it listens on
	engine        *collections.Engine
	accounts      *auth.Service
	activity      *activity.Counter
	settings      *settings.Service
	hooks         *hooks.Service
	backups       *backups.Service
	restart       chan struct{} // has one when the server is asked to start anew
	jobs          *jobs.Runner
	views         *views.Store
	web           *web.Server
	metrics       *metrics.Metrics
	metricsAt     string         // where they are served besides, "" for nowhere
	metricsServer *metricsServer // nil: nowhere
	served        chan error     // what serving ended with
	listener      net.Listener
	drain         time.Duration

	self  servers.Server
	roll  *servers.Roll
	store collections.Store // as it was opened
	lock  io.Closer         // on the folder, where the store is elsewhere
}

// openStore opens the store that several servers share, or the database of a data folder.
func openStore(ctx context.Context, c serverConfig) (collections.Store, error) {
	if c.shared() {
		return openShared(ctx, c)
	}
	return sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(c.Data, databaseFile), Log: c.Log, Now: c.Now})
}

// openEngine opens the engine on a data folder that no server is running on. keep is how
// long history is kept, 0 for ever.
func openEngine(ctx context.Context, dir string, keep time.Duration) (*collections.Engine, error) {
	store, err := openStore(ctx, serverConfig{Data: dir})
	if err != nil {
		return nil, err
	}
	engine, err := collections.Open(ctx, collections.Config{Store: store, KeepHistory: keep})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return engine, nil
}

// startServer opens the store, wires everything to it, and begins to answer.
func startServer(ctx context.Context, c serverConfig) (_ *server, err error) {
	self := newSelf(c)
	lock, err := holdFolder(c)
	if err != nil {
		return nil, err
	}
	opened, err := openStore(ctx, c)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	counted := metrics.New(versionText(), c.Now, c.Log)
	store := counted.Store(opened)
	s := &server{metrics: counted, self: self, store: opened, lock: lock, served: make(chan error, 1), restart: make(chan struct{}, 1), drain: cmp.Or(c.DrainTime, defaultDrainTime)}
	if s.activity, err = activity.Open(ctx, activity.Config{Items: store, Now: c.Now, Log: c.Log}); err != nil {
		return nil, errors.Join(err, store.Close(), lock.Close())
	}
	told := &observer{counter: s.activity}
	s.engine, err = collections.Open(ctx, collections.Config{Store: store, Now: c.Now, Log: c.Log, KeepHistory: c.Keep, Observer: told, Server: c.owner(self)})
	if err != nil {
		return nil, errors.Join(err, s.activity.Close(ctx), store.Close(), lock.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.closeStore())
		}
	}()
	if s.accounts, err = auth.Open(ctx, auth.Config{
		Items: store, Now: c.Now, Log: c.Log, Cost: c.Cost, Shared: c.shared(), Sweeping: s.chore(c, "sweep")}); err != nil {
		return nil, err
	}
	told.accounts.Store(s.accounts)
	if err := s.openOffice(ctx, c); err != nil {
		return nil, err
	}
	s.views = views.New(store, rand.Reader)
	s.jobs = jobs.New(jobs.Config{Items: store, Records: s.engine, Sessions: s.accounts, Alone: !c.shared(), Now: c.Now, Random: rand.Reader, Log: c.Log,
		Ended: func(state jobs.State) { counted.JobEnded(string(state)) }})
	s.web, err = web.New(web.Config{Sessions: s.accounts, Now: c.Now, Log: c.Log, TrustedProxies: c.Proxies, AllowOrigins: c.Origins, Linger: c.Linger, Answered: counted.Answered})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot answer on %s (%w): give another address with --listen, such as 127.0.0.1:8091", c.Listen, err)
	}
	s.URL, s.address = "http://"+shownAddress(listener.Addr()), listener.Addr().String()
	if err := s.enrol(ctx, c); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s.watchOver(c)
	if err := errors.Join(s.mount(c), s.listenForMetrics(c.Metrics)); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s.listener = listener
	go func() { s.served <- s.web.Serve(listener) }()
	return s, nil
}

// shownAddress is where a person on this machine reaches a listener.
func shownAddress(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
}

// mount gives the server its pages, its API and the field app.
func (s *server) mount(c serverConfig) error {
	if err := admin.Mount(s.web, admin.Config{
		Office: s.officeAsks(c), Stories: c.Stories, Types: s.engine, Records: s.engine, Accounts: s.accounts, Tokens: s.accounts,
		Views: s.views, Jobs: s.jobs, Transfer: s.engine, Uploads: uploadsOf(c), People: adminpeople.Asks{Engine: s.engine, Accounts: s.accounts}, Now: c.Now, Version: versionText()}); err != nil {
		return err
	}
	if err := api.Mount(s.web, s.engine, s.accounts, api.Options{
		Version: versionText(), Now: c.Now, Views: s.views, Log: c.Log, Metrics: s.metrics.Handler(), Delivered: s.metrics.Delivered,
		Checks: []api.Check{{Name: "commits", Ask: s.commitsMove}},
	}); err != nil {
		return err
	}
	pages, err := web.Site{
		At: "/app", Files: app.Files(), Hashed: "assets", Shared: []string{"fieldstack.js"}, Worker: "sw.js",
		Manifest: "manifest.webmanifest", Name: func() string { return s.settings.Values(context.Background()).Name },
	}.Routes()
	if err != nil {
		return err
	}
	return s.web.Register(pages...)
}

// defaultMaxImport is how large a file that is imported in the browser may be, in MiB.
const defaultMaxImport = 100

// uploadsOf says where uploaded files are kept, and how large they may be.
func uploadsOf(c serverConfig) admin.Uploads {
	return admin.Uploads{Folder: filepath.Join(c.Data, "uploads"), MaxImport: cmp.Or(c.MaxImport, defaultMaxImport<<20)}
}

// defaultDrainTime is how long a server that stops waits for the requests under way, and
// closeTime how long after that for its jobs, and for what is being written.
const (
	defaultDrainTime = 10 * time.Second
	closeTime        = 10 * time.Second
)

// leave says for a time that the server goes, and serves on: a proxy that looks at
// readiness sends nobody here any more.
func (s *server) leave(delay time.Duration) {
	s.web.Leave()
	time.Sleep(delay)
}

// close lets the requests under way finish, ends streams, and closes the store.
func (s *server) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), s.drain)
	defer cancel()
	err := s.web.Shutdown(ctx)
	// A server that is told to stop before it began to serve would serve for ever.
	_ = s.listener.Close()
	served := <-s.served
	if errors.Is(served, net.ErrClosed) {
		served = nil
	}
	return errors.Join(err, served, s.closeStore())
}

// closeStore closes what has the store open. The engine closes the store itself.
func (s *server) closeStore() error {
	s.closeOffice()
	if s.roll != nil {
		s.leaveRoll()
	}
	if s.accounts != nil {
		s.accounts.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	var err error
	if s.jobs != nil {
		err = s.jobs.Close(ctx)
	}
	return errors.Join(err, s.metricsServer.close(ctx), s.activity.Close(ctx), s.engine.Close(ctx), s.lock.Close())
}

// loopback is where a command on this machine comes from.
var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// makeOwner makes the first account of a new server and signs it in.
func (s *server) makeOwner(ctx context.Context, name, password string) (token string, err error) {
	if _, err := s.accounts.SetUp(ctx, s.accounts.SetupToken(), name, password, loopback); err != nil {
		return "", err
	}
	token, _, err = s.accounts.SignIn(ctx, name, password, loopback)
	return token, err
}
