package collections

import "github.com/fieldstack/fieldstack/crdt"

// creation is a document that is about to be made. What is in it depends on nothing
// that is there, so it is worked out in the caller's goroutine: the committer has
// enough to do.
type creation struct {
	typ *Type
	in  incoming // its number, stamp and Prev are given when its turn comes
	err error    // why there can be no such document
}

// creation works out the first change of a document.
func (e *Engine) creation(t *Type, key Key, value map[string]any) creation {
	self := e.replica()
	edit := crdt.NewDocument().Edit(self, t.Schema.Plan())
	if err := edit.PutAll(value); err != nil {
		return creation{typ: t, err: invalidOp(err)}
	}
	return creation{typ: t, in: e.incoming(&crdt.Change{
		Replica: self, N: 1, Type: key.Type, Version: t.Version, Doc: key.ID, Ops: edit.Ops(),
	})}
}

// creations works out those of the writes that make a document; the others are empty.
func (e *Engine) creations(keys []Key, writes []Write) []creation {
	made := make([]creation, len(writes))
	for i, w := range writes {
		if t := e.reg.latest(keys[i].Type); t != nil && !w.Modify && !w.Remove {
			made[i] = e.creation(t, keys[i], w.Value)
		}
	}
	return made
}

// create makes a document that is not there.
func (r *round) create(a Actor, key Key, made creation, value map[string]any) (*working, error) {
	d, err := r.drafting(a, key)
	if err != nil {
		return nil, err
	}
	if d.to.doc.Exists() {
		if !d.grant.sees(d.to.doc.Value()) {
			return nil, notFound(key.ID)
		}
		return nil, Errorf(Exists, "id", "There is a record %q already: change it, or leave the id out to make a new one.", key.ID)
	}
	if err := d.grant.mayName(value); err != nil {
		return nil, err
	}
	if made.typ != d.typ || made.err == nil && made.in.change.Replica != r.state.self.Replica {
		// A new version came in between, or the server holds another stream now.
		made = r.com.e.creation(d.typ, key, value)
	}
	if made.err != nil {
		return nil, made.err
	}
	made.in.change = r.ownChange(d.to, d.typ.Version, made.in.change.Ops)
	return d.to, d.enter(made.in)
}
