package hooks

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// TestHooks_EveryChangeArrives: whatever an endpoint does, and however often the server
// dies, each change arrives, and in the order of its record.
func TestHooks_EveryChangeArrives(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 5))
			w, e := newWorld(t, nil), newEndpoint(t)
			e.setAnswer(moody(seed))
			w.hookTo(e.URL, nil)
			var ids []string
			want := map[string][]string{} // statuses by record, in order
			for i := range 120 {
				switch n := random.IntN(10); {
				case len(ids) == 0 || n < 2:
					id := w.put("", map[string]any{"name": fmt.Sprint(i)})
					ids = append(ids, id)
					want[id] = append(want[id], fmt.Sprint(i))
				case n == 9:
					w.crash()
				default:
					id := ids[random.IntN(len(ids))]
					w.put(id, map[string]any{"name": fmt.Sprint(i)})
					want[id] = append(want[id], fmt.Sprint(i))
				}
			}
			total := 0
			for _, list := range want {
				total += len(list)
			}
			w.crash()
			e.wait(t, "all changes", atLeast(total))
			got := map[string][]string{}
			for _, m := range e.taken() {
				got[m.Data.ID] = append(got[m.Data.ID], fmt.Sprint(m.Data.Value["name"]))
			}
			for id, names := range want {
				if !slices.Equal(got[id], names) {
					t.Errorf("record %s: came %v, want %v", id, got[id], names)
				}
			}
		})
	}
}

// moody is an endpoint that fails in every way it can, more than half of the time. Some
// of what it fails at, it took.
func moody(seed uint64) func(w http.ResponseWriter, r *http.Request, n int) bool {
	return func(w http.ResponseWriter, r *http.Request, n int) bool {
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		switch random.IntN(16) {
		case 0:
			w.WriteHeader(500)
		case 1:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(429)
		case 2:
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case 3:
			panic(http.ErrAbortHandler) // the connection breaks
		case 4:
			if n%5 == 0 { // hangs
				<-r.Context().Done()
				return false
			}
			w.WriteHeader(404)
		case 5: // takes it, and the answer is lost
			if hijacker, ok := w.(http.Hijacker); ok {
				if conn, _, err := hijacker.Hijack(); err == nil {
					_ = conn.Close()
				}
			}
			return true
		default:
			return true
		}
		return false
	}
}

// TestHooks_Signed: a message verifies with the secret as the specification says, and
// with the old one for a day after there is a new one.
func TestHooks_Signed(t *testing.T) {
	w, e := newWorld(t, nil), newEndpoint(t)
	h, secret := w.hookTo(e.URL, nil)
	w.put("", map[string]any{"name": "North"})
	m := e.wait(t, "a message", atLeast(1))[0]
	verifies := func(m got, secret string) bool {
		at := m.Header.Get("webhook-timestamp")
		for _, signature := range strings.Fields(m.Header.Get("webhook-signature")) {
			var seconds int64
			_, _ = fmt.Sscan(at, &seconds)
			if want, err := sign(secret, m.ID, seconds, m.Body); err == nil && want == signature {
				return true
			}
		}
		return false
	}
	if !verifies(m, secret) || m.Header.Get("Content-Type") != "application/json" {
		t.Errorf("headers: %v", m.Header)
	}
	if m.Type != "record.created" || m.Data.By != "olga" || m.Data.Value["name"] != "North" || len(m.Data.Changes) != 1 || m.Data.Changes[0].Label != "Name" {
		t.Errorf("body: %s", m.Body)
	}
	fresh, err := w.NewSecret(t.Context(), olga, h.ID)
	if err != nil || fresh == secret {
		t.Fatal(fresh, err)
	}
	w.put("", map[string]any{"name": "South"})
	m = e.wait(t, "a second message", atLeast(2))[1]
	if !verifies(m, secret) || !verifies(m, fresh) {
		t.Error("within a day both secrets verify")
	}
}

// TestSign is the example of the Standard Webhooks specification's libraries.
func TestSign(t *testing.T) {
	got, err := sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; err != nil || got != want {
		t.Errorf("signed %s, %v; want %s", got, err, want)
	}
	if secret, err := newSecret(strings.NewReader(strings.Repeat("x", 32))); err != nil || len(secret) != len(secretPrefix)+base64.StdEncoding.EncodedLen(32) {
		t.Errorf("secret %s, %v", secret, err)
	}
}

