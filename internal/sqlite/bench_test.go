package sqlite

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// benchSize is how many documents the lists are of; FIELDSTACK_BENCH_DOCS changes it.
func benchSize() int {
	if n, err := strconv.Atoi(os.Getenv("FIELDSTACK_BENCH_DOCS")); err == nil {
		return n
	}
	return 100_000
}

// BenchmarkCommit commits new documents of 25 words and 500 bytes, with their log
// entry and receipt; a step is one commit.
func BenchmarkCommit(b *testing.B) {
	for _, size := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("entries=%d", size), func(b *testing.B) {
			s := mustOpen(b, "")
			must(b, s.EnsureIndex(b.Context(), "work-order", []string{"status"}))
			n := uint64(1)
			for b.Loop() {
				b.StopTimer()
				batch := history(n, size)
				b.StartTimer()
				must(b, s.Commit(b.Context(), batch))
				n += uint64(size)
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

// BenchmarkFind lists pages of 50.
func BenchmarkFind(b *testing.B) {
	s := mustOpen(b, "")
	for _, field := range [][]string{{"status"}, {"due"}, {"assignee"}, {"_updated"}} {
		must(b, s.EnsureIndex(b.Context(), "work-order", field))
	}
	size := benchSize()
	for n := 1; n <= size; n += 1000 {
		must(b, s.Commit(b.Context(), history(uint64(n), 1000)))
	}
	where := func(op, field string, v any) *schema.Condition {
		return &schema.Condition{Op: op, Field: []string{field}, Value: v}
	}
	by := func(field string, desc bool) []collections.Sort {
		return []collections.Sort{{Field: []string{field}, Desc: desc}}
	}
	middle := docID(uint64(size / 2))
	for _, c := range []struct {
		name  string
		query collections.Query
	}{
		{"by-id", collections.Query{}},
		{"by-id-middle", collections.Query{After: &collections.PageKey{ID: middle}}},
		{"indexed-equal", collections.Query{Where: where("is", "assignee", "tech07")}},
		{"indexed-equal-common", collections.Query{Where: where("is", "status", "open")}},
		{"indexed-sort", collections.Query{Sort: by("due", false)}},
		{"indexed-sort-middle", collections.Query{Sort: by("due", false), After: &collections.PageKey{Values: []any{"2026-06-14"}, ID: middle}}},
		{"indexed-sort-newest", collections.Query{Sort: by("due", true)}},
		{"indexed-sort-newest-middle", collections.Query{Sort: by("due", true), After: &collections.PageKey{Values: []any{"2026-06-14"}, ID: middle}}},
		{"indexed-equal-and-sort", collections.Query{Where: where("is", "status", "open"), Sort: by("due", false)}},
		{"unindexed-rare", collections.Query{Where: where("is", "number", "WO-099999")}},
		{"unindexed-sort", collections.Query{Sort: by("hours", false)}},
		{"changed-last", collections.Query{Sort: by("_updated", true)}},
		{"contains", collections.Query{Where: where("contains", "title", "99999")}},
		{"search-rare", collections.Query{Words: []string{"wo0999"}}},
		{"search-common", collections.Query{Words: []string{"pum", "gask"}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			q := c.query
			q.Type, q.Limit = "work-order", 50
			for b.Loop() {
				found, err := s.Find(b.Context(), &q)
				must(b, err)
				if len(found) == 0 {
					b.Fatal("nothing found")
				}
			}
		})
	}
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			_, err := s.Count(b.Context(), &collections.Query{Type: "work-order", Where: where("is", "status", "open")})
			must(b, err)
		}
	})
}

// BenchmarkFold folds a block's worth of creations and edits, as they come from some
// devices: to make the block, to put it in the place of its rows, which is when commits
// wait, and to read it.
func BenchmarkFold(b *testing.B) {
	size := defaultFolding.size
	s := mustOpenFolding(b, "", foldPlan{size: size, keep: 1 << 30}) // nothing in the background
	n := uint64(1)
	more := func() {
		for range size / 64 {
			must(b, s.Commit(b.Context(), history(n, 64)))
			n += 64
		}
	}
	b.Run("make", func(b *testing.B) {
		more()
		for b.Loop() {
			f, err := s.readFolding(b.Context())
			must(b, err)
			f.linkBack()
			f.data = s.codec.encode(f.entries)
			must(b, s.checkFolding(f))
			b.ReportMetric(float64(len(f.data))/float64(size), "B/entry")
		}
	})
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			more()
			f, err := s.readFolding(b.Context())
			must(b, err)
			f.data = s.codec.encode(f.entries)
			b.StartTimer()
			must(b, s.writer.do(b.Context(), f.write))
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			s.blocks.kept = [4]*block{}
			_, err := s.Log(b.Context(), stream, 0, 1)
			must(b, err)
		}
	})
}
