package crdt

// mapField is an object whose fields merge one by one. The document's value is one.
type mapField struct {
	children map[string]node
	ensured
}

func newMapField() *mapField { return &mapField{children: map[string]node{}} }

func (f *mapField) strategy() Strategy { return Map }

func (f *mapField) value() (any, bool) {
	object := f.object()
	if len(object) == 0 && f.hidden {
		return nil, false
	}
	return object, true
}

// object is the fields that show.
func (f *mapField) object() map[string]any {
	object := make(map[string]any, len(f.children))
	for key, child := range f.children {
		if v, shown := child.value(); shown {
			object[key] = v
		}
	}
	return object
}

func (f *mapField) clone() node {
	c := &mapField{make(map[string]node, len(f.children)), f.ensured}
	for key, child := range f.children {
		c.children[key] = child.clone()
	}
	return c
}

// apply only ever gets to see ensure: everything else is for a field of the map.
func (f *mapField) apply(op *Op, by *author) { f.ensure(op, by) }

// child is the field called key, made if it is not there.
func (f *mapField) child(key string, s Strategy) node {
	child := f.children[key]
	if child == nil {
		child = newNode(s)
		f.children[key] = child
	}
	return child
}

func (f *mapField) merge(other node, j *join) {
	o := other.(*mapField)
	for key, theirs := range o.children {
		f.children[key] = j.fields(f.children[key], theirs)
	}
	f.mergeEnsured(&o.ensured, j)
}
