package hooks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// another starts one more server's service on the world's store, that takes turns.
func (w *world) another(name string) (*Service, *mortal) {
	w.t.Helper()
	items := &mortal{Store: w.store}
	c := w.config
	c.Items = items
	c.Chore = collections.NewChore(collections.ChoreConfig{Items: items, Name: "webhooks", Owner: name, Now: time.Now})
	s, err := Open(context.Background(), c)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(s.Close)
	return s, items
}

// sends reports whether it is a service's turn.
func sends(s *Service) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sending != nil
}

// noted reports whether a hook's state says that all there is was taken.
func (w *world) noted(s *Service, id string) bool {
	follower, err := w.engine.Follow(olga, "", collections.FollowOptions{})
	l, bad := s.Get(context.Background(), olga, id)
	return err == nil && bad == nil && l.State.Cursor == follower.Cursor()
}

// taking gives how often the endpoint took each message, by the name in it.
func (e *endpoint) taking() map[string]int {
	e.mu.Lock()
	defer e.mu.Unlock()
	times := map[string]int{}
	for _, m := range e.took {
		times[fmt.Sprint(m.Data.Value["name"])]++
	}
	return times
}

func names(list []got) (names []string) {
	for _, m := range list {
		names = append(names, fmt.Sprint(m.Data.Value["name"]))
	}
	return names
}

// Ensure of two servers one sends, each message once, that the other one goes on where
// it stopped, and that what an owner does at the one that does not send takes effect.
func TestTurns_OneSends(t *testing.T) {
	w := newWorld(t, nil)
	w.Close() // which is alone
	e := newEndpoint(t)
	a, _ := w.another("a")
	eventually(t, "a's turn", func() bool { return sends(a) })
	b, _ := w.another("b")
	ctx := context.Background()
	h, _, err := b.Create(ctx, olga, Hook{Name: "test", URL: e.URL, Events: Events(), Enabled: true})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		w.put("", map[string]any{"name": fmt.Sprint(i)})
	}
	e.wait(t, "ten by a", atLeast(10))
	if sends(b) {
		t.Fatal("both send")
	}

	e.setAnswer(func(rw http.ResponseWriter, _ *http.Request, _ int) bool {
		rw.WriteHeader(http.StatusGone)
		return false
	})
	w.put("", map[string]any{"name": "late"})
	eventually(t, "a pause", func() bool { l, err := b.Get(ctx, olga, h.ID); return err == nil && l.State.Paused != "" })
	e.setAnswer(nil)
	if err := b.Resume(ctx, olga, h.ID); err != nil {
		t.Fatal(err)
	}
	e.wait(t, "what was resumed at b", atLeast(11))
	// Until it is noted as taken it would come again, at the other address.
	eventually(t, "a note of it", func() bool {
		l, err := b.Deliveries(ctx, olga, h.ID)
		return err == nil && l[0].OK && w.noted(b, h.ID)
	})

	other := newEndpoint(t)
	to := *h
	to.URL = other.URL
	if _, err := b.Update(ctx, olga, h.ID, *h, to); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a to have read it", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		_, rev, err := a.hook(ctx, h.ID)
		return err == nil && a.workers[h.ID] != nil && a.workers[h.ID].hookRev.Load() == rev
	})
	w.put("", map[string]any{"name": "moved"})
	other.wait(t, "what is sent elsewhere now", atLeast(1))

	a.Close()
	eventually(t, "b's turn", func() bool { return sends(b) })
	w.put("", map[string]any{"name": "by b"})
	if got := names(other.wait(t, "what b sends", func(list []got) bool { return slices.Contains(names(list), "by b") })); !slices.Equal(got, []string{"moved", "by b"}) {
		t.Errorf("came: %v", got)
	}
	for name, times := range e.taking() {
		if times != 1 {
			t.Errorf("%s was taken %d times", name, times)
		}
	}
	if err := b.Remove(ctx, olga, h.ID); err != nil {
		t.Fatal(err)
	}
}

// Ensure when the server that sends dies another one goes on, and nothing is lost.
func TestTurns_SenderDies(t *testing.T) {
	if testing.Short() {
		t.Skip("waits until a server is taken for dead")
	}
	w := newWorld(t, nil)
	w.Close()
	e := newEndpoint(t)
	a, store := w.another("a")
	eventually(t, "a's turn", func() bool { return sends(a) })
	b, _ := w.another("b")
	if _, _, err := b.Create(context.Background(), olga, Hook{Name: "test", URL: e.URL, Events: Events(), Enabled: true}); err != nil {
		t.Fatal(err)
	}
	want := []string{}
	for i := range 40 {
		if i == 20 {
			e.wait(t, "some of a's", atLeast(5))
			store.kill()
		}
		w.put("", map[string]any{"name": fmt.Sprint(i)})
		want = append(want, fmt.Sprint(i))
	}
	got := e.wait(t, "all", func(list []got) bool { return sends(b) && len(list) >= len(want) })
	if !slices.Equal(names(got), want) {
		t.Errorf("came: %v", names(got))
	}
	eventually(t, "the one before to stop", func() bool { return !sends(a) })
}
