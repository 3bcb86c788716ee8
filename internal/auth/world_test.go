package auth

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// world is a Service over items in memory, with a clock that the test moves.
type world struct {
	*Service
	t     testing.TB
	items *memoryItems
	clock *clock
}

var (
	cheap  = Cost{Memory: 64, Time: 1, Threads: 1}
	here   = netip.MustParseAddr("192.0.2.1")
	there  = netip.MustParseAddr("198.51.100.7")
	system = collections.Actor{User: "system", Name: "system", Role: collections.Owner}
)

func newWorld(t testing.TB) *world {
	w := &world{t: t, items: newMemoryItems(), clock: &clock{at: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)}}
	w.Service = w.open()
	return w
}

// open makes one more Service on the same items, as another process would.
func (w *world) open() *Service { return w.openAs(false) }

// server makes one that knows that there are others.
func (w *world) server() *Service { return w.openAs(true) }

func (w *world) openAs(shared bool) *Service {
	w.t.Helper()
	s, err := Open(context.Background(), Config{Items: w.items, Now: w.clock.Now, Cost: cheap, Shared: shared})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(s.Close)
	return s
}

// account makes an account whose password is its name and "-password".
func (w *world) account(name string, role collections.Role) *Account {
	w.t.Helper()
	a, err := w.Create(context.Background(), system, NewAccount{Name: name, Password: name + "-password", Role: role})
	if err != nil {
		w.t.Fatalf("create %s: %v", name, err)
	}
	return a
}

func (w *world) signIn(name string) (string, *Identity) {
	w.t.Helper()
	text, who, err := w.SignIn(context.Background(), name, name+"-password", here)
	if err != nil {
		w.t.Fatalf("sign in %s: %v", name, err)
	}
	return text, who
}

func wantCode(t testing.TB, what string, err error, code collections.Code) {
	t.Helper()
	if !isCode(err, code) {
		t.Errorf("%s: error is %v, want %s", what, err, code)
	}
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// memoryItems is the items' contract, in memory.
type memoryItems struct {
	mu    sync.Mutex
	items map[[2]string]collections.Item
	reads int
	fail  error // what every read answers, if set
}

func newMemoryItems() *memoryItems { return &memoryItems{items: map[[2]string]collections.Item{}} }

func (m *memoryItems) Item(_ context.Context, kind, key string) (*collections.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if kind != kindChanges {
		m.reads++
	}
	if m.fail != nil {
		return nil, m.fail
	}
	item, ok := m.items[[2]string{kind, key}]
	if !ok {
		return nil, collections.ErrNotFound
	}
	return &item, nil
}

func (m *memoryItems) Items(_ context.Context, kind, after string, limit int) ([]collections.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []collections.Item
	for k, item := range m.items {
		if k[0] == kind && k[1] > after {
			list = append(list, item)
		}
	}
	slices.SortFunc(list, func(a, b collections.Item) int { return cmp.Compare(a.Key, b.Key) })
	return list[:min(limit, len(list))], nil
}

func (m *memoryItems) PutItem(_ context.Context, item collections.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := [2]string{item.Kind, item.Key}
	if m.items[k].Rev != item.Rev {
		return collections.ErrStale
	}
	item.Rev++
	m.items[k] = item
	return nil
}

func (m *memoryItems) DeleteItem(_ context.Context, kind, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, [2]string{kind, key})
	return nil
}

func (m *memoryItems) count(kind string) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k := range m.items {
		if k[0] == kind {
			n++
		}
	}
	return n
}

// holds reports whether any item holds the text.
func (m *memoryItems) holds(text string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, item := range m.items {
		if strings.Contains(k[1], text) || strings.Contains(string(item.Data), text) {
			return true
		}
	}
	return false
}

func (m *memoryItems) readCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reads
}
