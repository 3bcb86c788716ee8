package collections_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// errDead is what a server that was killed hears of its store.
var errDead = errors.New("the server is dead")

// several is a world in which a number of servers share one store. Between the entries
// of a commit and its records other things happen: other servers write the same records,
// the server dies, or it sleeps until its stream was taken over.
type several struct {
	*world
	shared  *storetest.Store
	servers []*sharedServer
	made    int
	busy    map[*sharedServer]bool
	flying  *device // whose request is on its way
	between int // how often something happened between
	deaths  int
	zombies int

	mu    sync.Mutex
	wakes map[int]func()
}

// sharedServer is one of the servers, as its store sees it.
type sharedServer struct {
	collections.Store
	w      *several
	engine *collections.Engine
	name   string
	dead   atomic.Bool
}

func newSeveral(t *testing.T, seed uint64, servers int) *several {
	w := &several{shared: storetest.Memory(), busy: map[*sharedServer]bool{}, wakes: map[int]func(){}}
	d := &depot{T: t, store: w.shared, millis: &atomic.Int64{}}
	d.millis.Store(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC).UnixMilli())
	for range servers {
		w.start(d)
	}
	d.Engine = w.servers[0].engine
	t.Cleanup(func() {
		for _, s := range w.servers {
			_ = s.engine.Close(context.Background())
		}
	})
	w.world = populate(d, rand.New(rand.NewPCG(seed, 1)))
	return w
}

// start starts one more server.
func (w *several) start(d *depot) *sharedServer {
	w.made++
	s := &sharedServer{Store: w.shared, w: w, name: fmt.Sprint("server ", w.made)}
	skew := time.Duration(w.made%3-1) * 400 * time.Millisecond
	var err error
	s.engine, err = collections.Open(context.Background(), collections.Config{
		Store: s, Server: s.name, Random: rand.NewChaCha8([32]byte{byte(w.made), byte(w.made >> 8)}),
		Now: func() time.Time { return time.UnixMilli(d.millis.Load()).Add(skew) },
	})
	if err != nil {
		d.Fatalf("open %s: %v", s.name, err)
	}
	w.servers = append(w.servers, s)
	return s
}

func (s *sharedServer) Close() error { return nil }

// Wake implements collections.Waker.
func (s *sharedServer) Wake(ctx context.Context, do func()) error {
	s.w.mu.Lock()
	id := len(s.w.wakes)
	s.w.wakes[id] = do
	s.w.mu.Unlock()
	<-ctx.Done()
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	s.w.wakes[id] = func() {}
	return ctx.Err()
}

func (w *several) wakeAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, wake := range w.wakes {
		wake()
	}
}

func (s *sharedServer) PutItem(ctx context.Context, item collections.Item) error {
	if s.dead.Load() {
		return errDead
	}
	defer s.w.wakeAll()
	return s.Store.PutItem(ctx, item)
}

func (s *sharedServer) Head(ctx context.Context) (collections.Position, error) {
	if s.dead.Load() {
		return nil, errDead
	}
	return s.Store.Head(ctx)
}

// Commit writes the entries, lets things happen, and then writes the records.
func (s *sharedServer) Commit(ctx context.Context, b *collections.Batch) error {
	if s.dead.Load() {
		return errDead
	}
	first := *b
	first.Records = nil
	if err := s.Store.Commit(ctx, &first); err != nil {
		return err
	}
	if len(b.Entries) > 0 && s.w.world != nil {
		s.w.happen(s)
	}
	if s.dead.Load() {
		return errDead
	}
	return s.Store.Commit(ctx, &collections.Batch{Stream: "records", Records: b.Records})
}

// happen is called between the entries and the records of a commit of a server that the
// world waits for.
func (w *several) happen(s *sharedServer) {
	if w.busy[s] || len(w.busy) == len(w.servers)-1 || w.IntN(4) != 0 {
		return
	}
	w.between++
	w.busy[s] = true
	defer delete(w.busy, s)
	engine := w.Engine
	defer func() { w.Engine = engine }()
	w.wakeAll() // who reads past the level of a stream finds an entry without its record
	time.Sleep(2 * time.Millisecond)
	if v := w.flying; v != nil && w.IntN(2) == 0 {
		// The device gave up waiting, worked on, and tries another server.
		w.Engine = w.pick().engine
		w.editOrder(v)
		w.trip(v)
	}
	for range w.IntN(4) {
		w.turn()
	}
	switch w.IntN(12) {
	case 0:
		w.deaths++
		s.dead.Store(true)
	case 1:
		w.zombies++
		w.sleepThrough(s)
	}
}

