package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

// TestDemo plays the story as the command does, in both orders.
func TestDemo(t *testing.T) {
	for _, first := range []string{"ben", "anna"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			got := shell{t: t}.ok("demo", "--first", first)
			wants(t, got, "Nothing differs, nothing was lost.", "hours: 1.5 + 2 = 3.5", "Permit number is required",
				title(first)+" is back with", "its answer is lost", "none applied twice", "told why, with no network")
			if strings.Contains(got, "FAIL") || strings.Count(got, " ok ") < 18 {
				t.Errorf("the story:\n%s", got)
			}
		})
	}
}

// TestDemo_BrokenPromise breaks a promise behind the story's back: each is noticed, and
// the command fails.
func TestDemo_BrokenPromise(t *testing.T) {
	for promise, meddle := range map[string]act{
		"hours: 1.5 + 2 = ": func(s *story, ctx context.Context) error {
			return s.change(ctx, s.id42, map[string]any{"hours": 2.0})
		},
		"notes: both texts, each whole": func(s *story, ctx context.Context) error {
			return s.change(ctx, s.id42, map[string]any{"notes": "Need part."})
		},
		"WO-0043 is alive": func(s *story, ctx context.Context) error {
			return s.server.call(ctx, http.MethodDelete, "/api/"+sampleType+"/"+s.id43, nil, nil)
		},
		"Anna's and Ben's WO-0042 are equal": func(s *story, ctx context.Context) error {
			return s.ben.orders.Update(ctx, s.id42, map[string]any{"site": "nowhere"})
		},
	} {
		t.Run(promise, func(t *testing.T) {
			t.Parallel()
			var told strings.Builder
			err := playBothOrders(t.Context(), &told, "ben", meddled(meddle))
			if err == nil || !strings.Contains(err.Error(), "promises were not kept") {
				t.Fatalf("nobody noticed: %v", err)
			}
			wants(t, told.String(), "FAIL  "+promise)
		})
	}
}

// change changes a record as the owner.
func (s *story) change(ctx context.Context, id string, fields map[string]any) error {
	return s.server.call(ctx, http.MethodPatch, "/api/"+sampleType+"/"+id, map[string]any{"value": fields}, nil)
}

// meddled is the whole story with something done before the documents are looked at.
func meddled(meddle act) []act {
	acts := wholeStory()
	look := len(acts) - 3
	before := append([]act{}, acts[:look]...)
	before = append(before, meddle, func(s *story, ctx context.Context) error {
		_, err := s.anna.device.Sync(ctx)
		return err
	})
	return append(before, acts[look:]...)
}
