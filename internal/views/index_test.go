package views_test

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/schema"
)

// indexing is a store that notes the indexes that it is asked for.
type indexing struct {
	collections.Store
	asked []string
}

func (s *indexing) EnsureIndex(ctx context.Context, typ string, field []string) error {
	s.asked = append(s.asked, typ+":"+strings.Join(field, "."))
	return s.Store.EnsureIndex(ctx, typ, field)
}

// A shared view asks for the indexes that its list needs, when it is made and when it
// changes or comes to be shared; one's own asks for none.
func TestSharedViewsAskForIndexes(t *testing.T) {
	store := &indexing{Store: storetest.Memory()}
	s := views.New(store, rand.Reader)
	eve := collections.Actor{User: "u1", Name: "eve", Role: collections.Editor}
	where, err := schema.ParseCondition([]byte(`{"all":[
		{"field":"status","is":"open"}, {"any":[{"field":"hours","above":3},{"field":"title","is":"x"}]},
		{"all":[{"field":"site.name","in":["a","b"]},{"field":"notes","contains":"leak"}]}, {"field":"status","is":"open"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	look := views.Look{Where: where, Sort: []views.Sort{{Path: []string{"due"}, Desc: true}, {Path: []string{"title"}}}}
	want := []string{"order:due", "order:status", "order:site.name"}

	own, err := s.Make(t.Context(), eve, views.View{Type: "order", Name: "mine", Look: look})
	if err != nil || store.asked != nil {
		t.Fatalf("a view of one's own asked for %v, %v", store.asked, err)
	}
	if _, err := s.Change(t.Context(), eve, "order", own.ID, func(v *views.View) { v.Shared = true }); err != nil || !slices.Equal(store.asked, want) {
		t.Errorf("a view that is shared now asked for %v, not %v, %v", store.asked, want, err)
	}
	store.asked = nil
	if _, err := s.Make(t.Context(), eve, views.View{Type: "order", Name: "all", Shared: true, Look: look}); err != nil || !slices.Equal(store.asked, want) {
		t.Errorf("a shared view asked for %v, not %v, %v", store.asked, want, err)
	}
	store.asked = nil
	look.State = "trash"
	if _, err := s.Make(t.Context(), eve, views.View{Type: "order", Name: "trash", Shared: true, Look: look}); err != nil || store.asked != nil {
		t.Errorf("a view of the trash asked for %v, %v", store.asked, err)
	}
}
