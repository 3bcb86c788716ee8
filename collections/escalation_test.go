package collections_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

const (
	widest       = `{"roles":{"worker":{"see":true,"create":true,"edit":true,"delete":true},"editor":{}}}`
	walkedRules  = `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"},"edit":{"field":"status","not":"done"},"delete":false,"hidden":["price"],"readOnly":["status"]},"editor":{"delete":false,"readOnly":["price"]}}}`
	walkedClosed = `{"roles":{"worker":{"see":false,"create":false}}}`
)

// No sequence of calls that somebody may make widens what they may do: neither their
// grants, nor which of the documents that were there they see, nor the fields of those.
// (Directus GHSA-pmf4-v838-29hg.)
func TestAuthz_NoEscalation(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	read, write := eve, wim
	read.Scopes, write.Scopes = []string{"read", "type:job"}, []string{"write"}
	for i, a := range []collections.Actor{wim, eve, read, write, {User: "u9", Name: "nobody"}} {
		t.Run(fmt.Sprint(a.Name, a.Scopes), func(t *testing.T) {
			w := newWalk(t, a, rand.New(rand.NewPCG(seed, uint64(i))))
			allowed := 0
			for range 200 {
				call, err := w.step()
				if err == nil {
					allowed++
				}
				w.checkNotWider(call)
			}
			if a.Role != "" && a.Scopes == nil && allowed < 8 {
				t.Errorf("only %d of 200 calls were allowed: the walk went nowhere", allowed)
			}
		})
	}
}

// walk is somebody who tries everything.
type walk struct {
	*office
	actor  collections.Actor
	random *rand.Rand
	n      uint64              // of the replica it pushes with
	own    []string            // documents it made
	grants map[string]string   // by type, as they were
	seen   map[string][]string // by document that was there, the fields that could be seen
}

