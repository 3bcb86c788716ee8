package sqlite

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// A sorted page of what matches many documents is found along the index of its order; of
// what matches few, by the index of the condition.
func TestFind_WalksTheOrder(t *testing.T) {
	s := mustOpen(t, "")
	must(t, s.Commit(t.Context(), history(1, walkFrom+500)))
	for _, field := range [][]string{{"status"}, {"due"}, {"_updated"}} {
		must(t, s.EnsureIndex(t.Context(), "work-order", field))
	}
	typ := s.types.num("work-order")
	for name, c := range map[string]struct {
		where *schema.Condition
		sort  string
		want  bool
	}{
		"many":               {&schema.Condition{Op: "from", Field: []string{"due"}, Value: "2000-01-01"}, "_updated", true},
		"few":                {&schema.Condition{Op: "is", Field: []string{"due"}, Value: "2000-01-01"}, "_updated", false},
		"an order without":   {&schema.Condition{Op: "from", Field: []string{"due"}, Value: "2000-01-01"}, "title", false},
		"nothing to look at": {&schema.Condition{Op: "is", Field: []string{"title"}, Value: "x"}, "_updated", false},
	} {
		t.Run(name, func(t *testing.T) {
			q := &collections.Query{Type: "work-order", Where: c.where, Sort: []collections.Sort{{Field: []string{c.sort}, Desc: true}}, Limit: 50}
			tx, err := s.readers.BeginTx(t.Context(), nil)
			must(t, err)
			defer tx.Rollback()
			walk, err := s.walks(t.Context(), tx, q, typ)
			must(t, err)
			if walk != c.want {
				t.Fatalf("walks: %v", walk)
			}
			with, err := s.planned(q, typ, walk)
			must(t, err)
			if strings.Contains(with.where, "+r") != c.want {
				t.Errorf("the condition is %s", with.where)
			}
			found, err := s.Find(t.Context(), q)
			must(t, err)
			for i := 1; i < len(found); i++ {
				if found[i-1].Updated < found[i].Updated && c.sort == "_updated" {
					t.Fatalf("record %d is older than the one after it", i-1)
				}
			}
			if len(found) != 50 && c.want {
				t.Errorf("%d records found", len(found))
			}
		})
	}
}
