package client

import (
	"context"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// A server keeps history for some time only. A device that was away for longer is told
// that it is outdated: what it has confirmed is brought anew, and its unsent changes,
// which lean on what the server may have folded away, are made anew by value. What they
// changed, field by field, is put on top of the documents as they are now, as the merge
// would have put it; what does not fit goes to the refused ones, with its text. Until
// all of that is done nothing is sent.

// since is the cursor that a change made now counts as made at: while a whole sync is
// under way, some of the documents are still as they were before it. The caller holds mu.
func (d *Device) since() string {
	if d.round.Base != "" {
		return d.round.Base
	}
	return d.cursor
}

// DismissNote forgets Status.Note once the person has read it.
func (d *Device) DismissNote(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return err
	}
	round := d.round
	round.Note = ""
	err := d.store.write(ctx, func(t *tx) error { return t.setState("round", round) })
	if err == nil {
		d.round = round
	}
	return err
}

// remakeAll makes the unsent changes anew that are left when everything is confirmed
// anew, and gives all of them numbers of a new replica: some of the old one's are used
// up by changes that are no more.
func (in *intake) remakeAll(cursor string) error {
	pending, err := in.tx.pendingOf("", "")
	if err != nil {
		return err
	}
	done := map[key]bool{}
	for _, c := range pending {
		k := key{c.Type, c.Doc}
		if done[k] {
			continue
		}
		done[k] = true
		doc, err := in.tx.confirmed(k.Type, k.ID)
		if err != nil {
			return err
		}
		if err := in.remake(k, doc, doc); err != nil {
			return err
		}
	}
	in.round.Outdated = false
	if !in.remade && len(pending) == 0 {
		return nil
	}
	in.sendAgain = true
	if in.me, err = in.tx.rename(in.me, in.random); err != nil {
		return err
	}
	return in.tx.exec(`UPDATE pending SET since = ?`, cursor)
}

// remake makes the unsent changes to one document anew. old is what they were made on,
// now is the document as it is; the two may be the same.
func (in *intake) remake(k key, old, now *crdt.Document) error {
	pending, err := in.tx.pendingOf(k.Type, k.ID)
	if err != nil || len(pending) == 0 {
		return err
	}
	if !now.Exists() && pending[0].Ops[0].Kind == crdt.OpCreate {
		return nil // it was made here, and leans on nothing
	}
	in.remade = true
	if err := in.tx.exec(`DELETE FROM pending WHERE type = ? AND doc = ?`, k.Type, k.ID); err != nil {
		return err
	}
	in.refresh[k] = true
	r := &remaking{in: in, typ: in.types[k.Type], old: old, now: now}
	if !now.Exists() || r.typ == nil {
		return r.refuse(pending, nil, "This device was away for too long, and the record is not there any more: it was deleted for good, or is not for you to see. What you did to it is kept here, so that you can make a new one.")
	}
	if r.view, err = r.seen(pending); err != nil {
		return err
	}
	ops, err := r.ops(pending)
	if err != nil || len(ops) == 0 {
		return err
	}
	clock := crdt.Clock{Last: in.me.Clock}
	change := &crdt.Change{Replica: in.me.Replica, N: pending[0].N, Prev: now.Seen()[in.me.Replica], Stamp: clock.Next(in.serverNow()),
		Type: k.Type, Version: r.typ.version, Doc: k.ID, Ops: ops}
	in.me.Clock = clock.Last
	return in.tx.queue(change, in.since())
}

// remaking is one document whose unsent changes are made anew.
type remaking struct {
	in             *intake
	typ            *localType
	old, view, now *crdt.Document // without the changes, with them, and as the server has it
}

// seen gives the document as the person saw it. A change that did not show, because it
// leaned on a refused one, is refused too.
func (r *remaking) seen(pending []*crdt.Change) (*crdt.Document, error) {
	view := r.old.Clone()
	for _, c := range pending {
		applyPending(view, c)
		if view.Seen()[c.Replica] >= c.N {
			continue
		}
		if err := r.refuse([]*crdt.Change{c}, nil, "This builds on a change that the server would not take."); err != nil {
			return nil, err
		}
	}
	return view, nil
}

// ops gives the operations that do to the document as it is now what the changes did.
func (r *remaking) ops(pending []*crdt.Change) ([]crdt.Op, error) {
	editor := r.now.Edit(r.in.me.Replica, r.typ.schema.Plan())
	before, after := r.old.Value(), r.view.Value()
	for _, field := range fieldsOf(before, after) {
		if err := r.rebase(editor, field, before, after); err != nil {
			if err := r.refuse(pending, &field, err.Error()); err != nil {
				return nil, err
			}
		}
	}
	if err := r.trash(editor, pending); err != nil {
		return nil, err
	}
	return editor.Ops(), nil
}

// rebase makes one field what the changes and everybody else made of it, unless the type
// does not take that any more.
func (r *remaking) rebase(editor *crdt.Editor, field string, before, after map[string]any) error {
	alone := r.now.Edit(r.in.me.Replica, r.typ.schema.Plan())
	if err := alone.Rebase(field, before, after); err != nil {
		return err
	}
	if err := r.typ.check(alone.Ops()); err != nil {
		return err
	}
	return editor.Rebase(field, before, after)
}

// trash puts the document in the trash or takes it out, as the changes did. Edit beats
// delete here too: what others wrote meanwhile keeps it.
func (r *remaking) trash(editor *crdt.Editor, pending []*crdt.Change) error {
	switch {
	case r.old.Deleted() == r.view.Deleted(), r.now.Deleted() == r.view.Deleted():
	case !r.view.Deleted():
		editor.Restore()
	case crdt.EqualValues(r.old.Value(), r.now.Value()):
		editor.Delete()
	default:
		deletions := slices.DeleteFunc(slices.Clone(pending), func(c *crdt.Change) bool {
			return !slices.ContainsFunc(c.Ops, func(op crdt.Op) bool { return op.Kind == crdt.OpDelete })
		})
		return r.refuse(deletions, nil, "Others worked on this record while this device was away, so it was not deleted.")
	}
	return nil
}

// refuse keeps what does not fit with the refused ones: changes whole, or what they did
// to one field.
func (r *remaking) refuse(changes []*crdt.Change, field *string, why string) error {
	for _, c := range changes {
		kept := *c
		if field != nil {
			kept.Ops = slices.DeleteFunc(slices.Clone(c.Ops), func(op crdt.Op) bool {
				return len(op.Path) == 0 || op.Path[0] != *field
			})
		}
		if len(kept.Ops) == 0 {
			continue
		}
		e := &Error{Code: CodeOutdated, Message: why}
		if field != nil {
			e.Field = "/" + *field
		}
		if err := r.in.tx.refuse(&kept, e, r.in.now().UnixMilli()); err != nil {
			return err
		}
		r.in.refused++
	}
	return nil
}

// fieldsOf lists the fields of either value, by name.
func fieldsOf(a, b map[string]any) []string {
	fields := maps.Clone(a)
	maps.Copy(fields, b)
	return sortedKeys(fields)
}
