package sqlite

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// explain gives SQLite's plan of a query, one step a line.
func explain(t *testing.T, s *Store, q *collections.Query) string {
	t.Helper()
	p, err := s.plan(q, s.types.num(q.Type))
	must(t, err)
	conn, err := s.readers.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	// Only running a query, not explaining it, makes a connection look for new indexes.
	_, err = conn.ExecContext(t.Context(), p.text(), p.args...)
	must(t, err)
	rows, err := conn.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+p.text(), p.args...)
	must(t, err)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		must(t, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	must(t, rows.Err())
	return strings.Join(steps, "\n")
}

// Queries are answered from the index that is there for them, entered at the right
// place, and nothing is sorted that an index has in order.
func TestFind_UsesIndexes(t *testing.T) {
	s := mustOpen(t, "")
	must(t, s.Commit(t.Context(), history(1, 100)))
	for _, field := range [][]string{{"status"}, {"due"}, {"hours"}, {"site", "name"}, {"_updated"}, {`it's "q" \ ?1`}} {
		must(t, s.EnsureIndex(t.Context(), "work-order", field))
	}
	where := func(op, field string, v any) *schema.Condition {
		return &schema.Condition{Op: op, Field: strings.Split(field, "/"), Value: v}
	}
	by := func(field string, desc bool) []collections.Sort {
		return []collections.Sort{{Field: []string{field}, Desc: desc}}
	}
	end := &collections.PageKey{Values: []any{"2026-03-01"}, ID: docID(7)}
	const sorting = "USE TEMP B-TREE FOR ORDER BY"
	for name, c := range map[string]struct {
		query      collections.Query
		want, wont string
	}{
		"by id":              {collections.Query{}, "records_1 (type=?)", sorting},
		"by id, next page":   {collections.Query{After: &collections.PageKey{ID: docID(50)}}, "(type=? AND id>?)", sorting},
		"needs attention":    {collections.Query{State: collections.Attention}, "records_attention (type=?)", sorting},
		"the trash":          {collections.Query{State: collections.Trash}, "records_trash (type=?)", sorting},
		"equal":              {collections.Query{Where: where("is", "status", "open")}, "records_1_r1 (r1=? AND v1=?)", sorting},
		"one of":             {collections.Query{Where: where("in", "status", []any{"open", "done"})}, "records_1_r1 (r1=? AND v1=?)", ""},
		"nested":             {collections.Query{Where: where("is", "site/name", "Plant 7")}, "records_1_r4 (r4=? AND v4=?)", sorting},
		"above":              {collections.Query{Where: where("above", "hours", 20.0)}, "records_1_r3 (r3=? AND v3>?)", ""},
		"hostile name":       {collections.Query{Where: where("is", `it's "q" \ ?1`, 1.0)}, "records_1_r5 (r5=? AND v5=?)", sorting},
		"part of all":        {collections.Query{Where: &schema.Condition{Op: "all", Subs: []*schema.Condition{where("is", "status", "open"), where("contains", "title", "pump")}}}, "records_1_r1 (r1=? AND v1=?)", sorting},
		"sorted":             {collections.Query{Sort: by("due", false)}, "USING INDEX records_1_r2", sorting},
		"sorted, next page":  {collections.Query{Sort: by("due", false), After: end}, "records_1_r2 ((r2,v2)>(?,?))", sorting},
		"newest first":       {collections.Query{Sort: by("due", true)}, "USING INDEX records_1_r2", sorting},
		"newest, next page":  {collections.Query{Sort: by("due", true), After: end}, "records_1_r2 ((r2,v2)<(?,?))", sorting},
		"last written first": {collections.Query{Sort: by("_updated", true)}, "records_1_updated", sorting},
		"written since":      {collections.Query{Since: 50}, "records_1_updated (updated>?)", ""},
		"search":             {collections.Query{Words: []string{"pum"}}, "words VIRTUAL TABLE INDEX", ""},
	} {
		t.Run(name, func(t *testing.T) {
			q := c.query
			q.Type, q.Limit = "work-order", 50
			plan := explain(t, s, &q)
			if !strings.Contains(plan, c.want) || c.wont != "" && strings.Contains(plan, c.wont) {
				t.Errorf("plan, want %q and not %q:\n%s", c.want, c.wont, plan)
			}
		})
	}
}