// sleepThrough lets so much time pass that the others take the server's stream.
func (w *several) sleepThrough(s *sharedServer) {
	owned := func() bool {
		items, err := w.shared.Items(context.Background(), "stream", "", 100)
		if err != nil {
			w.Fatal(err)
		}
		for _, item := range items {
			if string(item.Data[:len(`{"owner":"`)+len(s.name)+1]) == `{"owner":"`+s.name+`"` {
				return true
			}
		}
		return false
	}
	for until := time.Now().Add(20 * time.Second); owned() && time.Now().Before(until); time.Sleep(time.Millisecond) {
		w.millis.Add(1000)
		w.wakeAll()
	}
}

// turn is a step of the world on a server that is not busy.
func (w *several) turn() {
	w.Engine = w.pick().engine
	w.stepWith()
}

// pick chooses a server that is alive and not busy.
func (w *several) pick() *sharedServer {
	for {
		if s := w.servers[w.IntN(len(w.servers))]; !w.busy[s] && !s.dead.Load() {
			return s
		}
	}
}

// stepWith is like step of a world, but that a server may be dead or behind: then the
// device tries again another time.
func (w *several) stepWith() {
	w.millis.Add(w.Int64N(500))
	v := w.devices[w.IntN(len(w.devices))]
	switch w.IntN(8) {
	case 0, 1, 2:
		w.editOrder(v)
	case 3:
		w.atDesk()
	default:
		w.trip(v)
	}
}

// trip is a round trip of a device, of which the answer may get lost.
func (w *several) trip(v *device) {
	w.Helper()
	before := w.flying
	w.flying = v
	ctx := w.Context()
	if len(w.busy) > 0 { // what it waits for may be what waits for it
		var stop func()
		ctx, stop = context.WithTimeout(ctx, 50*time.Millisecond)
		defer stop()
	}
	answer, err := w.Sync(ctx, v.actor, v.request(1+w.IntN(5)))
	w.flying = before
	if errors.Is(err, context.DeadlineExceeded) {
		return
	}
	if err != nil {
		wantCode(w, err, collections.Unavailable)
		return
	}
	if w.IntN(6) != 0 && answer != nil {
		v.take(answer)
	}
}

// atDesk changes something by REST.
func (w *several) atDesk() {
	if len(w.orders) == 0 {
		return
	}
	id := w.orders[w.IntN(len(w.orders))]
	_, err := w.Patch(w.Context(), olga, "order", id, map[string]any{"secret": fmt.Sprint(w.IntN(9)), "assignee": "wim"})
	if code := codeOf(err); err != nil && code != collections.NotFound {
		wantCode(w, err, collections.Unavailable)
	}
}

func codeOf(err error) collections.Code {
	var e *collections.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// bury replaces the dead by new servers, so that as many are there as before.
func (w *several) bury() {
	for i := 0; i < len(w.servers); i++ {
		if s := w.servers[i]; s.dead.Load() {
			_ = s.engine.Close(w.Context())
			w.servers = append(w.servers[:i], w.servers[i+1:]...)
			w.start(w.depot)
			i--
		}
	}
}

// calm has every stream that nobody holds any more taken over, and all servers hear of
// all there is.
func (w *several) calm() {
	w.Helper()
	w.bury()
	for range 3 {
		for range 12 {
			w.millis.Add(1000)
			w.wakeAll()
			time.Sleep(5 * time.Millisecond)
		}
	}
	head, err := w.shared.Head(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range w.servers {
		for until := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
			at := s.engine.Stats().Head
			if reached(at, head) {
				break
			}
			if time.Now().After(until) {
				w.Fatalf("%s has read to %v of %v", s.name, at, head)
			}
			w.millis.Add(100)
			w.wakeAll()
		}
	}
}

// Ensure that servers that share a store, die in the middle of a commit, or wake up when
// somebody else has their stream, lose nothing and count nothing twice: every device has
// what the server has, whichever it asks, every record is what the log makes of it.
func TestSeveral_World(t *testing.T) {
	worlds := 12
	if testing.Short() {
		worlds = 3
	}
	between, deaths, zombies := 0, 0, 0
	for seed := range worlds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newSeveral(t, uint64(seed), 3)
			for range 150 {
				w.bury()
				w.turn()
			}
			w.calm()
			for range 2 {
				for _, s := range w.servers {
					w.Engine = s.engine
					w.settle()
					w.calm()
				}
			}
			for _, s := range w.servers {
				w.Engine = s.engine
				for _, v := range w.devices {
					v.sync()
					w.check(v)
				}
			}
			w.checkAcks()
			w.checkReplay("order")
			between, deaths, zombies = between+w.between, deaths+w.deaths, zombies+w.zombies
		})
	}
	t.Logf("%d times something happened in the middle of a commit, %d deaths, %d zombies", between, deaths, zombies)
	if between == 0 || deaths == 0 || zombies == 0 {
		t.Error("too little happened to prove anything")
	}
}
