package views_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/schema"
)

var (
	eve  = collections.Actor{User: "e1", Name: "eve", Role: collections.Editor}
	wim  = collections.Actor{User: "w1", Name: "wim", Role: collections.Worker}
	wilo = collections.Actor{User: "w2", Name: "wilo", Role: collections.Worker}
)

func codeOf(err error) collections.Code {
	var known *collections.Error
	errors.As(err, &known)
	if known == nil {
		return ""
	}
	return known.Code
}

func names(t *testing.T, s *views.Store, a collections.Actor) string {
	t.Helper()
	list, err := s.List(t.Context(), a, "order")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, v := range list {
		all = append(all, v.Name)
	}
	return strings.Join(all, ", ")
}

// One's own views are nobody else's; those of editors can be shared, and then only
// editors change them.
func TestStore_OwnAndShared(t *testing.T) {
	s := views.New(storetest.Memory(), rand.Reader)
	ctx := t.Context()
	own, err := s.Make(ctx, wim, views.View{Type: "order", Name: " Mine ", Look: views.Look{Search: "pump"}})
	if err != nil || own.Name != "Mine" || own.By != "wim" {
		t.Fatalf("%+v, %v", own, err)
	}
	if _, err := s.Make(ctx, wim, views.View{Type: "order", Name: "For all", Shared: true}); codeOf(err) != collections.Forbidden {
		t.Errorf("a worker shares: %v", err)
	}
	for _, name := range []string{"", "  ", strings.Repeat("ü", 61)} {
		if _, err := s.Make(ctx, wim, views.View{Type: "order", Name: name}); codeOf(err) != collections.Invalid {
			t.Errorf("the name %q: %v", name, err)
		}
	}
	open, err := s.Make(ctx, eve, views.View{Type: "order", Name: "Open", Shared: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(t, s, wim); got != "Mine, Open" {
		t.Errorf("wim has %s", got)
	}
	if got := names(t, s, wilo); got != "Open" {
		t.Errorf("wilo has %s", got)
	}
	if _, err := s.Find(ctx, wilo, "order", own.ID); codeOf(err) != collections.NotFound {
		t.Errorf("wilo finds wim's view: %v", err)
	}
	if _, err := s.Find(ctx, wim, "other", open.ID); codeOf(err) != collections.NotFound {
		t.Errorf("a view is found under another type: %v", err)
	}
	if _, err := s.Change(ctx, wim, "order", open.ID, func(v *views.View) { v.Name = "Wim's" }); codeOf(err) != collections.Forbidden {
		t.Errorf("a worker changes a shared view: %v", err)
	}
	if err := s.Remove(ctx, wim, "order", open.ID); codeOf(err) != collections.Forbidden {
		t.Errorf("a worker takes a shared view away: %v", err)
	}
	if err := s.Remove(ctx, eve, "order", own.ID); codeOf(err) != collections.NotFound {
		t.Errorf("an editor takes somebody's own view away: %v", err)
	}
	if _, err := s.Change(ctx, eve, "order", open.ID, func(v *views.View) { v.Shared, v.Owner = false, "w1" }); err != nil {
		t.Fatal(err)
	}
	if got := names(t, s, wim); got != "Mine" {
		t.Errorf("a view that is shared no more is in wim's list: %s", got)
	}
	if got := names(t, s, eve); got != "Open" {
		t.Errorf("eve has %s", got)
	}
	if err := s.Remove(ctx, eve, "order", open.ID); err != nil || names(t, s, eve) != "" {
		t.Errorf("after taking it away eve has %s (%v)", names(t, s, eve), err)
	}
}

// A layout is of one person and one view.
func TestStore_Layout(t *testing.T) {
	s := views.New(storetest.Memory(), rand.Reader)
	err := s.Arrange(t.Context(), wim, "order", "", func(l *views.Layout) { l.Compact = true })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who       collections.Actor
		typ, view string
		want      bool
	}{{wim, "order", "", true}, {wilo, "order", "", false}, {wim, "other", "", false}, {wim, "order", "v", false}} {
		if l, err := s.Layout(t.Context(), c.who, c.typ, c.view); err != nil || l.Compact != c.want {
			t.Errorf("%s in %s/%s: %+v, %v", c.who.Name, c.typ, c.view, l, err)
		}
	}
}

func parse(t *testing.T, text string) *schema.Schema {
	t.Helper()
	s, err := schema.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLook_For: whatever a view says of fields that its reader does not have is left out,
// so that its JSON never holds their keys; all else stays.
func TestLook_For(t *testing.T) {
	seen := parse(t, `{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"},"b":{"type":"number"}}}`)
	rapid.Check(t, func(r *rapid.T) {
		key := rapid.SampledFrom([]string{"a", "b", "hidden"})
		var draw func(depth int) *schema.Condition
		draw = func(depth int) *schema.Condition {
			if depth > 0 && rapid.Bool().Draw(r, "group") {
				c := &schema.Condition{Op: rapid.SampledFrom([]string{"all", "any", "none"}).Draw(r, "op")}
				for range rapid.IntRange(0, 3).Draw(r, "n") {
					c.Subs = append(c.Subs, draw(depth-1))
				}
				return c
			}
			return &schema.Condition{Op: "empty", Field: []string{key.Draw(r, "key")}, Value: true}
		}
		look := views.Look{Where: draw(3), Columns: []views.Column{{Path: []string{key.Draw(r, "column")}}, {Path: []string{"_updated"}}}, Sort: []views.Sort{{Path: []string{key.Draw(r, "sort")}}}}
		whole, err := json.Marshal(look)
		if err != nil {
			r.Fatal(err)
		}
		left, partly := look.For(seen)
		told, err := json.Marshal(left)
		if err != nil {
			r.Fatal(err)
		}
		if strings.Contains(string(told), "hidden") {
			r.Fatalf("%s tells of it: %s", whole, told)
		}
		if named := strings.Contains(string(whole), "hidden"); named != partly {
			r.Fatalf("%s: partly is %v", whole, partly)
		}
		if !partly && string(whole) != string(told) {
			r.Fatalf("%s became %s", whole, told)
		}
		if again, more := left.For(seen); more {
			r.Fatalf("a second time %s loses something: %+v", told, again)
		}
	})
}
