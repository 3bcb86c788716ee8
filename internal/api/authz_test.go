package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/web"
)

// TestAuthz_EveryRoute is made from the route table, so that no route can be left out:
// nobody, somebody whose session has ended, and every role below the rule are refused,
// and whoever the rule names is not.
func TestAuthz_EveryRoute(t *testing.T) {
	w := newWorld(t)
	id := w.order(1, map[string]any{"title": "Pump", "assignee": "wim"})
	gone := w.signIn("wilo")
	who, err := w.accounts.Authenticate(context.Background(), gone)
	w.must(err)
	w.must(w.accounts.SignOut(context.Background(), who))
	w.tokens["gone"], w.tokens["made up"] = gone, "fss_"+strings.Repeat("a", 48)
	ranks := map[web.Access][]string{ // who may, least first
		web.SignedIn: {"wim", "eve", "dana", "olga"}, web.Editors: {"eve", "dana", "olga"},
		web.Designers: {"dana", "olga"}, web.Owners: {"olga"},
	}
	public := map[string]bool{ // a new public route must be put here by hand
		"GET /healthz": true, "GET /readyz": true, "GET /api/openapi.json": true,
		"GET /api/_setup": true, "POST /api/_setup": true, "POST /api/_session": true,
	}
	for _, r := range w.server.Routes() {
		name := r.Method + " " + r.Path
		if (r.Access == web.Public) != public[name] {
			t.Errorf("%s has the rule %q", name, r.Access)
		}
		if r.Access == web.Public || name == "DELETE /api/_session" {
			continue
		}
		path := strings.NewReplacer(":type", "order", ":id", id).Replace(r.Path)
		for _, as := range []string{"", "gone", "made up"} {
			if a := w.do(as, r.Method, path, "{}"); a.status != 401 {
				t.Errorf("%s as %q: %d, want 401", name, as, a.status)
			}
		}
		if path == "/api/_events" || path == "/api/_backup" || path == "/api/_session/password" {
			continue // let in below, by the tests of each
		}
		for _, as := range []string{"wim", "eve", "dana", "olga"} {
			may := false
			for _, other := range ranks[r.Access] {
				may = may || as == other
			}
			// A body that nobody takes: what is let in is then answered without effect.
			a := w.do(as, r.Method, path, `{"unknown member":1}`)
			if refused := a.status == 403; refused && may && r.Access != web.SignedIn || !refused && !may {
				t.Errorf("%s (%s) as %s: %d %s", name, r.Access, as, a.status, a.body)
			}
		}
	}
}