func newWalk(t *testing.T, a collections.Actor, random *rand.Rand) *walk {
	o := openOffice(t)
	o.publish("job", jobSchema)
	o.publish("closed", jobSchema)
	o.rule("job", walkedRules)
	o.rule("closed", walkedClosed)
	for i := range 12 {
		value := map[string]any{
			"title": "x", "price": float64(i),
			"assignee": []string{"wim", "wilo", "eve"}[i%3], "status": []string{"open", "done"}[i%2],
		}
		for _, typ := range []string{"job", "closed"} {
			if _, err := o.Create(t.Context(), olga, typ, docID(i), value); err != nil {
				t.Fatal(err)
			}
		}
		if i > 9 {
			if err := o.Delete(t.Context(), olga, "job", docID(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	w := &walk{office: o, actor: a, random: random}
	w.grants, w.seen = w.grantsNow(), w.seenNow()
	return w
}

func (w *walk) grantsNow() map[string]string {
	grants := map[string]string{}
	for _, typ := range []string{"job", "closed", "new"} {
		g, err := w.Grant(w.actor, typ)
		grants[typ] = fmt.Sprint(err)
		if err == nil {
			grants[typ] = asJSON(w, g)
		}
	}
	return grants
}

// seenNow tells which fields of which documents can be seen, in every way there is.
func (w *walk) seenNow() map[string][]string {
	seen := map[string][]string{}
	note := func(typ, id string, value map[string]any) {
		key := typ + "/" + id
		seen[key] = slices.Compact(slices.Sorted(slices.Values(append(seen[key], fields(value)...))))
	}
	for _, typ := range []string{"job", "closed"} {
		for i := range 12 {
			if d, err := w.Get(w.Context(), w.actor, typ, docID(i)); err == nil {
				note(typ, d.ID, d.Value)
			}
		}
		for state := collections.Live; state <= collections.Any; state++ {
			page, err := w.List(w.Context(), w.actor, typ, collections.ListRequest{State: state, Limit: 1000})
			if err != nil {
				continue
			}
			for _, d := range page.Documents {
				note(typ, d.ID, d.Value)
			}
		}
	}
	answer, err := w.Pull(w.Context(), w.actor, "", nil, 1000)
	if err != nil {
		return seen
	}
	for _, d := range answer.Documents {
		note(d.Type, d.ID, object(w, string(d.Value)))
	}
	return seen
}

func fields(value map[string]any) []string {
	keys := []string{"_there"}
	for key := range value {
		keys = append(keys, key)
	}
	return keys
}

// checkNotWider compares with how it began.
func (w *walk) checkNotWider(call string) {
	w.Helper()
	for typ, now := range w.grantsNow() {
		if now != w.grants[typ] {
			w.Fatalf("after %s the grant for %s is %s, was %s", call, typ, now, w.grants[typ])
		}
	}
	for key, now := range w.seenNow() {
		before, there := w.seen[key]
		if w.isOwn(key) {
			continue
		}
		if !there {
			w.Fatalf("after %s, %s can be seen", call, key)
		}
		for _, field := range now {
			// A field may be filled in by who may write it; a hidden one never shows.
			if field == "price" && !slices.Contains(before, field) {
				w.Fatalf("after %s, %s shows its %s", call, key, field)
			}
		}
	}
}

// isOwn reports whether a document was made on the walk.
func (w *walk) isOwn(key string) bool {
	for i := range 12 {
		if key == "job/"+docID(i) || key == "closed/"+docID(i) {
			return false
		}
	}
	return true
}

// step makes one random call.
func (w *walk) step() (call string, err error) {
	ctx := w.Context()
	typ := []string{"job", "job", "job", "job", "job", "job", "closed", "new"}[w.random.IntN(8)]
	id := docID(w.random.IntN(14))
	if len(w.own) > 0 && w.random.IntN(2) == 0 {
		id = w.own[w.random.IntN(len(w.own))]
	}
	value := w.value()
	type attempt struct {
		name string
		do   func() error
	}
	calls := []attempt{
		{"create", func() error {
			d, err := w.Create(ctx, w.actor, typ, "", value)
			if d != nil {
				w.own = append(w.own, d.ID)
			}
			return err
		}},
		{"create over", func() error { _, err := w.Create(ctx, w.actor, typ, id, value); return err }},
		{"patch", func() error { _, err := w.Patch(ctx, w.actor, typ, id, value); return err }},
		{"replace", func() error { _, err := w.Replace(ctx, w.actor, typ, id, value); return err }},
		{"delete", func() error { return w.Delete(ctx, w.actor, typ, id) }},
		{"restore", func() error { _, err := w.Restore(ctx, w.actor, typ, id); return err }},
		{"history", func() error { _, _, err := w.History(ctx, w.actor, typ, id, "price", "", 0); return err }},
		{"push", func() error { return w.push(ctx, typ, id, value) }},
	}
	if w.random.IntN(4) == 0 {
		calls = []attempt{
			{"set rules", func() error { return w.SetRules(ctx, w.actor, typ, widestRules(w.T)) }},
			{"save draft", func() error {
				_, err := w.SaveDraft(ctx, w.actor, collections.Draft{Name: typ, Schema: []byte(`{"type":"object","properties":{"assignee":{"type":"string"}}}`)})
				return err
			}},
			{"publish", func() error { _, _, err := w.Publish(ctx, w.actor, typ, nil); return err }},
			{"discard", func() error { return w.DiscardDraft(ctx, w.actor, typ) }},
			{"backup", func() error { return w.Backup(ctx, w.actor, new(discard), nil) }},
		}
	}
	c := calls[w.random.IntN(len(calls))]
	return fmt.Sprintf("%s %s/%s %v", c.name, typ, id, value), c.do()
}

// discard is where a backup goes that should not be taken.
type discard struct{}

func (*discard) Write(p []byte) (int, error) { return len(p), nil }

// value is what somebody would write to get at more.
func (w *walk) value() map[string]any {
	value := map[string]any{}
	for _, field := range []struct {
		key     string
		rarely  int
		choices []any
	}{
		{"title", 2, []any{"x", "y", nil}},
		{"assignee", 1, []any{"wim", "wim", "wim", "wim", "wim", "wilo", "$me", nil}},
		{"status", 10, []any{"open", "done", nil}},
		{"price", 10, []any{1.0, nil}},
	} {
		if w.random.IntN(field.rarely) == 0 {
			value[field.key] = field.choices[w.random.IntN(len(field.choices))]
		}
	}
	return value
}

// push sends the value as a device would that does not ask itself what it may do.
func (w *walk) push(ctx context.Context, typ, id string, value map[string]any) error {
	var ops []crdt.Op
	if w.random.IntN(3) == 0 {
		ops = append(ops, crdt.Op{Kind: crdt.OpCreate})
	}
	for _, key := range slices.Sorted(maps.Keys(value)) {
		ops = append(ops, crdt.Op{Kind: crdt.OpSet, Path: []string{key}, Value: value[key], Has: true})
	}
	w.n++
	change := &crdt.Change{
		Replica: 77, N: w.n, Stamp: crdt.NewTime(w.start.UnixMilli(), 0),
		Type: typ, Version: 1, Doc: id, Ops: ops,
	}
	answer, err := w.Sync(ctx, w.actor, &collections.SyncRequest{Replica: 77, Changes: []*crdt.Change{change}})
	if err != nil {
		w.n-- // the push as a whole was refused: its number is free
		return err
	}
	if refused := answer.Results[0].Error; refused != nil {
		return refused
	}
	return nil
}

func widestRules(t *testing.T) *collections.Rules {
	t.Helper()
	rules, err := collections.ParseRules([]byte(widest))
	if err != nil {
		t.Fatal(err)
	}
	rules.Roles[collections.Worker].See = &schema.Condition{Op: "true"}
	return rules
}
