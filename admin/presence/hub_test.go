package presence_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/presence"
)

const order = "record/work-order/1"

var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// names lists people as "name pages field".
func names(people []presence.Person) []string {
	list := []string{}
	for _, p := range people {
		list = append(list, fmt.Sprint(p.Name, " ", p.Pages, " ", p.Field, " ", p.Me))
	}
	return list
}

func want(t *testing.T, what string, got []presence.Person, wanted ...string) {
	t.Helper()
	if list := names(got); !slices.Equal(list, wanted) && len(list)+len(wanted) > 0 {
		t.Errorf("%s: %q, want %q", what, list, wanted)
	}
}

// woken takes what there is to take; it fails when the guest was not told.
func woken(t *testing.T, g *presence.Guest, now time.Time) ([]presence.Person, []presence.Move) {
	t.Helper()
	select {
	case <-g.News():
	default:
		t.Error("the guest was not woken")
	}
	return g.Take(now)
}

func quiet(t *testing.T, g *presence.Guest) {
	t.Helper()
	select {
	case <-g.News():
		t.Error("the guest was woken for nothing")
	default:
	}
}

// Ensure people see who comes, what they are at and that they go; a person with two
// pages is one person, and sees their own other page.
func TestHub_Story(t *testing.T) {
	h := presence.New()
	ann := h.Join(order, "u1", "ann", "a", start)
	people, _ := woken(t, ann, start)
	want(t, "alone", people)
	ben := h.Join(order, "u2", "ben", "b", start.Add(time.Second))
	people, _ = woken(t, ann, start)
	want(t, "ben came", people, "ben 1  false")
	h.Focus(order, "u2", "b", "status", start.Add(2*time.Second))
	people, _ = woken(t, ann, start)
	want(t, "ben is at the status", people, "ben 1 status false")
	h.Focus(order, "u2", "b", "status", start.Add(2*time.Second))
	quiet(t, ann)
	h.Focus(order, "u1", "b", "title", start.Add(2*time.Second)) // not ann's page
	quiet(t, ann)
	second := h.Join(order, "u1", "ann", "c", start.Add(3*time.Second))
	people, _ = woken(t, second, start.Add(3*time.Second))
	want(t, "ann's other page", people, "ann 1  true", "ben 1 status false")
	people, _ = woken(t, ben, start.Add(3*time.Second))
	want(t, "ben sees ann once", people, "ann 2  false")
	h.Moved(order, presence.Move{What: "record", By: "zoe"})
	h.Moved("record/work-order/2", presence.Move{What: "record", By: "eve"})
	_, moves := woken(t, ben, start.Add(3*time.Second))
	if len(moves) != 1 || moves[0].By != "zoe" {
		t.Errorf("ben hears of %+v", moves)
	}
	if _, moves := ben.Take(start.Add(3 * time.Second)); len(moves) != 0 {
		t.Errorf("twice: %+v", moves)
	}
	ann.Leave(start.Add(4 * time.Second))
	ann.Leave(start.Add(4 * time.Second))
	h.SendAway(order, "u1", "c", start.Add(4*time.Second))
	h.SendAway(order, "u1", "c", start.Add(4*time.Second))
	second.Beat(start.Add(4 * time.Second))
	people, _ = woken(t, ben, start.Add(4*time.Second))
	want(t, "all are gone", people)
	want(t, "who is here, for nobody", h.Here(order, "", "", start.Add(4*time.Second)), "ben 1 status false")
}

// Ensure a page that is not heard of goes, and is back when it is.
func TestHub_Expiry(t *testing.T) {
	h := presence.New()
	ann := h.Join(order, "u1", "ann", "a", start)
	ben := h.Join(order, "u2", "ben", "b", start)
	later := start.Add(presence.Patience)
	want(t, "patience is over soon", h.Here(order, "", "", later), "ann 1  false", "ben 1  false")
	later = later.Add(time.Second)
	ben.Beat(later)
	want(t, "ann was not heard of", h.Here(order, "", "", later), "ben 1  false")
	ann.Take(later)
	ann.Beat(later)
	want(t, "ann is back", h.Here(order, "", "", later), "ann 1  false", "ben 1  false")
	ann.Leave(later)
	want(t, "ann left", h.Here(order, "", "", later), "ben 1  false")
	ann.Beat(later.Add(time.Second))
	want(t, "ann stays away", h.Here(order, "", "", later), "ben 1  false")
	ben.Leave(later.Add(2 * presence.Patience))
	if at := h.Places(); at != 0 {
		t.Errorf("%d places are kept, with nobody there", at)
	}
}

// Ensure a page that was opened anew is not sent away by the end of its old stream.
func TestHub_OpenedAnew(t *testing.T) {
	h := presence.New()
	old := h.Join(order, "u1", "ann", "a", start)
	h.Join(order, "u1", "ann", "a", start.Add(time.Second))
	old.Leave(start.Add(2 * time.Second))
	old.Beat(start.Add(2 * time.Second))
	want(t, "ann is here", h.Here(order, "", "", start.Add(2*time.Second)), "ann 1  false")
}

// Ensure a guest that takes nothing holds up nobody, and hears of the last.
func TestHub_SlowGuest(t *testing.T) {
	h := presence.New()
	ann := h.Join(order, "u1", "ann", "a", start)
	for rev := range uint64(1000) {
		h.Moved(order, presence.Move{What: "draft", Rev: rev})
	}
	_, moves := ann.Take(start)
	if len(moves) == 0 || len(moves) > 16 || moves[len(moves)-1].Rev != 999 {
		t.Errorf("it hears of %+v", moves)
	}
}

// Ensure that whatever happens the hub lists exactly those that a dumb list has.
func TestHub_Random(t *testing.T) {
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 1))
		h, now := presence.New(), start
		type page struct {
			guest  *presence.Guest
			beaten time.Time
			open   bool
		}
		pages := map[string]*page{}
		for range 200 {
			now = now.Add(time.Duration(random.Int64N(int64(presence.Patience / 4))))
			user, name := fmt.Sprint("u", random.IntN(3)), fmt.Sprint("p", random.IntN(2))
			key := user + name
			switch p := pages[key]; {
			case p == nil || random.IntN(6) == 0:
				pages[key] = &page{h.Join(order, user, user, name, now), now, true}
			case random.IntN(4) == 0:
				p.guest.Leave(now)
				p.open = false
			case p.open:
				p.guest.Beat(now)
				p.beaten = now
			}
			count := map[string]int{}
			for key, p := range pages {
				if p.open && now.Sub(p.beaten) <= presence.Patience {
					count[key[:2]]++
				}
			}
			got := map[string]int{}
			for _, person := range h.Here(order, "", "", now) {
				got[person.Name] = person.Pages
			}
			if a, b := asJSON(t, got), asJSON(t, count); a != b {
				t.Fatalf("seed %d: here are %s, want %s", seed, a, b)
			}
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Ensure all of it can happen at once.
func TestHub_Concurrent(t *testing.T) {
	h := presence.New()
	var people sync.WaitGroup
	for i := range 8 {
		people.Go(func() {
			user := fmt.Sprint("u", i)
			for n := range 200 {
				now := start.Add(time.Duration(n) * time.Second)
				g := h.Join(order, user, user, "a", now)
				h.Focus(order, user, "a", "title", now)
				h.Moved(order, presence.Move{What: "record"})
				g.Take(now)
				g.Beat(now)
				g.Leave(now)
			}
		})
	}
	people.Wait()
	if at := h.Places(); at != 0 {
		t.Errorf("%d places are kept, with nobody there", at)
	}
}
