package mongo

import (
	"cmp"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// anyValue draws a scalar, a list or an object.
func anyValue() *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(v bool) any { return v }),
		rapid.Map(rapid.Float64(), func(v float64) any { return v }),
		rapid.Map(rapid.IntRange(-20, 20), func(v int) any { return float64(v) }),
		rapid.Map(rapid.String(), func(v string) any { return v }),
		rapid.SampledFrom([]any{[]any{}, []any{1.0}, map[string]any{}, map[string]any{"x": "a"}, math.Copysign(0, -1), "a\x00", "a", "\uffff", "😀"}),
	)
}

// Sort keys order as the values do, and are equal where they are.
func TestSortKey_Order(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyValue().Draw(t, "a"), anyValue().Draw(t, "b")
		ka, _ := sortKey(a) // none is "", which comes before all
		kb, _ := sortKey(b)
		want := storetest.Order([]collections.Sort{{}}, collections.PageKey{Values: []any{a}}, collections.PageKey{Values: []any{b}})
		if got := cmp.Compare(ka, kb); got != want {
			t.Fatalf("%#v has key %q, %#v has %q: they compare %d, want %d", a, ka, b, kb, got, want)
		}
		if !utf8.ValidString(ka) {
			t.Fatalf("%#v has key %q, which is no text", a, ka)
		}
	})
}

// Names of fields stay apart, and none is an operator or a path.
func TestKeyPath(t *testing.T) {
	field := rapid.SliceOfN(rapid.StringMatching(`[a.$%\x00 :=*"2e4]{0,4}`), 1, 3)
	rapid.Check(t, func(t *rapid.T) {
		a, b := field.Draw(t, "a"), field.Draw(t, "b")
		pa, pb := keyPath(a, ownKey), keyPath(b, ownKey)
		if same := strings.Join(a, "\x01") == strings.Join(b, "\x01"); same != (pa == pb) {
			t.Fatalf("%q is at %s, %q at %s", a, pa, b, pb)
		}
		if strings.Count(pa, ".") != len(a) || strings.ContainsAny(pa, "$\x00 ") {
			t.Fatalf("%q is at %q", a, pa)
		}
	})
}

// Texts longer than their keys are found exactly, and paged through without one missing.
func TestLongTexts(t *testing.T) {
	s := mustOpen(t, newDatabase(t, ferretURI(t)))
	base := strings.Repeat("ä", longText/2-1) // the next byte but one is beyond the key
	texts := []string{base, base + "a", base + "aa", base + "ab", base + "ab" + base, base + "ac", base + "ä", "b", base[:keyed], base[:keyed-2]}
	b := &collections.Batch{Stream: "main"}
	for i, text := range texts {
		b.Records = append(b.Records, collections.RecordWrite{Record: collections.Record{
			Key: collections.Key{Type: "note", ID: string(rune('a' + i))}, Rev: 1,
			Value: []byte(crdt.Canonical(map[string]any{"text": text, "list": []any{text}}))}})
	}
	must(t, s.Commit(t.Context(), b))
	for _, text := range append(texts, base+"abc", base+"zz", "c") {
		for _, op := range []string{"is", "not", "above", "below", "from", "to", "in", "has"} {
			c := &schema.Condition{Op: op, Field: []string{"text"}, Value: text}
			switch op {
			case "in":
				c.Value = []any{text, "b"}
			case "has":
				c.Field = []string{"list"}
			}
			checkFound(t, s, b, c)
			checkFound(t, s, b, &schema.Condition{Op: "none", Subs: []*schema.Condition{c}})
		}
	}
	checkPaged(t, s, len(texts))
}

// checkFound compares what a condition finds with what Go says of each record.
func checkFound(t *testing.T, s *Store, b *collections.Batch, c *schema.Condition) {
	t.Helper()
	want := 0
	for i := range b.Records {
		if c.Match(storetest.Read(&b.Records[i].Record).Fields) {
			want++
		}
	}
	q := &collections.Query{Type: "note", Where: c, Limit: 100}
	found, err := s.Find(t.Context(), q)
	must(t, err)
	n, err := s.Count(t.Context(), q)
	must(t, err)
	if len(found) != want || n != want {
		t.Fatalf("%s %.20q…: found %d, counted %d, want %d", c.Op, c.Value, len(found), n, want)
	}
}

// checkPaged reads all records in pages of two, and sees each once.
func checkPaged(t *testing.T, s *Store, want int) {
	t.Helper()
	for _, desc := range []bool{false, true} {
		q := &collections.Query{Type: "note", Limit: 2, Sort: []collections.Sort{{Field: []string{"text"}, Desc: desc}}}
		seen := map[string]bool{}
		for {
			found, err := s.Find(t.Context(), q)
			must(t, err)
			for _, r := range found {
				if seen[r.ID] {
					t.Fatalf("%s is listed twice", r.ID)
				}
				seen[r.ID] = true
			}
			if len(found) < q.Limit {
				break
			}
			end := storetest.Read(found[len(found)-1]).Place(q.Sort)
			q.After = &end
		}
		if len(seen) != want {
			t.Fatalf("%d of %d records are listed", len(seen), want)
		}
	}
}