// TestHooks_PoisonHoldsUpNobody: endpoints that hang, fail and are not there leave the
// good one alone.
func TestHooks_PoisonHoldsUpNobody(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Timeout = time.Minute })
	release := make(chan struct{})
	defer close(release)
	for range 10 {
		bad := newEndpoint(t)
		bad.setAnswer(func(_ http.ResponseWriter, r *http.Request, _ int) bool {
			select {
			case <-release:
			case <-r.Context().Done():
			}
			return false
		})
		w.hookTo(bad.URL, nil)
	}
	w.hookTo("http://127.0.0.1:1/nobody", nil)
	good := newEndpoint(t)
	w.hookTo(good.URL, nil)
	began := time.Now()
	for i := range 100 {
		w.put("", map[string]any{"name": fmt.Sprint(i)})
	}
	good.wait(t, "a hundred messages", atLeast(100))
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestHooks_Chooses: types, events and the condition decide what is sent.
func TestHooks_Chooses(t *testing.T) {
	w, e := newWorld(t, nil), newEndpoint(t)
	w.publish("asset", `{"type":"object","properties":{"name":{"type":"string"}}}`)
	where, err := schema.ParseCondition([]byte(`{"field":"status","is":"done"}`))
	if err != nil {
		t.Fatal(err)
	}
	w.hookTo(e.URL, func(h *Hook) { h.Types, h.Events, h.Where = []string{"site"}, []Event{Changed, Deleted}, where })
	if _, err := w.engine.Create(t.Context(), olga, "asset", "", map[string]any{"name": "x"}); err != nil {
		t.Fatal(err)
	}
	id := w.put("", map[string]any{"name": "A", "status": "done"}) // created: not asked for
	w.put(id, map[string]any{"status": "open"})                    // does not fit
	w.put(id, map[string]any{"status": "done"})
	if err := w.engine.Delete(t.Context(), olga, "site", id); err != nil {
		t.Fatal(err)
	}
	if _, err := w.engine.Restore(t.Context(), olga, "site", id); err != nil {
		t.Fatal(err)
	}
	w.put(id, map[string]any{"name": "B"})
	list := e.wait(t, "three messages", atLeast(3))
	var kinds []string
	for _, m := range list {
		kinds = append(kinds, m.Type)
	}
	if want := []string{"record.changed", "record.deleted", "record.changed"}; !slices.Equal(kinds, want) || !list[1].Data.Deleted {
		t.Errorf("came %v, want %v", kinds, want)
	}
}

// TestHooks_GivesUp pauses a hook whose endpoint fails for too long, says why, and goes
// on with the same message when an owner says so.
func TestHooks_GivesUp(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Schedule.GiveUp = 20 * time.Millisecond })
	e := newEndpoint(t)
	e.setAnswer(func(rw http.ResponseWriter, _ *http.Request, _ int) bool {
		rw.WriteHeader(503)
		fmt.Fprint(rw, strings.Repeat("ü", 4000))
		return false
	})
	h, _ := w.hookTo(e.URL, nil)
	w.put("", map[string]any{"name": "first"})
	w.put("", map[string]any{"name": "second"})
	eventually(t, "the pause", func() bool { return w.get(h.ID).State.Paused != "" })
	if why := w.get(h.ID).State.Paused; !strings.Contains(why, "503") {
		t.Errorf("paused: %s", why)
	}
	list, err := w.Deliveries(t.Context(), olga, h.ID)
	if err != nil || len(list) < 2 || list[0].OK || list[0].Status != 503 || len(list[0].Answer) != maxAnswer {
		t.Fatalf("%d deliveries, %v, %+v", len(list), err, list[0])
	}
	w.crash()
	if w.get(h.ID).State.Paused == "" {
		t.Error("a restart ended the pause")
	}
	e.setAnswer(nil)
	if err := w.Resume(t.Context(), olga, h.ID); err != nil {
		t.Fatal(err)
	}
	if list := e.wait(t, "both", atLeast(2)); list[0].Data.Value["name"] != "first" {
		t.Errorf("came %v first", list[0].Data.Value)
	}
}

