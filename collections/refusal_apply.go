package collections

import (
	"context"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// ApplyRefused does what a refused change was to do, as the actor: what it wrote is
// merged into the record as it is now and written by the normal door, under the latest
// version of the type. The refusal is then done with. The error says what is still in
// the way; nothing has moved then, and the refusal stays. Document is nil where the
// record is out of the actor's sight now.
func (e *Engine) ApplyRefused(ctx context.Context, a Actor, id string) (*Document, error) {
	kept, err := e.takeRefused(ctx, a, id)
	if err != nil {
		return nil, err
	}
	var to *working
	key := Key{kept.change.Type, kept.change.Doc}
	err = e.commit(ctx, []Key{key}, func(r *round) (err error) {
		to, err = r.applyRefused(a, key, kept)
		return err
	})
	if err != nil {
		e.refused.give(id, false)
		return nil, err
	}
	e.forgetRefused(ctx, id)
	return e.written(a, to)
}

// DismissRefusal says that a refused change needs no more looking at. One that is not
// there any more, or not to be seen, is NotFound.
func (e *Engine) DismissRefusal(ctx context.Context, a Actor, id string) error {
	if _, err := e.takeRefused(ctx, a, id); err != nil {
		return err
	}
	e.forgetRefused(ctx, id)
	return nil
}

// takeRefused gives a refusal that the actor may see to him alone.
func (e *Engine) takeRefused(ctx context.Context, a Actor, id string) (*keptRefusal, error) {
	seen, err := e.Refusal(ctx, a, id)
	if err != nil {
		return nil, err
	}
	if a.reach(seen.Type).write && e.refused.take(id) {
		item, err := e.store.Item(ctx, kindRefused, id)
		if err == nil {
			var kept *keptRefusal
			if kept, err = readRefusal(item); err == nil {
				return kept, nil
			}
		}
		e.refused.give(id, errors.Is(err, ErrNotFound))
		if !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("collections: reading a refused change: %w", err)
		}
	}
	if !a.reach(seen.Type).write {
		return nil, Errorf(Forbidden, "", "This token may only read.")
	}
	return nil, noRefusal()
}

// forgetRefused takes a refusal away. It is gone for everybody at once; should the store
// fail, it is back after the next start.
func (e *Engine) forgetRefused(ctx context.Context, id string) {
	if err := e.store.DeleteItem(context.WithoutCancel(ctx), kindRefused, id); err != nil {
		e.log.ErrorContext(ctx, "taking a refused change away failed; it is there again after the next start", "error", err)
	}
	e.refused.give(id, true)
}

// applyRefused makes the actor's own change of a refused one.
func (r *round) applyRefused(a Actor, key Key, kept *keptRefusal) (*working, error) {
	w, err := r.document(key)
	if err != nil {
		return nil, err
	}
	after, stuck := kept.upon(w.doc)
	if !stuck.IsEmpty() {
		return nil, Refuse(LeansOn, "", stuck)
	}
	if !w.doc.Exists() {
		value := after.Value()
		return r.create(a, key, r.com.e.creation(r.com.e.reg.latest(key.Type), key, value), value)
	}
	return r.draft(a, key, func(d *drafting) error { return d.applyRefused(kept.change, after) })
}

// applyRefused edits the fields that a refused change writes to what it makes of them.
func (d *drafting) applyRefused(c *crdt.Change, after *crdt.Document) error {
	value := after.Value()
	for _, field := range refusedFields(c, d.typ.Schema, false) {
		if d.grant.Hidden[field.Field] {
			return Errorf(Forbidden, "", "Part of this change is in fields that you may not see: ask somebody who may.")
		}
		var err error
		if v, there := value[field.Field]; there {
			err = d.edit().Put([]string{field.Field}, v)
		} else {
			err = d.edit().Remove([]string{field.Field})
		}
		if err != nil {
			return err
		}
	}
	switch didOf(c) {
	case didDelete:
		d.edit().Delete()
	case didRestore:
		d.edit().Restore()
	}
	return nil
}

// upon gives what a refused change makes of a document as it is now, as if it had just
// been done. stuck says why that is not to be had; then the document is given as it is.
//
// It is applied as the change of a stranger: its own replica may have gone on since, and
// its number is used up.
func (k *keptRefusal) upon(doc *crdt.Document) (after *crdt.Document, stuck schema.Sentence) {
	c := k.change
	if !doc.Exists() && !has(c.Ops, crdt.OpCreate) {
		return doc, schema.Says("The record is not there, so there is nothing to change: make a new one with what was written here.")
	}
	stranger := strangerTo(doc)
	first, last := elements(c)
	again := c.Rename(stranger, func(d crdt.Dot) bool { return first > 0 && first <= d.Seq && d.Seq <= last })
	again.N, again.Prev, again.Stamp = 1, 0, crdt.NewTime(crdt.MaxMillis, 0)
	after = doc.Clone()
	_, missing := after.Missing(again)
	if !missing {
		if effect, err := after.Apply(again); err == nil && effect == crdt.Applied {
			return after, schema.Sentence{}
		}
	}
	return doc, schema.Says("It was typed into something that is not in the record, such as a row or a text that was refused too: copy what you need by hand.")
}

// strangerTo gives a replica that a document knows nothing of.
func strangerTo(doc *crdt.Document) crdt.Replica {
	seen := doc.Seen()
	for replica := crdt.Replica(1); ; replica++ {
		if _, known := seen[replica]; !known {
			return replica
		}
	}
}
