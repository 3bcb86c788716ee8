package collections

import (
	"context"

	"github.com/fieldstack/fieldstack/schema"
)

// Where several servers write, two may take in at the same time what only a look at other
// documents tells to be wrong: the same unique value twice, or a reference to what the
// other one deletes. Each looked before the other had written. So each looks again when
// its own write is durable: whoever wrote last sees both.

// unsettled lists the documents of a round that have to be looked at again.
func (r *round) unsettled() (keys []Key) {
	if !r.com.e.several() {
		return nil
	}
	for _, w := range r.revised {
		traits := r.com.latestTraits(w.key.Type)
		cameOrWent := w.live() != w.wasLive() && r.com.isReferredTo(w.key.Type)
		if w.last != nil && (len(traits.uniques)+len(traits.refs) > 0 || cameOrWent) {
			keys = append(keys, w.key)
		}
	}
	return keys
}

// isReferredTo reports whether any type has references to a type.
func (c *committer) isReferredTo(typ string) bool {
	for _, name := range c.e.reg.names() {
		for _, f := range c.latestTraits(name).refs {
			if f.Reference == typ {
				return true
			}
		}
	}
	return false
}

// lookAgain looks at documents again, in the background: nobody waits for it. The caller
// is the committer, or holds it up.
func (e *Engine) lookAgain(keys []Key) {
	if len(keys) == 0 {
		return
	}
	e.chores.Go(func() {
		err := e.commit(context.Background(), keys, func(r *round) error {
			for _, key := range keys {
				if err := r.lookAgain(key); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			e.log.Warn("looking again at what several servers wrote failed; the next write of it does it", "error", err)
		}
	})
}

// lookAgain makes the round look at a document and at those whose problems it decides.
func (r *round) lookAgain(key Key) error {
	w, err := r.document(key)
	if err != nil || w.record == nil {
		return err
	}
	r.touch(w)
	w.again = true
	for _, f := range r.com.latestTraits(key.Type).uniques {
		if v, has := uniqueValue(w.live(), w.doc.Value(), f.Path); has {
			if err := r.leaveOne(key.Type, f, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// leaveOne has all who hold a unique value give it up but the one that came first.
func (r *round) leaveOne(typ string, f schema.Field, v any) error {
	var first *Record
	var holders []*Record
	err := r.eachStored(typ, f, v, func(record *Record) bool {
		if r.heldAtFirst(record, f.Path) {
			holders = append(holders, record)
			if first == nil || older(record, first) {
				first = record
			}
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, record := range holders {
		if record == first {
			continue
		}
		other, err := r.take(record.Key, record)
		if err != nil {
			return err
		}
		if other.yields == nil {
			other.yields = map[string]bool{}
		}
		other.yields[pointer(f.Path)] = true
		r.touch(other)
	}
	return nil
}
