package collections_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
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
	said    strings.Builder // what the servers logged
	busy    map[*sharedServer]bool
	flying  *device // whose request is on its way
	between int     // how often something happened between
	deaths  int
	zombies int

	mu    sync.Mutex
	wakes map[int]func()

	meanwhile func(s *sharedServer) // instead of what happens at random; may be nil
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
		if t.Failed() {
			t.Logf("the servers said:\n%s", w.said.String())
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
		Log: slog.New(slog.NewTextHandler(&w.said, &slog.HandlerOptions{Level: slog.LevelError})).With("server", s.name),
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
	switch {
	case len(b.Entries) == 0:
	case s.w.meanwhile != nil:
		s.w.meanwhile(s)
	case s.w.world != nil:
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
	answer, err := w.Sync(w.Context(), v.actor, v.request(1+w.IntN(5)))
	w.flying = before
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
	// What a request waits for may be what waits for it.
	defer collections.SetReachTime(50 * time.Millisecond)()
	worlds := 10
	switch {
	case os.Getenv("FIELDSTACK_SOAK") != "":
		worlds = 500
	case testing.Short():
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
			w.meanwhile = func(*sharedServer) {} // from now on all goes well
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
	if between == 0 || deaths+zombies == 0 {
		t.Error("too little happened to prove anything")
	}
}

// pair makes two servers on one store, and something that is done once on the second one
// in the middle of the next commit of the first one.
func pair(t *testing.T) (w *several, a, b *sharedServer, meanwhile func(do func())) {
	w = newSeveral(t, 1, 2)
	w.meanwhile = func(*sharedServer) {}
	a, b = w.servers[0], w.servers[1]
	w.Engine = a.engine
	return w, a, b, func(do func()) {
		w.meanwhile = func(s *sharedServer) {
			if s == a {
				w.meanwhile = func(*sharedServer) {}
				do()
			}
		}
	}
}

// eventually waits for something that happens in the background.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// Ensure that of two records that two servers take in at once with the same unique value
// one holds it and the other carries the problem, as if one had come after the other.
func TestSeveral_Unique(t *testing.T) {
	w, _, b, meanwhile := pair(t)
	w.publish("asset", `{"type":"object","properties":{"code":{"type":"string","title":"Code","x-unique":true}}}`)
	eventually(t, "the other server knows the type", func() bool {
		_, err := b.engine.Type(t.Context(), olga, "asset", 0)
		return err == nil
	})
	var other string
	meanwhile(func() {
		doc, err := b.engine.Create(t.Context(), olga, "asset", "", map[string]any{"code": "P-1"})
		if err != nil {
			t.Error(err)
			return
		}
		other = doc.ID
	})
	first := w.create(olga, "asset", `{"code":"P-1"}`)
	held := func() string { return w.problems("asset", first) + "|" + w.problems("asset", other) }
	eventually(t, "one of them has the problem", func() bool { return held() == "x-unique /code|" || held() == "|x-unique /code" })
	// When the holder lets go, the other one holds it.
	holder, heir := first, other
	if w.problems("asset", first) != "" {
		holder, heir = other, first
	}
	w.patch(olga, "asset", holder, `{"code":"P-2"}`)
	eventually(t, "the other one holds it", func() bool { return w.problems("asset", heir) == "" })
}

// Ensure that a reference to what another server deletes at the same time is found to
// lead nowhere.
func TestSeveral_Reference(t *testing.T) {
	w, _, b, meanwhile := pair(t)
	w.publish("place", `{"type":"object","properties":{"name":{"type":"string"}}}`)
	w.publish("pump", `{"type":"object","properties":{"at":{"type":"string","title":"At","x-ref":"place"}}}`)
	eventually(t, "the other server knows the types", func() bool {
		_, err := b.engine.Type(t.Context(), olga, "pump", 0)
		return err == nil
	})
	site := w.create(olga, "place", `{"name":"north"}`)
	meanwhile(func() {
		if err := b.engine.Delete(t.Context(), olga, "place", site); err != nil {
			t.Error(err)
		}
	})
	pump := w.create(olga, "pump", `{"at":"`+site+`"}`)
	eventually(t, "the reference is a problem", func() bool { return w.problems("pump", pump) == "x-ref /at" })
}

// Ensure that servers hear of each other's rules, versions and refused changes.
func TestSeveral_Hears(t *testing.T) {
	w, _, b, _ := pair(t)
	w.rule("order", `{"roles":{"worker":{"hidden":["title"]}}}`)
	eventually(t, "the other server hides the field", func() bool {
		g, err := b.engine.Grant(wim, "order")
		return err == nil && g.Hidden["title"]
	})
	bad := creation(0xc1, 1, docID(900), "x")
	bad.Ops = bad.Ops[:1]
	if results, err := w.push(eve, 0xc1, bad); err != nil || results[0].OK {
		t.Fatalf("%s, %v", asJSON(t, results), err)
	}
	eventually(t, "the other server lists the refused change", func() bool {
		list, _, err := b.engine.Refusals(t.Context(), olga, "order", "", 10)
		return err == nil && len(list) == 1
	})
	// A change under a version that the other server has not heard of yet is accepted.
	w.publish("note", `{"type":"object","properties":{"text":{"type":"string"}}}`)
	c := creation(0xc2, 1, docID(901), "x")
	c.Type, c.Ops = "note", []crdt.Op{c.Ops[0], set("text", "x")}
	answer, err := b.engine.Sync(t.Context(), eve, &collections.SyncRequest{Replica: 0xc2, Changes: []*crdt.Change{c}})
	if err != nil || !answer.Results[0].OK {
		t.Fatalf("%s, %v", asJSON(t, answer), err)
	}
}
