package storetest

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// Select is what Find means: which of all documents a query lists, in which order.
func Select(q *collections.Query, all iter.Seq[Document]) []Document {
	type placed struct {
		Document
		place collections.PageKey
	}
	var found []placed
	for d := range all {
		if !matches(q, d) {
			continue
		}
		place := d.Place(q.Sort)
		if q.After == nil || Order(q.Sort, place, *q.After) > 0 {
			found = append(found, placed{d, place})
		}
	}
	slices.SortFunc(found, func(a, b placed) int { return Order(q.Sort, a.place, b.place) })
	documents := make([]Document, 0, min(len(found), q.Limit))
	for _, f := range found[:min(len(found), q.Limit)] {
		documents = append(documents, f.Document)
	}
	return documents
}

// checkQuery refuses what cannot be meant.
func checkQuery(q *collections.Query) error {
	switch {
	case q.Limit < 1:
		return fmt.Errorf("storetest: a query's limit is at least 1, not %d", q.Limit)
	case q.After != nil && len(q.After.Values) != len(q.Sort):
		return fmt.Errorf("storetest: a page key has %d values for %d sort fields", len(q.After.Values), len(q.Sort))
	}
	for _, key := range q.Sort {
		if err := checkField(key.Field); err != nil {
			return err
		}
	}
	return checkCondition(q.Where)
}

func checkCondition(c *schema.Condition) error {
	if c == nil {
		return nil
	}
	for _, sub := range c.Subs {
		if err := checkCondition(sub); err != nil {
			return err
		}
	}
	return checkField(c.Field)
}

// checkField refuses NUL in a name, where the stores below would end it.
func checkField(field []string) error {
	if slices.ContainsFunc(field, func(key string) bool { return strings.ContainsRune(key, 0) }) {
		return fmt.Errorf("storetest: field %q: a name cannot hold the character NUL", field)
	}
	return nil
}

func matches(q *collections.Query, d Document) bool {
	return d.Type == q.Type && inState(q.State, d.Record) &&
		(q.Since == 0 || d.Updated > q.Since) &&
		hasWords(d.Words, q.Words) &&
		(q.Where == nil || q.Where.Match(d.Fields))
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
