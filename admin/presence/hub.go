package presence

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Patience is how long a guest stays without a beat: a little more than two heartbeats
// of a stream, so that one that is late drops nobody.
const Patience = 40 * time.Second

// maxMoves is how many moves wait for a guest that does not take them; the oldest go.
const maxMoves = 16

// Hub knows who is where. The zero value is not ready: see [New].
type Hub struct {
	mu     sync.Mutex
	places map[string]map[visit]*Guest // no place without a guest
}

// New gives a hub with nobody in it.
func New() *Hub { return &Hub{places: map[string]map[visit]*Guest{}} }

// visit names one open page: nobody can speak for a page of somebody else.
type visit struct{ user, page string }

// Guest is one open page at a place. Its methods are safe for concurrent use.
type Guest struct {
	hub    *Hub
	at     string
	visit  visit
	name   string
	field  string
	since  time.Time
	beaten time.Time
	left   bool
	moves  []Move
	wake   chan struct{} // holds one when there is something to take
}

// Person is one person at a place, as another sees them.
type Person struct {
	Name  string `json:"name"`            // sign-in name
	Me    bool   `json:"me,omitempty"`    // the one who asks, at another page
	Field string `json:"field,omitempty"` // key of what they are at, where it is known
	Since int64  `json:"since"`           // ms since 1970 UTC
	Pages int    `json:"pages"`           // they have open here
}

// Move says that what is at a place moved on.
type Move struct {
	What string `json:"what"`           // "draft", "record", …: for the page to understand
	Rev  uint64 `json:"rev,omitempty"`  // of it now, where it has one
	By   string `json:"by,omitempty"`   // sign-in name
	Page string `json:"page,omitempty"` // of who did it: a page need not hear of what it did itself
}

// Join lets a page in: user is the account's id, name its sign-in name, page a name that
// is one among the account's pages. A page that is there already begins anew.
func (h *Hub) Join(at, user, name, page string, now time.Time) *Guest {
	g := &Guest{hub: h, at: at, visit: visit{user, page}, name: name, since: now, beaten: now, wake: make(chan struct{}, 1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.put(g, now)
	return g
}

// Beat says that the page is still open. One that was given up is back by it, one that
// left is not.
func (g *Guest) Beat(now time.Time) {
	g.hub.mu.Lock()
	defer g.hub.mu.Unlock()
	there := g.hub.places[g.at][g.visit]
	back := there == nil && !g.left || there == g && now.Sub(g.beaten) > Patience
	g.beaten = now
	if back {
		g.hub.put(g, now)
	}
}

// put puts a guest in its place; h.mu is held.
func (h *Hub) put(g *Guest, now time.Time) {
	if h.places[g.at] == nil {
		h.places[g.at] = map[visit]*Guest{}
	}
	h.places[g.at][g.visit] = g
	h.stir(g.at, now)
}

// Leave says that the page is closed. Leaving twice does nothing, and so does leaving
// after the page was opened anew.
func (g *Guest) Leave(now time.Time) {
	g.hub.mu.Lock()
	defer g.hub.mu.Unlock()
	g.left = true
	if g.hub.places[g.at][g.visit] != g {
		return
	}
	delete(g.hub.places[g.at], g.visit)
	g.hub.stir(g.at, now)
}

// SendAway says the same of a page of the user at the place, for one that says so
// itself, sooner than the end of its stream is noticed.
func (h *Hub) SendAway(at, user, page string, now time.Time) {
	h.mu.Lock()
	g := h.places[at][visit{user, page}]
	h.mu.Unlock()
	if g != nil {
		g.Leave(now)
	}
}

// Focus says what a page of the user at the place is at: the key of a field, "" for
// none. A page that is not there is no error.
func (h *Hub) Focus(at, user, page, field string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.places[at][visit{user, page}]
	if g == nil {
		return
	}
	if g.beaten = now; g.field != field {
		g.field = field
		h.stir(at, now)
	}
}

// Moved tells all who are at a place that what is there moved on.
func (h *Hub) Moved(at string, m Move) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, g := range h.places[at] {
		if g.moves = append(g.moves, m); len(g.moves) > maxMoves {
			g.moves = slices.Delete(g.moves, 0, 1)
		}
		g.stir()
	}
}

// Here lists who is at a place, other than the page of the one who asks, by name. user
// is the account of who asks; page "" asks for all.
func (h *Hub) Here(at, user, page string, now time.Time) []Person {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.people(at, visit{user, page}, now)
}

// News gives a channel that holds something when there is something to [Guest.Take].
func (g *Guest) News() <-chan struct{} { return g.wake }

// Take gives who else is here, and what moved since the last Take. The caller owns both.
func (g *Guest) Take(now time.Time) ([]Person, []Move) {
	g.hub.mu.Lock()
	defer g.hub.mu.Unlock()
	moves := g.moves
	g.moves = nil
	return g.hub.people(g.at, g.visit, now), moves
}

// stir wakes all at a place, after those who expired were let go; h.mu is held.
func (h *Hub) stir(at string, now time.Time) {
	for v, g := range h.places[at] {
		if now.Sub(g.beaten) > Patience {
			delete(h.places[at], v)
		}
	}
	if len(h.places[at]) == 0 {
		delete(h.places, at)
	}
	for _, g := range h.places[at] {
		g.stir()
	}
}

func (g *Guest) stir() {
	select {
	case g.wake <- struct{}{}:
	default: // it is to wake already
	}
}

// people lists the persons at a place without one page; h.mu is held.
func (h *Hub) people(at string, but visit, now time.Time) []Person {
	byUser := map[string]*Person{}
	for v, g := range h.places[at] {
		if v == but || now.Sub(g.beaten) > Patience {
			continue
		}
		p := byUser[v.user]
		if p == nil {
			p = &Person{Name: g.name, Me: v.user == but.user, Since: g.since.UnixMilli()}
			byUser[v.user] = p
		}
		p.Pages++
		p.Since = min(p.Since, g.since.UnixMilli())
		if p.Field == "" || g.field != "" && g.field < p.Field {
			p.Field = g.field // of several the same one each time
		}
	}
	people := make([]Person, 0, len(byUser))
	for _, p := range byUser {
		people = append(people, *p)
	}
	slices.SortFunc(people, func(a, b Person) int { return strings.Compare(a.Name, b.Name) })
	return people
}