// TestHooks_Skip passes over the one message that an endpoint cannot take.
func TestHooks_Skip(t *testing.T) {
	w, e := newWorld(t, nil), newEndpoint(t)
	h, _ := w.hookTo(e.URL, nil)
	w.put("", map[string]any{"name": "fine"})
	e.wait(t, "the first", atLeast(1))
	e.setAnswer(func(rw http.ResponseWriter, _ *http.Request, _ int) bool { rw.WriteHeader(422); return false })
	w.put("", map[string]any{"name": "poison"})
	w.put("", map[string]any{"name": "good"})
	eventually(t, "failures", func() bool { return w.get(h.ID).State.Failures > 2 })
	e.setAnswer(nil)
	// It may be taken in this very moment, which then is no mistake.
	if err := w.Skip(t.Context(), olga, h.ID); err != nil && !isCode(err, collections.Exists) {
		t.Fatal(err)
	}
	list := e.wait(t, "the good one", func(list []got) bool { return list[len(list)-1].Data.Value["name"] == "good" })
	if len(list) > 3 {
		t.Errorf("%d came", len(list))
	}
	if err := w.Skip(t.Context(), olga, h.ID); !isCode(err, collections.Exists) {
		t.Errorf("nothing waits: %v", err)
	}
}

// TestHooks_Gone pauses at once.
func TestHooks_Gone(t *testing.T) {
	w, e := newWorld(t, nil), newEndpoint(t)
	e.setAnswer(func(rw http.ResponseWriter, _ *http.Request, _ int) bool { rw.WriteHeader(410); return false })
	h, _ := w.hookTo(e.URL, nil)
	w.put("", map[string]any{"name": "x"})
	eventually(t, "the pause", func() bool { return w.get(h.ID).State.Paused != "" })
	if n := w.get(h.ID).State.Failures; n != 1 {
		t.Errorf("tried %d times", n)
	}
}

// TestHooks_OwnerGone: a hook whose owner is no more sends nothing, until another owner
// saves it.
func TestHooks_OwnerGone(t *testing.T) {
	gone := collections.Errorf(collections.NotFound, "", "There is no such account.")
	w := newWorld(t, func(c *Config) {
		c.Owner = func(_ context.Context, account string) (collections.Actor, error) {
			if account == olga.User {
				return collections.Actor{}, gone
			}
			return olga, nil
		}
	})
	e := newEndpoint(t)
	h, _ := w.hookTo(e.URL, nil)
	w.put("", map[string]any{"name": "x"})
	eventually(t, "the pause", func() bool { return w.get(h.ID).State.Paused != "" })
	if len(e.taken()) > 0 {
		t.Error("something was sent")
	}
	other := collections.Actor{User: "u-otto", Name: "otto", Role: collections.Owner}
	if _, err := w.Update(t.Context(), other, h.ID, *h, *h); err != nil {
		t.Fatal(err)
	}
	e.wait(t, "what waited", atLeast(1))
}

// TestHooks_PrivateAddresses are refused, when a hook is made and when it is sent to,
// whatever name leads there.
func TestHooks_PrivateAddresses(t *testing.T) {
	e := newEndpoint(t)
	allowed := true
	w := newWorld(t, func(c *Config) { c.Private = func() bool { return allowed } })
	h, _ := w.hookTo(strings.Replace(e.URL, "127.0.0.1", "localhost", 1), nil)
	allowed = false
	w.put("", map[string]any{"name": "x"})
	eventually(t, "a failure", func() bool { return w.get(h.ID).State.Failures > 0 })
	if fault := w.get(h.ID).State.Fault; !strings.Contains(fault, "private network") {
		t.Errorf("fault: %s", fault)
	}
	if len(e.taken()) > 0 {
		t.Error("it was sent")
	}
	for _, url := range []string{e.URL, "http://localhost/x", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest/meta-data"} {
		if _, _, err := w.Create(t.Context(), olga, Hook{Name: "x", URL: url, Events: Events()}); !isCode(err, collections.Invalid) {
			t.Errorf("%s was taken: %v", url, err)
		}
	}
}