// TestAuthz_SSEEqualsREST: what a live event tells somebody of a document is what GET
// tells them at that moment, member by member, and nothing else is told.
func TestAuthz_SSEEqualsREST(t *testing.T) {
	w := newWorld(t)
	ctx, olga := context.Background(), w.actor("olga")
	readers := map[string]*listener{}
	for _, as := range []string{"wim", "wilo", "eve", "olga", "eve/other"} {
		readers[as] = w.listen(as, "")
		defer readers[as].close()
		if _, first := readers[as].next(t); !first.Reset && as != "eve/other" {
			t.Fatalf("%s: the first event is no whole sync", as)
		}
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	people := []string{"wim", "wilo", "nobody"}
	for n := range 40 {
		id := docID(1 + r.IntN(6))
		value := map[string]any{"title": fmt.Sprint("step ", n), "assignee": people[r.IntN(3)], "price": float64(1000 + n), "status": "open"}
		if _, err := w.engine.Create(ctx, olga, "order", id, value); err != nil {
			delete(value, "title")
			_, err = w.engine.Patch(ctx, olga, "order", id, value)
			w.must(err)
		}
		for as, l := range readers {
			w.holdAgainstREST(as, l, id)
		}
	}
}

// holdAgainstREST waits until a reader has heard of a document what it shall hear, or
// makes sure that it hears nothing.
func (w *world) holdAgainstREST(as string, l *listener, id string) {
	w.Helper()
	a := w.do(as, "GET", "/api/order/"+id, "")
	if a.status == 404 {
		w.hearsNothing(as, l, id)
		return
	}
	var now struct{ Value map[string]any }
	a.into(w, &now)
	for {
		e, p := l.next(w)
		w.noSecret(as, e)
		for _, d := range p.Documents {
			if d.ID != id {
				w.Fatalf("%s hears of %s", as, d.ID)
			}
			if !reflect.DeepEqual(d.Value, now.Value) {
				w.Errorf("%s hears %v, GET says %v", as, d.Value, now.Value)
			}
			return
		}
		for _, text := range p.Changes {
			c, err := crdt.ParseChange(text, crdt.Limits{})
			w.must(err)
			for _, op := range c.Ops {
				if op.Kind == crdt.OpSet && !reflect.DeepEqual(now.Value[op.Path[0]], op.Value) {
					w.Errorf("%s hears that %s is %v, GET says %v", as, op.Path[0], op.Value, now.Value[op.Path[0]])
				}
			}
			return
		}
	}
}

// hearsNothing lets the stream speak for a moment: at most that the document is to be
// forgotten.
func (w *world) hearsNothing(as string, l *listener, id string) {
	w.Helper()
	quiet := time.After(15 * time.Millisecond)
	for {
		select {
		case e, open := <-l.events:
			if !open {
				w.Fatalf("%s: the stream has ended", as)
			}
			w.noSecret(as, e)
			var p pulled
			if e.data != "" {
				w.must(json.Unmarshal([]byte(e.data), &p))
			}
			if len(p.Documents)+len(p.Changes) > 0 {
				w.Errorf("%s may not see %s and hears %s", as, id, e.data)
			}
		case <-quiet:
			return
		}
	}
}

func (w *world) noSecret(as string, e event) {
	w.Helper()
	if people[as] == collections.Worker && strings.Contains(e.data, "price") {
		w.Errorf("%s hears of the price: %s", as, e.data)
	}
	if as == "eve/other" && strings.Contains(e.data, "order") {
		w.Errorf("a token for another type hears %s", e.data)
	}
}

// TestAuthz_NoOracle: whatever a hidden field holds, every way to ask about it answers
// the same.
func TestAuthz_NoOracle(t *testing.T) {
	asked := func(price float64) []string {
		w := newWorld(t)
		w.order(1, map[string]any{"title": "Pump", "assignee": "wim", "price": price})
		w.order(2, map[string]any{"title": "Roof", "assignee": "wim", "price": 50.0})
		var answers []string
		for _, query := range []string{
			`where={"field":"price","above":40}`, `where={"none":[{"field":"price","is":7}]}`, `where={"field":"price","empty":true}`,
			"sort=price", "sort=-price", "search=7", "search=99", "count=true&search=7", `where={"field":"nosuch","is":1}`, "sort=nosuch",
		} {
			name, value, _ := strings.Cut(query, "=")
			a := w.do("wim", "GET", "/api/order?"+name+"="+strings.ReplaceAll(url.QueryEscape(value), "%26count%3Dtrue", ""), "")
			answers = append(answers, fmt.Sprint(query, " ", a.status, " ", stripTimes(a.body)))
		}
		sync := w.do("wim", "POST", "/api/_sync", `{"replica":"00000000000000aa","subscribe":[{"type":"order","where":{"field":"price","is":7}}]}`)
		answers = append(answers, fmt.Sprint("subscribe ", sync.status, len(sync.body) > 0 && strings.Contains(sync.body, "Pump")))
		return answers
	}
	cheap, dear := asked(7), asked(99)
	for i := range cheap {
		if cheap[i] != dear[i] {
			t.Errorf("the hidden price shows:\n%s\n%s", cheap[i], dear[i])
		}
	}
}

// stripTimes takes the times out of a list's answer.
func stripTimes(body string) string {
	var page struct {
		Error     any
		Total     any
		Documents []struct {
			ID    string
			Value map[string]any
		}
	}
	_ = json.Unmarshal([]byte(body), &page)
	return fmt.Sprintf("%+v", page)
}

// TestAuthz_NoEscalation: whatever a worker, an editor and a designer call, none of
// them has more rights afterwards.
func TestAuthz_NoEscalation(t *testing.T) {
	w := newWorld(t)
	id := w.order(1, map[string]any{"title": "Pump", "assignee": "wim"})
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	var mutating []web.Route
	for _, route := range w.server.Routes() {
		if route.Method != "GET" && route.Path != "/api/_session" {
			mutating = append(mutating, route)
		}
	}
	callers := []string{"wim", "eve", "dana", "eve/read", "olga/read"}
	targets := []string{w.users["wim"], w.users["eve"], w.users["dana"], w.users["olga"], id}
	bodies := []string{
		`{"role":"owner"}`, `{"disabled":false}`, `{"name":"mole","password":"long enough","role":"owner"}`,
		`{"label":"wide"}`, `{"label":"wide","scopes":["read","write"]}`, `{"account":"` + w.users["olga"] + `"}`,
		`{"value":{"role":"owner","price":1}}`, `{"roles":{"editor":{},"worker":{}}}`, `{"roles":{"owner":{}}}`, `{}`,
	}
	for range 600 {
		route := mutating[r.IntN(len(mutating))]
		as := callers[r.IntN(len(callers))]
		if as == "dana" && strings.HasSuffix(route.Path, "/rules") {
			continue // a designer may: it is what the role is for
		}
		path := strings.NewReplacer(":type", "order", ":id", targets[r.IntN(len(targets))]).Replace(route.Path)
		w.do(as, route.Method, path, bodies[r.IntN(len(bodies))])
	}
	accounts, err := w.accounts.Accounts(context.Background(), w.actor("olga"))
	w.must(err)
	if len(accounts) != len(people) {
		t.Errorf("there are %d accounts, want %d", len(accounts), len(people))
	}
	for _, a := range accounts {
		if a.Role != people[a.Name] || a.Disabled {
			t.Errorf("%s is now %s, disabled %v", a.Name, a.Role, a.Disabled)
		}
	}
	tokens, err := w.accounts.Tokens(context.Background(), w.actor("olga"))
	w.must(err)
	for _, c := range tokens {
		if c.Account == w.users["olga"] && c.Label != "olga/read" {
			t.Errorf("somebody made the owner's token %q", c.Label)
		}
	}
}
