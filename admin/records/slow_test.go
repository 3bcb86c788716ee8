package records

import (
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// Ensure a list that took long says so where an index would help, and that only who may
// edit the type is offered one.
func TestSlowSort(t *testing.T) {
	parsed, err := schema.Parse([]byte(`{"type": "object", "properties": {
		"hours": {"type": "number", "title": "Hours"}, "due": {"type": "string", "format": "date", "x-index": true},
		"at/home": {"type": "object", "properties": {"city": {"type": "string"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	designer := collections.Actor{Role: collections.Designer}
	for _, c := range []struct {
		sort string
		took time.Duration
		as   collections.Actor
		want string // the path that the builder is told; "-": nothing is said
	}{
		{"hours", time.Second, designer, "hours"},
		{"hours", time.Second, collections.Actor{Role: collections.Editor}, ""},
		{"hours", time.Second, collections.Actor{Role: collections.Owner, Scopes: []string{"read"}}, ""},
		{"hours", time.Millisecond, designer, "-"},
		{"due", time.Second, designer, "-"},
		{"_updated", time.Second, designer, "-"},
		{"", time.Second, designer, "-"},
		{"at/home.city", time.Second, designer, "at~1home/city"},
	} {
		s := &sight{typ: &collections.Type{Name: "order", Schema: parsed}}
		if c.sort != "" {
			key, err := readSort(c.sort)
			if err != nil {
				t.Fatal(err)
			}
			s.address.sort = []collections.Sort{key}
		}
		got := "-"
		if slow := s.slowSort(t.Context(), c.as, c.took); slow != nil {
			if got = slow.Path; slow.Said == "" || (slow.Action == "") != (slow.Path == "") {
				t.Errorf("by %s: %+v", c.sort, slow)
			}
		}
		if got != c.want {
			t.Errorf("by %s in %s: %q, want %q", c.sort, c.took, got, c.want)
		}
	}
}