// TestHooks_Redirect is not followed.
func TestHooks_Redirect(t *testing.T) {
	w, e, secret := newWorld(t, nil), newEndpoint(t), newEndpoint(t)
	e.setAnswer(func(rw http.ResponseWriter, r *http.Request, _ int) bool {
		http.Redirect(rw, r, secret.URL, http.StatusTemporaryRedirect)
		return false
	})
	h, _ := w.hookTo(e.URL, nil)
	d, err := w.Ping(t.Context(), olga, h.ID)
	if err != nil || d.OK || !strings.Contains(d.Fault, "pointed elsewhere") || len(secret.taken()) > 0 {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestHooks_PingAndRedeliver send now, with the same id again, and note it.
func TestHooks_PingAndRedeliver(t *testing.T) {
	w, e := newWorld(t, nil), newEndpoint(t)
	h, _ := w.hookTo(e.URL, func(h *Hook) { h.Events = []Event{Created} })
	d, err := w.Ping(t.Context(), olga, h.ID)
	if err != nil || !d.OK || e.taken()[0].Type != "test" {
		t.Fatalf("%+v, %v", d, err)
	}
	id := w.put("", map[string]any{"name": "first"})
	e.wait(t, "it", atLeast(2))
	w.put(id, map[string]any{"name": "later"})
	var first *Delivery
	eventually(t, "the log", func() bool {
		list, err := w.Deliveries(t.Context(), olga, h.ID)
		for _, d := range list {
			if d.Kind == "record.created" {
				first = d
			}
		}
		return err == nil && first != nil
	})
	if d, err = w.Redeliver(t.Context(), olga, h.ID, first.Place); err != nil || !d.OK || d.Message != first.Message || d.Attempt != 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	e.mu.Lock()
	last := e.took[len(e.took)-1]
	e.mu.Unlock()
	if last.ID != first.Message || last.Data.Value["name"] != "first" {
		t.Errorf("sent again: %s", last.Body)
	}
}

// TestHooks_LogIsBounded keeps the newest deliveries.
func TestHooks_LogIsBounded(t *testing.T) {
	w, e := newWorld(t, nil), newEndpoint(t)
	h, _ := w.hookTo(e.URL, nil)
	for range 3*keptDeliveries/maxBatch + 2 {
		for range maxBatch {
			w.put("", map[string]any{"name": "x"})
		}
		w.crashPolitely()
	}
	e.wait(t, "all", atLeast(3*keptDeliveries))
	list, err := w.Deliveries(t.Context(), olga, h.ID)
	items, _ := w.store.Items(t.Context(), kindDelivery, "", 1000)
	if err != nil || len(list) > keptDeliveries || len(items) > 2*keptDeliveries {
		t.Errorf("%d deliveries in %d items, %v", len(list), len(items), err)
	}
	if err := w.Remove(t.Context(), olga, h.ID); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{kindHook, kindState, kindDelivery} {
		if items, _ := w.store.Items(t.Context(), kind, "", 10); len(items) > 0 {
			t.Errorf("%d items of %s are left", len(items), kind)
		}
	}
}

// crashPolitely is a restart.
func (w *world) crashPolitely() { w.Close(); w.open() }

func (w *world) get(id string) *Listed {
	w.t.Helper()
	h, err := w.Get(context.Background(), olga, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

// TestUpdate_Merges keeps what another owner changed meanwhile, and refuses what both did.
func TestUpdate_Merges(t *testing.T) {
	w, e := newWorld(t, nil), newEndpoint(t)
	h, _ := w.hookTo(e.URL, nil)
	hers, his := *h, *h
	hers.Name = "hers"
	his.URL = e.URL + "/his"
	for _, to := range []Hook{hers, his} {
		if _, err := w.Update(t.Context(), olga, h.ID, *h, to); err != nil {
			t.Fatal(err)
		}
	}
	if now := w.get(h.ID); now.Name != "hers" || now.URL != his.URL {
		t.Errorf("%+v", now.Hook)
	}
	other := *h
	other.Name = "another"
	if _, err := w.Update(t.Context(), olga, h.ID, *h, other); !isCode(err, collections.Exists) {
		t.Errorf("both changed the name: %v", err)
	}
}

// TestHooks_OwnersOnly keeps everybody else out of every call.
func TestHooks_OwnersOnly(t *testing.T) {
	w := newWorld(t, nil)
	ctx := t.Context()
	for _, a := range []collections.Actor{{Role: collections.Designer}, {Role: collections.Owner, Scopes: []string{"read"}}} {
		errs := map[string]error{}
		_, errs["List"] = w.List(ctx, a)
		_, errs["Get"] = w.Get(ctx, a, "x")
		_, _, errs["Create"] = w.Create(ctx, a, Hook{})
		_, errs["Update"] = w.Update(ctx, a, "x", Hook{}, Hook{})
		errs["Resume"] = w.Resume(ctx, a, "x")
		errs["Skip"] = w.Skip(ctx, a, "x")
		errs["Remove"] = w.Remove(ctx, a, "x")
		_, errs["NewSecret"] = w.NewSecret(ctx, a, "x")
		_, errs["Deliveries"] = w.Deliveries(ctx, a, "x")
		_, errs["Delivery"] = w.Delivery(ctx, a, "x", "y")
		_, errs["Ping"] = w.Ping(ctx, a, "x")
		_, errs["Redeliver"] = w.Redeliver(ctx, a, "x", "y")
		for name, err := range errs {
			if !isCode(err, collections.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
