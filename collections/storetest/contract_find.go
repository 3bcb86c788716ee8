package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

func testFind(t *testing.T, h Harness) {
	t.Run("random queries list what a plain reading of them lists", func(t *testing.T) { testRandomQueries(t, h) })
	t.Run("every pair of values sorts and pages as documented", func(t *testing.T) { testSortOrder(t, h) })
	t.Run("a page key of any value has its place", func(t *testing.T) { testAnyPageKey(t, h) })
	t.Run("a field name with NUL is refused", func(t *testing.T) { testNUL(t, h.open(t)) })
	t.Run("a query that cannot be meant is an error", func(t *testing.T) { testBadQueries(t, h.open(t)) })
	t.Run("a type with nothing stored has no documents", func(t *testing.T) {
		s := h.open(t)
		q := &collections.Query{Type: "none", Limit: 5, Sort: []collections.Sort{{Field: []string{"a"}}}}
		same(t, "found", find(t, s, q), []*collections.Record{})
		n, err := s.Count(t.Context(), q)
		must(t, err)
		same(t, "count", n, 0)
	})
}

func find(t *testing.T, s collections.Store, q *collections.Query) []*collections.Record {
	t.Helper()
	found, err := s.Find(t.Context(), q)
	if err != nil {
		t.Fatalf("Find %s: %v", show(q), err)
	}
	return found
}

// show says a query so that it can be read in a failure.
func show(q *collections.Query) string {
	text, err := json.Marshal(q)
	return fmt.Sprintf("%s %v", text, err)
}

// populate commits n random documents of two types, rewrites some, and gives what is
// then stored.
func populate(t *testing.T, s collections.Store, r randomizer, n int) []Document {
	t.Helper()
	stored := map[collections.Key]*collections.Record{}
	batch := &collections.Batch{Stream: "main"}
	for range n + n/2 {
		key := collections.Key{Type: pick(r, []string{"work-order", "work-order", "asset"}), ID: docID(r.Intn(n))}
		rev := uint64(1)
		if before := stored[key]; before != nil {
			rev = before.Rev + 1
		}
		c := r.record(key.Type, key.ID, rev)
		stored[key] = &c
		if batch.Records = append(batch.Records, write(c)); len(batch.Records) == 20 {
			must(t, s.Commit(t.Context(), batch))
			batch.Records = nil
		}
	}
	must(t, s.Commit(t.Context(), batch))
	all := make([]Document, 0, len(stored))
	for _, c := range stored {
		all = append(all, Read(c))
	}
	return all
}

func testRandomQueries(t *testing.T, h Harness) {
	r := randomizer{rand.New(rand.NewSource(seed(t)))}
	s := h.open(t)
	all := populate(t, s, r, h.rounds(300))
	for round := range h.rounds(600) {
		if round%100 == 50 { // an index changes nothing but the time it takes
			field := pick(r, append(fieldNames, []string{"_updated"}, []string{"_created"}))
			must(t, s.EnsureIndex(t.Context(), "work-order", field))
			must(t, s.EnsureIndex(t.Context(), "work-order", field))
		}
		q := r.query("work-order")
		checkPages(t, s, q, all)
		if t.Failed() {
			return
		}
	}
}

// checkPages reads all pages of a query and compares them, and the count.
func checkPages(t *testing.T, s collections.Store, q *collections.Query, all []Document) {
	t.Helper()
	whole := *q
	whole.Limit = math.MaxInt
	want := Select(&whole, slices.Values(all))
	n, err := s.Count(t.Context(), q)
	if err != nil || n != len(want) {
		t.Fatalf("Count %s: %d, %v, want %d", show(q), n, err, len(want))
	}
	page := *q
	for {
		found := find(t, s, &page)
		if len(found) > q.Limit || len(found) > len(want) {
			t.Fatalf("Find %s: %d documents, want at most %d and %d", show(&page), len(found), q.Limit, len(want))
		}
		for i, got := range found {
			if got.ID != want[i].ID || got.Rev != want[i].Rev || !bytes.Equal(got.Value, want[i].Value) {
				t.Fatalf("Find %s: document %d is\n%s %s, want\n%s %s", show(&page), i, got.ID, got.Value, want[i].ID, want[i].Value)
			}
		}
		if len(found) > 0 {
			same(t, "record", found[0], want[0].Record)
		}
		if want = want[len(found):]; len(found) < q.Limit {
			break
		}
		page.After = throughJSON(t, Read(found[len(found)-1]).Place(q.Sort))
	}
	if len(want) > 0 {
		t.Fatalf("Find %s: %d documents are missing, first %s %s", show(&page), len(want), want[0].ID, want[0].Value)
	}
}

