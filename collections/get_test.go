package collections_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// A document that a row rule keeps from somebody is, on every way to it, one that is
// not there; and it comes and goes with its value.
func TestGet_RowRules(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	o.rule("job", `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"}}}}`)
	ctx := t.Context()
	for i, who := range []string{"wim", "wilo"} {
		if _, err := o.Create(ctx, eve, "job", docID(i), map[string]any{"assignee": who, "title": "x"}); err != nil {
			t.Fatal(err)
		}
	}
	ways := map[string]func(id string) error{
		"get":     func(id string) error { _, err := o.Get(ctx, wim, "job", id); return err },
		"history": func(id string) error { _, _, err := o.History(ctx, wim, "job", id, "", "", 0); return err },
		"patch": func(id string) error {
			_, err := o.Patch(ctx, wim, "job", id, map[string]any{"title": "y"})
			return err
		},
		"replace": func(id string) error {
			_, err := o.Replace(ctx, wim, "job", id, map[string]any{"assignee": "wim"})
			return err
		},
		"delete": func(id string) error { return o.Delete(ctx, wim, "job", id) },
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			other, missing := way(docID(1)), way(docID(9))
			wantCode(t, other, collections.NotFound)
			if strings.ReplaceAll(other.Error(), docID(1), docID(9)) != missing.Error() {
				t.Errorf("%q can be told from %q", other, missing)
			}
		})
	}
	if got := o.list(wim, "job", collections.ListRequest{}); !slices.Equal(got, []string{docID(0)}) {
		t.Errorf("wim lists %v", got)
	}
	if _, err := o.Patch(ctx, eve, "job", docID(1), map[string]any{"assignee": "wim"}); err != nil {
		t.Fatal(err)
	}
	if err := ways["get"](docID(1)); err != nil {
		t.Errorf("a document that came into sight is not there: %v", err)
	}
	d, err := o.Patch(ctx, wim, "job", docID(1), map[string]any{"assignee": "wilo"})
	if err != nil || d != nil {
		t.Errorf("who hands a document on gets %v, %v, want nothing", d, err)
	}
	wantCode(t, ways["get"](docID(1)), collections.NotFound)
}
