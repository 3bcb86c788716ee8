package storetest

import (
	"iter"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// Select is what Find means: which of all records a query lists, in which order.
// Its result shares the records.
func Select(q *collections.Query, all iter.Seq[*collections.Record]) []*collections.Record {
	type placed struct {
		record *collections.Record
		place  collections.PageKey
	}
	var found []placed
	for r := range all {
		place := KeyOf(q.Sort, r)
		if matches(q, r) && (q.After == nil || Order(q.Sort, place, *q.After) > 0) {
			found = append(found, placed{r, place})
		}
	}
	slices.SortFunc(found, func(a, b placed) int { return Order(q.Sort, a.place, b.place) })
	records := make([]*collections.Record, 0, min(len(found), q.Limit))
	for _, f := range found[:min(len(found), q.Limit)] {
		records = append(records, f.record)
	}
	return records
}

func matches(q *collections.Query, r *collections.Record) bool {
	return r.Type == q.Type && inState(q.State, r) &&
		(q.Since == 0 || r.Updated > q.Since) &&
		hasWords(r.Words, q.Words) &&
		(q.Where == nil || q.Where.Match(decode(r.Value)))
}

func inState(s collections.State, r *collections.Record) bool {
	switch s {
	case collections.Live:
		return !r.Deleted
	case collections.Attention:
		return !r.Deleted && r.Attention
	case collections.Trash:
		return r.Deleted
	}
	return true
}

// hasWords reports whether each prefix begins one of the words.
func hasWords(words, prefixes []string) bool {
	for _, prefix := range prefixes {
		begins := func(word string) bool { return strings.HasPrefix(word, prefix) }
		if !slices.ContainsFunc(words, begins) {
			return false
		}
	}
	return true
}
