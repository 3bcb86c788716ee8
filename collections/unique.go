package collections

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Of the live documents that have the same value in an x-unique field, one holds it:
// the one that had it first. The others are kept and carry the problem until the
// holder lets go of the value, when the oldest of them holds it.

// held names a value of a unique field.
type held struct {
	typ, field, value string // the field as JSON Pointer, the value as canonical JSON
}

// holders finds the documents of a round by the unique values they will have: what
// the store would find may be out of date for these.
type holders map[held][]*working

// findHolders looks at all documents of the round.
func (r *round) findHolders() *holders {
	h := &holders{}
	for _, key := range slices.SortedFunc(maps.Keys(r.docs), Key.compare) {
		r.addHolder(h, r.docs[key])
	}
	return h
}

func (r *round) addHolder(h *holders, w *working) {
	for _, f := range r.com.latestTraits(w.key.Type).uniques {
		if v, ok := uniqueValue(w.live(), w.doc.Value(), f.Path); ok {
			at := held{w.key.Type, pointer(f.Path), crdt.Canonical(v)}
			(*h)[at] = append((*h)[at], w)
		}
	}
}

// uniqueValue is what a document that is live, or not, has in a unique field. What is
// empty is not compared.
func uniqueValue(live bool, value map[string]any, path []string) (any, bool) {
	found := valuesAt(value, path)
	if !live || len(found) == 0 || found[0] == "" {
		return nil, false
	}
	return found[0], true
}

// uniqueProblems says which unique fields of a document have a value that another
// holds, and wakes those that may hold what this one let go of.
func (r *round) uniqueProblems(w *working) ([]schema.Problem, error) {
	var problems []schema.Problem
	for _, f := range r.com.latestTraits(w.key.Type).uniques {
		old, had := uniqueValue(w.wasLive(), w.before, f.Path)
		had = had && r.heldAtFirst(w.record, f.Path) && !w.yields[pointer(f.Path)]
		now, has := uniqueValue(w.live(), w.doc.Value(), f.Path)
		kept := had && has && crdt.EqualValues(old, now)
		if has && !kept {
			taken, err := r.isHeld(w, f, now)
			if err != nil {
				return nil, err
			}
			if taken {
				problems = append(problems, uniqueProblem(f, now))
			}
		}
		if had && !kept {
			if err := r.wakeHeir(w, f, old); err != nil {
				return nil, err
			}
		}
	}
	return problems, nil
}

func uniqueProblem(f schema.Field, v any) schema.Problem {
	return schema.Problem{
		Path: pointer(f.Path), Field: f.Title, Rule: ruleUnique,
		Message: schema.Says("%s must be different in every record, and another one has %s already.", f.Title, shorten(crdt.Canonical(v))),
	}
}

// heldAtFirst reports whether a stored record holds the value it has in the field: it
// was looked at when the field was unique already, and found good.
func (r *round) heldAtFirst(record *Record, path []string) bool {
	return r.com.isUnique(record.Type, record.Version, path) && !hasProblem(record.Problems, ruleUnique, pointer(path))
}

func hasProblem(problems []schema.Problem, rule, path string) bool {
	return slices.ContainsFunc(problems, func(p schema.Problem) bool { return p.Rule == rule && p.Path == path })
}

// isHeld reports whether another document than w holds v.
func (r *round) isHeld(w *working, f schema.Field, v any) (bool, error) {
	for _, other := range (*r.holders)[held{w.key.Type, pointer(f.Path), crdt.Canonical(v)}] {
		if other != w && r.holds(other, f, v) {
			return true, nil
		}
	}
	found := false
	err := r.eachStored(w.key.Type, f, v, func(record *Record) bool {
		found = r.docs[record.Key] == nil && r.heldAtFirst(record, f.Path)
		return !found
	})
	return found, err
}

// holds reports whether a document of the round, which has v, holds it: it was found
// to in this round, or did before and was not looked at yet.
func (r *round) holds(w *working, f schema.Field, v any) bool {
	if w.inspected {
		return !hasProblem(w.next.Problems, ruleUnique, pointer(f.Path))
	}
	old, had := uniqueValue(w.wasLive(), w.before, f.Path)
	return had && crdt.EqualValues(old, v) && r.heldAtFirst(w.record, f.Path) && !w.yields[pointer(f.Path)]
}

// wakeHeir has the oldest document looked at that has the value which w let go of.
func (r *round) wakeHeir(w *working, f schema.Field, v any) error {
	var heir *Record
	err := r.eachStored(w.key.Type, f, v, func(record *Record) bool {
		other := r.docs[record.Key]
		gone := other == w || other != nil && !r.stillHas(other, f, v)
		if !gone && (heir == nil || older(record, heir)) {
			heir = record
		}
		return true
	})
	if err == nil && heir != nil {
		r.wake(heir)
	}
	return err
}

// stillHas reports whether a document of the round will have v.
func (r *round) stillHas(w *working, f schema.Field, v any) bool {
	now, has := uniqueValue(w.live(), w.doc.Value(), f.Path)
	return has && crdt.EqualValues(now, v)
}

// older orders records by when they were first accepted, then by id.
func older(a, b *Record) bool {
	return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID)) < 0
}

// eachStored calls do for the live records that have v in the field, as the store
// knows them, until it says stop.
func (r *round) eachStored(typ string, f schema.Field, v any, do func(*Record) (more bool)) error {
	q := &Query{Type: typ, Where: is(f.Path, v), Limit: revisitPage}
	for {
		page, err := r.com.e.store.Find(r.ctx, q)
		if err != nil {
			return fmt.Errorf("collections: looking for %s that have the same %s: %w", typ, pointer(f.Path), err)
		}
		for _, record := range page {
			if !do(record) {
				return nil
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		q.After = &PageKey{ID: page[len(page)-1].ID}
	}
}

// is is the condition that a field has a value.
func is(path []string, v any) *schema.Condition {
	return &schema.Condition{Op: "is", Field: path, Value: v}
}

// wake makes the round look at a stored record again. One that is damaged is left as
// it is: it must not stop those who have nothing to do with it.
func (r *round) wake(record *Record) {
	w := r.docs[record.Key]
	if w == nil {
		var err error
		if w, err = r.take(record.Key, record); err != nil {
			r.com.e.log.Error("a record could not be looked at again", "error", err)
			return
		}
		if r.holders != nil {
			r.addHolder(r.holders, w)
		}
	}
	r.touch(w)
}

// compare orders keys by type, then by id.
func (k Key) compare(other Key) int {
	return cmp.Or(cmp.Compare(k.Type, other.Type), cmp.Compare(k.ID, other.ID))
}
