package activity

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// moment is a clock that a test sets.
type moment struct {
	mu sync.Mutex
	at time.Time
}

func (m *moment) now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.at }
func (m *moment) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

var begun = time.Date(2026, 3, 28, 22, 40, 0, 0, time.UTC)

// store is what Items asks for, under a name that a struct can embed.
type store = collections.Store

// flaky is a store that now and then fails before it has done anything.
type flaky struct {
	store
	mu     sync.Mutex
	random *rand.Rand
	rate   int // one in so many reads and writes fails; 0: none
}

var errFlaky = errors.New("the disk does not answer")

func (f *flaky) fails() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rate > 0 && f.random.IntN(f.rate) == 0
}

func (f *flaky) Item(ctx context.Context, kind, key string) (*collections.Item, error) {
	if f.fails() {
		return nil, errFlaky
	}
	return f.store.Item(ctx, kind, key)
}

func (f *flaky) PutItem(ctx context.Context, item collections.Item) error {
	if f.fails() {
		return errFlaky
	}
	return f.store.PutItem(ctx, item)
}

// TestCounter_AddsUp lets several processes count on one store that fails now and then,
// and compares with a plain map.
func TestCounter_AddsUp(t *testing.T) {
	for seed := range uint64(40) {
		ctx := t.Context()
		clock := &moment{at: begun}
		flaky := &flaky{store: storetest.Memory(), random: rand.New(rand.NewPCG(seed, 7)), rate: 5}
		random := rand.New(rand.NewPCG(seed, 8))
		var processes []*Counter
		for range 3 {
			a, err := Open(ctx, Config{Items: flaky, Now: clock.now, Every: time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			processes = append(processes, a)
		}
		model := map[int64]*counting{}
		for range 200 {
			clock.pass(time.Duration(random.IntN(120)) * time.Second)
			a := processes[random.IntN(3)]
			start := clock.now().Truncate(time.Hour).UnixMilli()
			if model[start] == nil {
				model[start] = &counting{devices: map[uint64]bool{}}
			}
			switch m := model[start]; random.IntN(4) {
			case 0:
				device := uint64(1 + random.IntN(5))
				a.Synced(device)
				m.Syncs++
				m.devices[device] = true
			case 1:
				c := Counts{Accepted: 3, Merged: 1, Failed: uint64(random.IntN(2))}
				a.Add(c)
				m.Counts.add(c)
			case 2:
				_ = a.Flush(ctx) // it may fail
			case 3:
				check(t, seed, a, clock, nil) // reading disturbs nothing
			}
		}
		flaky.rate = 0
		for _, a := range processes {
			if err := a.Close(ctx); err != nil {
				t.Fatal(err)
			}
		}
		check(t, seed, processes[0], clock, model)
	}
}

// check compares what is told with the model.
func check(t *testing.T, seed uint64, a *Counter, clock *moment, model map[int64]*counting) {
	t.Helper()
	hours, err := a.Hours(t.Context(), begun, clock.now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if model == nil {
		return
	}
	for _, h := range hours {
		m := model[h.Start]
		if m == nil {
			m = &counting{}
		}
		if want := m.hour(h.Start); h.Counts != want.Counts || !slices.Equal(h.Devices, want.Devices) {
			t.Fatalf("seed %d, hour %s:\ngot  %+v\nwant %+v", seed, keyOf(h.Start), h, want)
		}
		delete(model, h.Start)
	}
	if len(model) > 0 {
		t.Fatalf("seed %d: %d hours are missing", seed, len(model))
	}
}

// TestCounter_AtOnce: processes that write at the same instant lose nothing.
func TestCounter_AtOnce(t *testing.T) {
	store, clock := storetest.Memory(), &moment{at: begun}
	var all sync.WaitGroup
	for range 4 {
		a, err := Open(t.Context(), Config{Items: store, Now: clock.now, Every: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for device := range uint64(50) {
				a.Synced(device + 1)
				if err := a.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			}
			_ = a.Close(context.Background())
		})
	}
	all.Wait()
	a, _ := Open(t.Context(), Config{Items: store, Now: clock.now})
	defer a.Close(context.Background())
	hours, err := a.Hours(t.Context(), begun, begun.Add(time.Minute))
	if err != nil || len(hours) != 1 || hours[0].Syncs != 200 || len(hours[0].Devices) != 50 {
		t.Errorf("%+v, %v", hours, err)
	}
}

// TestHours tells what waits before it is written, fills in the hours without anything,
// and forgets what is too old.
func TestHours(t *testing.T) {
	store, clock := storetest.Memory(), &moment{at: begun}
	a, err := Open(t.Context(), Config{Items: store, Now: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close(context.Background())
	a.Synced(7)
	tell := func() string {
		hours, err := a.Hours(t.Context(), clock.now().Add(-3*time.Hour), clock.now())
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, h := range hours {
			text += fmt.Sprintf("%s %d/%d, ", keyOf(h.Start), h.Syncs, len(h.Devices))
		}
		return text
	}
	want := "2026-03-28T19 0/0, 2026-03-28T20 0/0, 2026-03-28T21 0/0, 2026-03-28T22 1/1, "
	for range 2 {
		if got := tell(); got != want {
			t.Errorf("told %s, want %s", got, want)
		}
		if err := a.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	clock.pass(keep + 2*time.Hour)
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if items, _ := store.Items(t.Context(), kindHour, "", 10); len(items) != 0 {
		t.Errorf("still kept: %v", items)
	}
}

// TestSum counts a device that came in several hours once.
func TestSum(t *testing.T) {
	sum := Sum([]Hour{{Start: 5, Counts: Counts{Syncs: 1}, Devices: []uint64{3, 4}}, {Start: 9, Counts: Counts{Syncs: 2}, Devices: []uint64{1, 4}}})
	if sum.Start != 5 || sum.Syncs != 3 || !slices.Equal(sum.Devices, []uint64{1, 3, 4}) {
		t.Errorf("%+v", sum)
	}
}
