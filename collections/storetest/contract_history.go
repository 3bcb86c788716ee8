package storetest

import (
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// commitHistories commits 60 entries of two streams about some documents, each with
// the record that it moves on, and gives them all and those of the first work order.
func commitHistories(t *testing.T, s collections.Store) (all, first []collections.Entry) {
	t.Helper()
	at, revs := collections.Position{}, map[collections.Key]uint64{}
	for n := uint64(1); n <= 60; n++ {
		c := changeOf(n, "work-order", docID(int(n%3)))
		if n%5 == 0 {
			c.Type = "asset" // another document with the same id
		}
		stream := []string{"main", "main", "other"}[n%8%3]
		at[stream]++
		e := entryOf(stream, at[stream], c)
		b := &collections.Batch{Stream: stream}
		if n%7 == 0 {
			e = collections.Entry{Place: e.Place, Kind: collections.EntryType, At: e.At, Type: "work-order", Version: 1}
		} else {
			key := collections.Key{Type: c.Type, ID: c.Doc}
			revs[key]++
			r := recordOf(key.Type, key.ID, revs[key], `{}`)
			r.Last = e.Place
			b.Records = []collections.RecordWrite{write(r)}
			if key == (collections.Key{Type: "work-order", ID: docID(1)}) {
				first = append(first, e)
			}
		}
		b.Entries = []collections.Entry{e}
		must(t, s.Commit(t.Context(), b))
		all = append(all, e)
	}
	return all, first
}

func readHistory(t *testing.T, s collections.Store, id string, after collections.Place, limit int) []collections.Entry {
	t.Helper()
	entries, err := s.History(t.Context(), "work-order", id, after, limit)
	must(t, err)
	return entries
}

func testHistory(t *testing.T, h Harness) {
	s := h.open(t)
	all, want := commitHistories(t, s)
	history := func(after collections.Place, limit int) []collections.Entry {
		t.Helper()
		return readHistory(t, s, docID(1), after, limit)
	}
	t.Run("one document's entries, oldest first", func(t *testing.T) {
		same(t, "history", history(collections.Place{}, 100), want)
	})
	t.Run("page by page, from the entry after the place on", func(t *testing.T) {
		var got []collections.Entry
		var after collections.Place
		for page := history(after, 4); len(page) > 0; page = history(after, 4) {
			got = append(got, page...)
			after = page[len(page)-1].Place
		}
		same(t, "history", got, want)
	})
	t.Run("a place of another document's entry will do", func(t *testing.T) {
		for i, e := range all[1:] {
			if e.Place == want[3].Place {
				same(t, "history", history(all[i].Place, 1), want[3:4])
			}
		}
	})
	t.Run("nothing comes after the end, or of what is not there", func(t *testing.T) {
		same(t, "history", history(want[len(want)-1].Place, 5), []collections.Entry{})
		same(t, "history", history(collections.Place{Stream: "main", N: 1 << 40}, 5), []collections.Entry{})
		for _, key := range []collections.Key{{Type: "none", ID: docID(1)}, {Type: "work-order", ID: "none"}} {
			entries, err := s.History(t.Context(), key.Type, key.ID, collections.Place{}, 5)
			must(t, err)
			same(t, "history", entries, []collections.Entry{})
		}
	})
}
