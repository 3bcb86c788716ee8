package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/internal/auth"
)

// Sessions is what the server asks about who calls; [auth.Service] is one.
type Sessions interface {
	Authenticate(ctx context.Context, text string) (*auth.Identity, error)
	Check(ctx context.Context, who *auth.Identity) (*auth.Identity, error)
	Watch(who *auth.Identity) (revoked <-chan struct{}, stop func())
}

// Config is what a Server is made of. Sessions is required, zero members mean the
// default that is named.
type Config struct {
	Sessions       Sessions
	Now            func() time.Time // default time.Now
	Random         io.Reader        // default crypto/rand
	Log            *slog.Logger     // default: discarded
	TrustedProxies []netip.Prefix   // whose X-Forwarded-* headers are believed; none
	AllowOrigins   []string         // whose pages may use the API with a token (see CheckOrigin); none

	// Answered is told of each answer: the class of its route, its status, and how long it
	// took; of a stream, until it began. It must be quick. May be nil.
	Answered func(class string, status int, took time.Duration)

	BodyLimit   int           // bytes of a request body; 8 MiB
	ReadTime    time.Duration // for a whole request to arrive; 60 s
	WriteTime   time.Duration // for an answer to leave; 60 s
	IdleTime    time.Duration // between requests of one connection; 90 s
	HandlerTime time.Duration // deadline of a handler's context; 60 s
	UploadTime  time.Duration // … of one that takes a file as it arrives, each piece within ReadTime; 1 h

	Heartbeat      time.Duration // of an idle event stream; 15 s
	StreamPatience time.Duration // for one event to be taken by its reader; 10 s
	MaxStreams     int           // open at once; 10,000
	MaxStreamsEach int           // of one account; 100

	Linger time.Duration // how long who is still connected is told that the server stops, before it does; 0
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Answered == nil {
		c.Answered = func(string, int, time.Duration) {}
	}
	c.Log = slog.New(LogRequests(c.Log.Handler()))
	c.BodyLimit = cmp.Or(c.BodyLimit, 8<<20)
	c.ReadTime = cmp.Or(c.ReadTime, 60*time.Second)
	c.WriteTime = cmp.Or(c.WriteTime, 60*time.Second)
	c.IdleTime = cmp.Or(c.IdleTime, 90*time.Second)
	c.HandlerTime = cmp.Or(c.HandlerTime, 60*time.Second)
	c.UploadTime = cmp.Or(c.UploadTime, time.Hour)
	c.Heartbeat = cmp.Or(c.Heartbeat, 15*time.Second)
	c.StreamPatience = cmp.Or(c.StreamPatience, 10*time.Second)
	c.MaxStreams = cmp.Or(c.MaxStreams, 10_000)
	c.MaxStreamsEach = cmp.Or(c.MaxStreamsEach, 100)
	return c
}

// headerBuffer bounds the request line and headers together.
const headerBuffer = 16 << 10

// Server is the app with its defences. Routes are registered before it serves;
// then it is safe for concurrent use.
type Server struct {
	config  Config
	app     *fiber.App
	routes  []Route
	folders map[string]bool // paths of routes that end in /
	streams *streams
	conns   connections
	drain   drain
	origin  *http.CrossOriginProtection
	random  sync.Mutex // guards config.Random

	base context.Context // of all requests; ends after the last of them
	stop context.CancelFunc
}

// New makes a server without routes.
func New(c Config) (*Server, error) {
	if c.Sessions == nil {
		return nil, errors.New("web: no sessions given")
	}
	s := &Server{config: c.withDefaults(), origin: http.NewCrossOriginProtection(), folders: map[string]bool{}}
	s.conns.open = make(map[net.Conn]struct{})
	s.base, s.stop = context.WithCancel(context.Background())
	s.streams = newStreams(s.base, s.config)
	s.app = fiber.New(fiber.Config{
		Immutable:                    true, // else strings change under whoever keeps them
		StreamRequestBody:            true, // which takes any length: see body
		BodyLimit:                    s.config.BodyLimit,
		ReadTimeout:                  s.config.ReadTime,
		WriteTimeout:                 s.config.WriteTime,
		IdleTimeout:                  s.config.IdleTime,
		ReadBufferSize:               headerBuffer,
		ErrorHandler:                 s.failBeforeRouting,
		StrictRouting:                true,
		CaseSensitive:                true,
		DisableStartupMessage:        true,
		DisablePreParseMultipartForm: true,
	})
	s.app.Server().CloseOnShutdown = true
	s.app.Server().KeepHijackedConns = true // event streams outlive the function that takes them over
	s.app.Server().ConnState = s.conns.track
	s.app.Use(s.enter)
	return s, nil
}

// Now is the time by the server's clock.
func (s *Server) Now() time.Time { return s.config.Now() }

// Serve answers on ln until Shutdown, and then returns nil. TLS is the listener's business.
func (s *Server) Serve(ln net.Listener) error { return s.app.Listener(calmListener{ln}) }
