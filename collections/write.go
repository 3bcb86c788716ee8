package collections

import (
	"context"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Create makes a document; id "" makes a UUIDv7. The value must be valid as a whole.
// Exists when there is a document of that id.
func (e *Engine) Create(ctx context.Context, a Actor, typ, id string, value map[string]any) (*Document, error) {
	return e.writeOne(ctx, a, typ, Write{ID: id, Value: value})
}

// Patch makes one change of only the fields that differ: members of patch replace,
// null removes (RFC 7396 at the top level and inside objects that are maps).
func (e *Engine) Patch(ctx context.Context, a Actor, typ, id string, patch map[string]any) (*Document, error) {
	return e.writeOne(ctx, a, typ, Write{ID: id, Value: patch, Modify: true})
}

// PatchFrom is Patch for a program that keeps plain values: from is the fields of patch
// as its author had them, without those that were absent. What changed between from and
// patch is done to the document as it is now, by each field's strategy, so that nobody
// else's work is lost. In patch every field is whole, objects too, and null removes it.
func (e *Engine) PatchFrom(ctx context.Context, a Actor, typ, id string, patch, from map[string]any) (*Document, error) {
	return e.writeOne(ctx, a, typ, Write{ID: id, Value: patch, From: from, Modify: true})
}

// Replace makes the whole value equal, in one change of the fields that differ. What
// the actor may not see, and what the server numbers, stays.
func (e *Engine) Replace(ctx context.Context, a Actor, typ, id string, value map[string]any) (*Document, error) {
	return e.writeAs(ctx, a, Key{typ, id}, func(d *drafting) error { return d.replace(value) })
}

// Delete puts a document in the trash.
func (e *Engine) Delete(ctx context.Context, a Actor, typ, id string) error {
	_, err := e.writeOne(ctx, a, typ, Write{ID: id, Remove: true})
	return err
}

// Restore takes a document out of the trash; one that is not in it stays as it is.
func (e *Engine) Restore(ctx context.Context, a Actor, typ, id string) (*Document, error) {
	return e.writeAs(ctx, a, Key{typ, id}, func(d *drafting) error {
		if !d.grant.mayRestore(d.to.doc.Value()) {
			return Errorf(Forbidden, "", "You may not take records out of the trash: ask an editor.")
		}
		if d.to.doc.Deleted() {
			d.edit().Restore()
		}
		return nil
	})
}

// writeOne does one write and gives the document as its writer sees it.
func (e *Engine) writeOne(ctx context.Context, a Actor, typ string, w Write) (*Document, error) {
	results, err := e.WriteAll(ctx, a, typ, []Write{w})
	if err != nil {
		return nil, err
	}
	if results[0].Error != nil {
		return nil, results[0].Error
	}
	return results[0].Document, nil
}

// writeAs does one write that do drafts.
func (e *Engine) writeAs(ctx context.Context, a Actor, key Key, do func(d *drafting) error) (*Document, error) {
	var to *working
	err := e.commit(ctx, []Key{key}, func(r *round) (err error) {
		to, err = r.draft(a, key, do)
		return err
	})
	if err != nil {
		return nil, err
	}
	return e.written(a, to)
}

// written gives a document that was just written as its writer sees it: nil when it
// is out of their sight now.
func (e *Engine) written(a Actor, w *working) (*Document, error) {
	g, err := e.grant(a, w.key.Type)
	if err != nil {
		return nil, err
	}
	record := w.record
	if w.next != nil {
		record = w.next
	}
	return e.documentOf(record, g)
}

// drafting is a change that the server makes for somebody, in the making.
type drafting struct {
	round *round
	actor Actor
	grant *Grant
	typ   *Type // the latest version
	to    *working
	made  *crdt.Editor // nil: nothing was edited
}

// edit starts editing.
func (d *drafting) edit() *crdt.Editor {
	if d.made == nil {
		d.made = d.to.doc.Edit(d.round.state.self.Replica, d.typ.Schema.Plan())
	}
	return d.made
}

// draft makes a change to an existing document and takes it in, by the same door as a
// device's: do says what the change is. Nothing has moved when there is an error.
func (r *round) draft(a Actor, key Key, do func(d *drafting) error) (*working, error) {
	d, err := r.drafting(a, key)
	if err != nil {
		return nil, err
	}
	if !d.to.doc.Exists() || !d.grant.finds(d.to.doc.Value(), d.to.doc.Deleted()) {
		return nil, notFound(key.ID)
	}
	if err := do(d); err != nil {
		return nil, invalidOp(err)
	}
	return d.to, d.take()
}

// drafting gives what a change to a document is made with.
func (r *round) drafting(a Actor, key Key) (*drafting, error) {
	grant, err := r.com.e.grant(a, key.Type)
	if err != nil {
		return nil, err
	}
	to, err := r.document(key)
	if err != nil {
		return nil, err
	}
	return &drafting{round: r, actor: a, grant: grant, typ: r.com.e.reg.latest(key.Type), to: to}, nil
}

// take admits and accepts what was drafted; nothing when nothing differs.
func (d *drafting) take() error {
	if d.made == nil {
		return nil
	}
	ops := d.made.Ops()
	if len(ops) == 0 {
		return nil
	}
	return d.enter(d.round.com.e.incoming(d.round.ownChange(d.to, d.typ.Version, ops)))
}

// enter takes a change in that was looked at as one that is on its way in.
func (d *drafting) enter(in incoming) error {
	admitted, err := d.round.admit(d.actor, &in, in.change.Stamp)
	if err != nil {
		return err
	}
	return d.round.accept(d.actor, admitted)
}

// replace makes the value equal, but for what is not the actor's to say.
func (d *drafting) replace(value map[string]any) error {
	if err := d.grant.mayName(value); err != nil {
		return err
	}
	whole := maps.Clone(value)
	if whole == nil {
		whole = map[string]any{}
	}
	now := d.to.doc.Value()
	for key := range d.grant.Hidden {
		if v, there := now[key]; there && whole[key] == nil {
			whole[key] = v
		}
	}
	for _, f := range d.round.com.latestTraits(d.to.key.Type).serials {
		if v, there := now[f.Path[0]]; there && whole[f.Path[0]] == nil {
			whole[f.Path[0]] = v
		}
	}
	return d.edit().PutAll(whole)
}

// patchAll merges into the value.
func (d *drafting) patchAll(patch, from map[string]any) error {
	if err := d.grant.mayName(patch); err != nil {
		return err
	}
	if from != nil {
		return d.rebase(patch, from)
	}
	return d.patch(nil, d.typ.Schema.Plan(), patch)
}

// rebase does to the fields of patch what turned from into patch.
func (d *drafting) rebase(patch, from map[string]any) error {
	after := maps.Clone(patch)
	maps.DeleteFunc(after, func(_ string, v any) bool { return v == nil })
	for _, field := range slices.Sorted(maps.Keys(patch)) {
		if err := d.edit().Rebase(field, from, after); err != nil {
			return err
		}
	}
	return nil
}

// patch merges into what is at the path: member by member, inside maps as well.
func (d *drafting) patch(path []string, plan *crdt.Plan, patch map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(patch)) {
		at := append(slices.Clone(path), key)
		var err error
		switch v := patch[key].(type) {
		case nil:
			err = d.edit().Remove(at)
		case map[string]any:
			if plan.Field(key).Strategy == crdt.Map {
				err = d.patch(at, plan.Field(key), v)
				break
			}
			err = d.edit().Put(at, v)
		default:
			err = d.edit().Put(at, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
