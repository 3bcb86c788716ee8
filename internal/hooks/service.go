package hooks

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Items is where hooks are kept; [collections.Store] is one. The contract of each method
// is the one stated there.
type Items interface {
	Item(ctx context.Context, kind, key string) (*collections.Item, error)
	Items(ctx context.Context, kind, after string, limit int) ([]collections.Item, error)
	PutItem(ctx context.Context, item collections.Item) error
	DeleteItem(ctx context.Context, kind, key string) error
}

// Log is what is followed; [collections.Engine] is one.
type Log interface {
	Follow(a collections.Actor, cursor string, o collections.FollowOptions) (*collections.Follower, error)
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
}

// Config is what a Service is made of. Items, Log and Owner are required.
type Config struct {
	Items Items
	Log   Log
	// Owner gives who an account is now. An account that is not there, is disabled or is
	// no owner is a *collections.Error that says so.
	Owner func(ctx context.Context, account string) (collections.Actor, error)

	Private  func() bool                 // whether private addresses may be called now; default no
	Count    func(delivered, failed int) // is told of attempts; may be nil
	Schedule Schedule
	Timeout  time.Duration      // of one attempt, whole; default 15 s
	Now      func() time.Time   // default time.Now
	Random   io.Reader          // default crypto/rand; its reads are one at a time
	Journal  *slog.Logger       // default: discarded
	Agent    string             // User-Agent; default "fieldstack"
	Chore    *collections.Chore // of the server that sends, where several share the store; nil: it is alone
}

func (c Config) withDefaults() Config {
	if c.Private == nil {
		c.Private = func() bool { return false }
	}
	if c.Count == nil {
		c.Count = func(int, int) {}
	}
	if c.Timeout == 0 {
		c.Timeout = 15 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Journal == nil {
		c.Journal = slog.New(slog.DiscardHandler)
	}
	if c.Agent == "" {
		c.Agent = "fieldstack"
	}
	c.Schedule = c.Schedule.withDefaults()
	return c
}

// Service keeps hooks and sends what they are to be told.
type Service struct {
	Config
	sender *sender

	chance sync.Mutex // guards Random

	mu      sync.Mutex // guards workers, sending and closed; held while one is stopped and started
	workers map[string]*worker
	sending context.Context // of the workers; nil: another server sends
	closed  bool
	ctx     context.Context
	stop    func()
	chore   sync.WaitGroup
}

// Open makes a Service and starts a worker for each hook; where several servers share the
// store, when this one is to send.
func Open(ctx context.Context, c Config) (*Service, error) {
	if c.Items == nil || c.Log == nil || c.Owner == nil {
		return nil, errors.New("hooks: the store, the log and the accounts must be given")
	}
	s := &Service{Config: c.withDefaults(), workers: map[string]*worker{}}
	s.sender = newSender(s.Config)
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	if s.Chore != nil {
		s.chore.Go(func() { s.Chore.Run(s.ctx, s.send) })
		return s, nil
	}
	s.sending = s.ctx
	return s, s.bringUp(ctx)
}

// Close stops the workers: what they were about is sent again by the next Service.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.halt()
	s.chore.Wait()
	s.sender.client.CloseIdleConnections()
}

// start starts a hook's worker, if this server sends. The caller holds mu.
func (s *Service) start(id string) {
	if s.closed || s.sending == nil {
		return
	}
	ctx, cancel := context.WithCancel(s.sending)
	w := &worker{s: s, id: id, cancel: cancel, done: make(chan struct{})}
	s.workers[id] = w
	go w.run(ctx)
}

// pausing stops a hook's worker, calls do, and starts the worker again: what do writes
// is not written over.
func (s *Service) pausing(id string, do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(id)
	err := do()
	s.start(id)
	return err
}

func (s *Service) millis() int64 { return s.Now().UnixMilli() }

// between0and1 is chance.
func (s *Service) between0and1() float64 {
	s.chance.Lock()
	defer s.chance.Unlock()
	var b [8]byte
	if _, err := io.ReadFull(s.Random, b[:]); err != nil {
		return 0.5
	}
	return float64(binary.LittleEndian.Uint64(b[:])>>11) / (1 << 53)
}

// newID makes the id of a hook.
func (s *Service) newID() (string, error) {
	s.chance.Lock()
	defer s.chance.Unlock()
	b := make([]byte, 8)
	if _, err := io.ReadFull(s.Random, b); err != nil {
		return "", fmt.Errorf("hooks: random: %w", err)
	}
	return fmt.Sprintf("%x", b), nil
}

// mayManage refuses everybody but owners with all of an owner's rights.
func mayManage(a collections.Actor) error {
	if a.Role != collections.Owner || a.Scopes != nil {
		return collections.Errorf(collections.Forbidden, "", "Only an owner may look at webhooks and change them: ask one.")
	}
	return nil
}
