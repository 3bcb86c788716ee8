package api

import (
	"context"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/schema"
)

// TestViews: shared views go to whoever may know the type, without what is about fields
// that they do not see; one's own go to nobody else.
func TestViews(t *testing.T) {
	w := newWorld(t)
	where, err := schema.ParseCondition([]byte(`{"all":[{"field":"price","above":5},{"field":"status","is":"open"}]}`))
	w.must(err)
	shared := views.View{Type: "order", Name: "Dear", Shared: true, Look: views.Look{Where: where, Columns: []views.Column{{Path: []string{"title"}}, {Path: []string{"price"}}}}}
	made := views.New(w.store, strings.NewReader("0123456789abcdef"))
	_, err = made.Make(context.Background(), w.actor("eve"), shared)
	w.must(err)
	_, err = made.Make(context.Background(), w.actor("eve"), views.View{Type: "order", Name: "Mine"})
	w.must(err)
	if got := w.do("eve", "GET", "/api/_views?type=order", ""); got.status != 200 || !strings.Contains(got.body, `"Mine"`) || !strings.Contains(got.body, "price") {
		t.Errorf("eve gets %d %s", got.status, got.body)
	}
	got := w.do("wim", "GET", "/api/_views?type=order", "")
	if got.status != 200 || !strings.Contains(got.body, `"Dear"`) || !strings.Contains(got.body, `"partly":true`) {
		t.Errorf("wim gets %d %s", got.status, got.body)
	}
	for _, secret := range []string{"price", "Mine"} {
		if strings.Contains(got.body, secret) {
			t.Errorf("wim is told of %s: %s", secret, got.body)
		}
	}
	for _, path := range []string{"/api/_views?type=nothing", "/api/_views"} {
		if got := w.do("wim", "GET", path, ""); got.status != 404 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := w.do("eve/other", "GET", "/api/_views?type=order", ""); got.status != 404 {
		t.Errorf("a token for another type gets %d", got.status)
	}
}
