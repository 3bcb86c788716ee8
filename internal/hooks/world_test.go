package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

var olga = collections.Actor{User: "u-olga", Name: "olga", Role: collections.Owner}

// world is an engine with a type, and a service that can crash and come back.
type world struct {
	*Service
	t      testing.TB
	engine *collections.Engine
	store  collections.Store
	items  *mortal
	config Config
}

// mortal is a store as a process sees it that can be killed: from then on it writes
// nothing any more.
type mortal struct {
	collections.Store
	mu   sync.Mutex
	dead bool
}

var errDead = errors.New("this process is dead")

func (m *mortal) kill() { m.mu.Lock(); defer m.mu.Unlock(); m.dead = true }

func (m *mortal) PutItem(ctx context.Context, item collections.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errDead
	}
	return m.Store.PutItem(ctx, item)
}

func (m *mortal) DeleteItem(ctx context.Context, kind, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errDead
	}
	return m.Store.DeleteItem(ctx, kind, key)
}

// quick is a schedule that tests need not wait for.
var quick = Schedule{First: time.Millisecond, Most: 4 * time.Millisecond, GiveUp: time.Hour}

func newWorld(t testing.TB, change func(*Config)) *world {
	t.Helper()
	w := &world{t: t, store: storetest.Memory()}
	var err error
	if w.engine, err = collections.Open(t.Context(), collections.Config{Store: w.store}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.engine.Close(context.Background()) })
	w.publish("site", `{"type":"object","title":"Site","properties":{"name":{"type":"string","title":"Name"},"status":{"enum":["open","done"],"title":"Status"},"doubt":{"type":"string","x-merge":"conflict"}}}`)
	w.config = Config{
		Log: w.engine, Schedule: quick, Timeout: 100 * time.Millisecond, Private: func() bool { return true },
		Owner: func(context.Context, string) (collections.Actor, error) { return olga, nil },
	}
	if change != nil {
		change(&w.config)
	}
	w.open()
	t.Cleanup(func() { w.Close() })
	return w
}

// open starts a service, as a process does.
func (w *world) open() {
	w.t.Helper()
	w.items = &mortal{Store: w.store}
	w.config.Items = w.items
	s, err := Open(context.Background(), w.config)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Service = s
}

// crash kills the process and starts another.
func (w *world) crash() {
	w.t.Helper()
	w.items.kill()
	w.Close()
	w.open()
}

func (w *world) publish(name, text string) {
	w.t.Helper()
	ctx := context.Background()
	if _, err := w.engine.SaveDraft(ctx, olga, collections.Draft{Name: name, Schema: json.RawMessage(text)}); err != nil {
		w.t.Fatal(err)
	}
	if _, _, err := w.engine.Publish(ctx, olga, name, nil); err != nil {
		w.t.Fatal(err)
	}
}

// put makes a record, or changes it if id is given.
func (w *world) put(id string, value map[string]any) string {
	w.t.Helper()
	var d *collections.Document
	var err error
	if id == "" {
		d, err = w.engine.Create(context.Background(), olga, "site", "", value)
	} else {
		d, err = w.engine.Patch(context.Background(), olga, "site", id, value)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return d.ID
}

// hookTo makes a hook of all events.
func (w *world) hookTo(url string, change func(*Hook)) (*Hook, string) {
	w.t.Helper()
	h := Hook{Name: "test", URL: url, Events: Events(), Enabled: true}
	if change != nil {
		change(&h)
	}
	made, secret, err := w.Create(context.Background(), olga, h)
	if err != nil {
		w.t.Fatal(err)
	}
	return made, secret
}

// endpoint is a program that is told things.
type endpoint struct {
	*httptest.Server
	mu     sync.Mutex
	answer func(w http.ResponseWriter, r *http.Request, n int) (taken bool) // nil: 200
	n      int
	took   []got
	came   chan struct{} // has room for one
}

// got is a message that an endpoint took.
type got struct {
	ID     string
	Header http.Header
	Body   []byte
	Type   string `json:"type"`
	Data   struct {
		Type, ID, By string
		Number       uint64
		Value        map[string]any
		Deleted      bool
		Changes      []Change
	} `json:"data"`
}

func newEndpoint(t testing.TB) *endpoint {
	e := &endpoint{came: make(chan struct{}, 1)}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Server.Close)
	return e
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	e.n++
	n, answer := e.n, e.answer
	e.mu.Unlock()
	if answer != nil && !answer(w, r, n) {
		e.tell()
		return
	}
	m := got{ID: r.Header.Get("webhook-id"), Header: r.Header.Clone(), Body: body}
	_ = json.Unmarshal(body, &m)
	e.mu.Lock()
	e.took = append(e.took, m)
	e.mu.Unlock()
	e.tell()
}

func (e *endpoint) tell() {
	select {
	case e.came <- struct{}{}:
	default:
	}
}

func (e *endpoint) setAnswer(f func(w http.ResponseWriter, r *http.Request, n int) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer = f
}

// taken is what was taken so far, each message once, in the order in which they first came.
func (e *endpoint) taken() []got {
	e.mu.Lock()
	defer e.mu.Unlock()
	seen := map[string]bool{}
	var list []got
	for _, m := range e.took {
		if !seen[m.ID] {
			seen[m.ID] = true
			list = append(list, m)
		}
	}
	return list
}

// wait returns when ok says so of what was taken, or fails after a while.
func (e *endpoint) wait(t testing.TB, what string, ok func([]got) bool) []got {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		list := e.taken()
		if ok(list) {
			return list
		}
		select {
		case <-e.came:
		case <-limit:
			t.Fatalf("waited in vain for %s; %d came", what, len(list))
		}
	}
}

func atLeast(n int) func([]got) bool { return func(list []got) bool { return len(list) >= n } }

// eventually returns when ok does.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
