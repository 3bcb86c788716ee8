package collections_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// The people of the office.
var (
	olga = collections.Actor{User: "u1", Name: "olga", Role: collections.Owner}
	dana = collections.Actor{User: "u2", Name: "dana", Role: collections.Designer}
	eve  = collections.Actor{User: "u3", Name: "eve", Role: collections.Editor}
	wim  = collections.Actor{User: "u4", Name: "wim", Role: collections.Worker}
	wilo = collections.Actor{User: "u5", Name: "wilo", Role: collections.Worker}
)

// office is an engine over an in-memory store, with a clock that moves a second at each
// reading, so that every run is the same.
type office struct {
	*testing.T
	*collections.Engine
	store collections.Store
	start time.Time
	reads atomic.Int64
}

// openOffice opens an engine on an empty store.
func openOffice(t *testing.T) *office {
	return openOfficeOn(t, storetest.Memory())
}

func openOfficeOn(t *testing.T, store collections.Store) *office {
	t.Helper()
	o := &office{T: t, store: store, start: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	e, err := collections.Open(t.Context(), collections.Config{
		Store:  store,
		Now:    func() time.Time { return o.start.Add(time.Duration(o.reads.Add(1)) * time.Second) },
		Random: rand.NewChaCha8([32]byte{7}),
	})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	o.Engine = e
	t.Cleanup(func() { _ = e.Close(context.Background()) })
	return o
}

// publish makes a schema the next version of a type.
func (o *office) publish(name, text string) *collections.Type {
	o.Helper()
	o.draft(name, text)
	published, _, err := o.Publish(o.Context(), dana, name, nil)
	if err != nil {
		o.Fatalf("publish %s: %v", name, err)
	}
	return published
}

// draft saves a schema as the draft of a type, over whatever is there.
func (o *office) draft(name, text string) *collections.Draft {
	o.Helper()
	d := collections.Draft{Name: name, Schema: json.RawMessage(text)}
	if old, err := o.Draft(o.Context(), dana, name); err == nil {
		d.Rev = old.Rev
	}
	saved, err := o.SaveDraft(o.Context(), dana, d)
	if err != nil {
		o.Fatalf("save draft %s: %v", name, err)
	}
	return saved
}

// rule sets a type's rules from JSON.
func (o *office) rule(name, text string) {
	o.Helper()
	rules, err := collections.ParseRules([]byte(text))
	if err == nil {
		err = o.SetRules(o.Context(), dana, name, rules)
	}
	if err != nil {
		o.Fatalf("rules of %s: %v", name, err)
	}
}

// list gives the ids of all pages, and checks that pages of one and of many agree.
func (o *office) list(a collections.Actor, typ string, r collections.ListRequest) []string {
	o.Helper()
	var ids []string
	for {
		page, err := o.List(o.Context(), a, typ, r)
		if err != nil {
			o.Fatalf("list %s: %v", typ, err)
		}
		for _, d := range page.Documents {
			ids = append(ids, d.ID)
		}
		if r.After = page.Next; r.After == "" {
			return ids
		}
	}
}

// wantCode fails unless err is an *Error of the code; it gives the error back.
func wantCode(t testing.TB, err error, code collections.Code) *collections.Error {
	t.Helper()
	var e *collections.Error
	if !errors.As(err, &e) {
		t.Fatalf("error is %v, want one with code %s", err, code)
	}
	if e.Code != code {
		t.Fatalf("error has code %s (%s), want %s", e.Code, e.Message, code)
	}
	return e
}

// where reads a condition.
func where(t testing.TB, text string) *schema.Condition {
	t.Helper()
	c, err := schema.ParseCondition([]byte(text))
	if err != nil {
		t.Fatalf("condition %s: %v", text, err)
	}
	return c
}

// object reads a JSON object.
func object(t testing.TB, text string) map[string]any {
	t.Helper()
	v, err := crdt.ParseValue([]byte(text), crdt.Limits{})
	if err != nil {
		t.Fatalf("value %s: %v", text, err)
	}
	return v.(map[string]any)
}

// asJSON is what anybody outside gets to see of v.
func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("marshal %T: %v", v, err)
	}
	return string(text)
}

// docID makes the n-th document id: they sort by n.
func docID(n int) string { return fmt.Sprintf("0195a000-0000-7000-8000-%012x", n) }
