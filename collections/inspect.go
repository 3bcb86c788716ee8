package collections

import (
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// The rules that no schema can check alone, as the problems name them.
const (
	ruleUnique    = "x-unique"
	ruleReference = "x-ref"
)

// inspect says what is wrong with a document as it will be: what the latest version
// of its type finds, and what only a look at the other documents can tell. It asks
// for those to be inspected too whose problems come or go with this one.
func (r *round) inspect(w *working) error {
	t := r.com.e.reg.latest(w.key.Type)
	if t == nil {
		return nil // a type that is gone from the registry judges nobody
	}
	unique, err := r.uniqueProblems(w)
	if err != nil {
		return err
	}
	dangling, err := r.referenceProblems(w)
	if err != nil {
		return err
	}
	w.next.Version = t.Version
	var own []schema.Problem
	if w.valid != t {
		own = problemsOf(t, w.doc)
	}
	w.next.Problems = slices.Concat(own, unique, dangling)
	w.next.Attention = needsAttention(w.next.Problems, w.doc.Disagreements())
	w.inspected = true
	return r.wakeReferrers(w)
}

// live reports whether the document will be there and not in the trash.
func (w *working) live() bool { return w.doc.Exists() && !w.doc.Deleted() }

// wasLive reports whether it was when the round began.
func (w *working) wasLive() bool { return w.record != nil && !w.record.Deleted }
