package collections

import (
	"errors"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// settledLooks bounds how many refusals of one document a round looks at, newest first.
// The others stay until the next round that moves it, or until somebody dismisses them.
const settledLooks = 50

// settleRefused lets go of the refused changes that this round made moot: nobody has to
// look at them any more. One is moot when
//
//   - its device wrote again, later, what one value stands for: that is its author's own
//     last word on the field, and would have won over the refused one too; or made anew,
//     under its id, the record that it was to make; and
//   - what is left of it is in the record: done once more it would change nothing.
//
// So amounts, texts and rows, which count each time they are written, stay until a person
// has looked at them. What a stop of the server leaves behind stays as well, and so does
// what cannot be read: no commit fails for it.
func (r *round) settleRefused() {
	for _, w := range r.revised {
		if w.last == nil {
			continue
		}
		later := r.changesOf(w.key)
		for _, id := range r.refusedOf(w.key) {
			kept, err := r.keptRefusal(id)
			if err != nil {
				r.com.e.log.Error("looking whether a refused change was mended failed; it stays", "error", err)
			} else if kept != nil && kept.settled(w.doc, later) {
				r.forgetMoot(id)
			}
		}
	}
}

// changesOf lists what this round accepted for a document.
func (r *round) changesOf(key Key) (changes []*crdt.Change) {
	for i := range r.entries {
		if c := r.entries[i].Change; c != nil && c.Type == key.Type && c.Doc == key.ID {
			changes = append(changes, c)
		}
	}
	return changes
}

// refusedOf lists the refusals of a document, those of this round among them.
func (r *round) refusedOf(key Key) []string {
	ids := r.com.e.refused.of(key)
	for id, kept := range r.refused {
		if kept.change.Type == key.Type && kept.change.Doc == key.ID {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	slices.Reverse(ids)
	return ids[:min(len(ids), settledLooks)]
}

// keptRefusal reads a refusal, of this round or before it; nil: it is gone already.
func (r *round) keptRefusal(id string) (*keptRefusal, error) {
	if kept := r.refused[id]; kept != nil {
		return kept, nil
	}
	item, err := r.com.e.store.Item(r.ctx, kindRefused, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return readRefusal(item)
}

// forgetMoot takes a refusal out of what is kept, once the round is durable.
func (r *round) forgetMoot(id string) {
	e := r.com.e
	r.then(func() {
		e.refused.give(id, true)
		e.dropRefused([]string{id})
	})
}

// settled reports whether nothing of a refused change is lost any more, in a document as
// it is now and after changes that were just accepted for it.
func (k *keptRefusal) settled(doc *crdt.Document, later []*crdt.Change) bool {
	var own []crdt.Op
	for _, c := range later {
		if c.Replica == k.change.Replica && c.N > k.change.N {
			own = append(own, c.Ops...)
		}
	}
	if !doc.Exists() || has(k.change.Ops, crdt.OpCreate) && has(own, crdt.OpCreate) {
		return doc.Exists()
	}
	rest := *k.change
	rest.Ops = slices.DeleteFunc(slices.Clone(rest.Ops), func(op crdt.Op) bool { return overwritten(&op, own) })
	for i := range rest.Ops {
		if !reached(doc, &rest.Ops[i]) {
			return false
		}
	}
	if len(rest.Ops) == 0 {
		return true
	}
	after, stuck := (&keptRefusal{change: &rest}).upon(doc)
	return stuck.IsEmpty() && after.Deleted() == doc.Deleted() && crdt.EqualValues(after.Value(), doc.Value())
}

// overwritten reports whether later operations of the same device write one value in the
// place of the one that an operation wrote.
func overwritten(op *crdt.Op, own []crdt.Op) bool {
	return saysWhole(op) && slices.ContainsFunc(own, func(o crdt.Op) bool {
		return saysWhole(&o) && slices.Equal(o.Path, op.Path)
	})
}

// saysWhole reports whether an operation says by itself what a field is to be.
func saysWhole(op *crdt.Op) bool {
	return writesOne(op) || op.Kind == crdt.OpRaise || op.Kind == crdt.OpLower
}

// reached reports whether what an operation wanted gone is gone. Done once more it might
// change nothing for another reason: an edit that its author did not see stands against it.
func reached(doc *crdt.Document, op *crdt.Op) bool {
	switch op.Kind {
	case crdt.OpDelete:
		return doc.Deleted()
	case crdt.OpRestore:
		return !doc.Deleted()
	case crdt.OpDrop:
		return !slices.ContainsFunc(doc.Rows(op.Path...), func(row crdt.Row) bool { return row.ID == op.Row })
	case crdt.OpExclude:
		held, _ := doc.Value()[op.Path[0]].([]any)
		return len(op.Path) == 1 && !slices.ContainsFunc(held, func(v any) bool { return crdt.EqualValues(v, op.Value) })
	}
	return true
}
