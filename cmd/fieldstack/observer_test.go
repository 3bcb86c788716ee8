package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// TestObserver_TrailAndCounts: what is published by any door is in the trail, and what
// comes in is counted, across a restart too.
func TestObserver_TrailAndCounts(t *testing.T) {
	s := startTestServer(t)
	ctx := t.Context()
	owner := collections.Actor{User: "o", Name: "olga", Role: collections.Owner}
	if _, err := s.engine.SaveDraft(ctx, owner, collections.Draft{Name: "site", Schema: []byte(`{"type":"object","properties":{"name":{"type":"string"}}}`)}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.engine.Publish(ctx, owner, "site", nil); err != nil {
		t.Fatal(err)
	}
	if err := s.engine.SetRules(ctx, owner, "site", &collections.Rules{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.engine.Create(ctx, owner, "site", "", map[string]any{"name": "North"}); err != nil {
		t.Fatal(err)
	}
	lines, _, err := s.accounts.Trail(ctx, owner, auth.TrailFilter{Who: "olga"}, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, l := range lines {
		said = append(said, fmt.Sprintf("%s: %s %s %s", l.Area, l.Did, l.About, l.Detail))
	}
	want := map[string]bool{"types: published a version site 1": true, "rules: changed the rules site ": true}
	for _, line := range said {
		delete(want, line)
	}
	if len(want) > 0 {
		t.Errorf("the trail is %q", said)
	}
	hours, err := s.activity.Hours(ctx, time.Now().Add(-time.Hour), time.Now().Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	accepted := uint64(0)
	for _, h := range hours {
		accepted += h.Accepted
	}
	if accepted != 1 {
		t.Errorf("%d changes were counted, want 1", accepted)
	}
}