// throughJSON gives a page key as it comes back from a client.
func throughJSON(t *testing.T, k collections.PageKey) *collections.PageKey {
	t.Helper()
	text, err := json.Marshal(k)
	must(t, err)
	var back collections.PageKey
	must(t, json.Unmarshal(text, &back))
	return &back
}

// everyValue makes three documents of each scalar, of some lists and objects, and of
// no value at all.
func everyValue(t *testing.T, s collections.Store) []Document {
	t.Helper()
	values := append(slices.Clone(scalars), []any{}, []any{1.0}, map[string]any{}, map[string]any{"x": "a"})
	b := &collections.Batch{Stream: "main"}
	var all []Document
	for i := range 3 * (len(values) + 1) {
		value := map[string]any{"other": float64(i % 2)}
		if v := i / 3; v < len(values) {
			value["a"] = values[v]
		}
		// The ids go against the order of the values.
		c := recordOf("work-order", docID(1000-7*i%1000), 1, crdt.Canonical(value))
		all, b.Records = append(all, Read(&c)), append(b.Records, write(c))
	}
	must(t, s.Commit(t.Context(), b))
	return all
}

func testSortOrder(t *testing.T, h Harness) {
	s := h.open(t)
	all := everyValue(t, s)
	limits := []int{1, 7, 1000}
	if h.Slow {
		limits = []int{40}
	}
	for _, indexed := range []bool{false, true} {
		for _, desc := range []bool{false, true} {
			for _, limit := range limits {
				q := &collections.Query{Type: "work-order", Limit: limit, Sort: []collections.Sort{{Field: []string{"a"}, Desc: desc}}}
				checkPages(t, s, q, all)
				q.Sort = append([]collections.Sort{{Field: []string{"other"}, Desc: !desc}}, q.Sort...)
				checkPages(t, s, q, all)
			}
		}
		if !indexed {
			must(t, s.EnsureIndex(t.Context(), "work-order", []string{"a"}))
		}
	}
}

func testAnyPageKey(t *testing.T, h Harness) {
	s := h.open(t)
	all := everyValue(t, s)
	for i, value := range append(slices.Clone(scalars), []any{2.0}, map[string]any{"y": 1.0}, "between", 3.25) {
		if h.Slow && i%5 != 0 {
			continue
		}
		for _, desc := range []bool{false, true} {
			for _, id := range []string{"", docID(500), "zzz"} {
				checkPages(t, s, &collections.Query{
					Type: "work-order", Limit: 500, Sort: []collections.Sort{{Field: []string{"a"}, Desc: desc}},
					After: &collections.PageKey{Values: []any{value}, ID: id},
				}, all)
			}
		}
	}
}

func testNUL(t *testing.T, s collections.Store) {
	all := everyValue(t, s)
	field := []string{"a\x00b"}
	if err := s.EnsureIndex(t.Context(), "work-order", field); err == nil {
		t.Error("EnsureIndex took it")
	}
	for _, q := range []*collections.Query{
		{Type: "work-order", Limit: 5, Where: &schema.Condition{Op: "is", Field: field, Value: "x"}},
		{Type: "work-order", Limit: 5, Where: &schema.Condition{Op: "none", Subs: []*schema.Condition{{Op: "contains", Field: field, Value: "x"}}}},
		{Type: "work-order", Limit: 5, Sort: []collections.Sort{{Field: field}}},
	} {
		if _, err := s.Find(t.Context(), q); err == nil {
			t.Errorf("Find %s took it", show(q))
		}
	}
	checkPages(t, s, &collections.Query{Type: "work-order", Limit: 500}, all)
}

func testBadQueries(t *testing.T, s collections.Store) {
	everyValue(t, s)
	sort := []collections.Sort{{Field: []string{"a"}}}
	for name, q := range map[string]*collections.Query{
		"limit 0":              {Type: "work-order"},
		"limit below 0":        {Type: "work-order", Limit: -1},
		"too few page values":  {Type: "work-order", Limit: 5, Sort: sort, After: &collections.PageKey{ID: "x"}},
		"too many page values": {Type: "work-order", Limit: 5, Sort: sort, After: &collections.PageKey{Values: []any{1.0, 2.0}, ID: "x"}},
	} {
		if _, err := s.Find(t.Context(), q); err == nil {
			t.Errorf("%s: Find took it", name)
		}
	}
}
