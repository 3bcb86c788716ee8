package crdt

// mapField is an object whose fields merge one by one. The document's value is one.
type mapField struct {
	children ordered[child] // as canonical JSON orders keys
	ensured
}

// child is a field of a map.
type child struct {
	key   string
	field node
}

func newMapField() *mapField { return &mapField{} }

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
	object := make(map[string]any, f.children.len())
	for c := range f.children.all() {
		if v, shown := c.field.value(); shown {
			object[c.key] = v
		}
	}
	return object
}

func (f *mapField) clone() node {
	return &mapField{
		f.children.clone(func(c *child) child { return child{c.key, c.field.clone()} }),
		f.ensured,
	}
}

// apply only ever gets to see ensure: everything else is for a field of the map.
func (f *mapField) apply(op *Op, by *author) { f.ensure(op, by) }

func (f *mapField) find(key string) (spot, bool) {
	return f.children.find(func(c *child) int { return compareKeys(c.key, key) })
}

// child is the field called key, nil if there is none.
func (f *mapField) child(key string) node {
	if at, found := f.find(key); found {
		return f.children.at(at).field
	}
	return nil
}

// childOf is the field called key, made if it is not there.
func (f *mapField) childOf(key string, s Strategy) node {
	at, found := f.find(key)
	if found {
		return f.children.at(at).field
	}
	field := newNode(s)
	f.children.insert(at, child{key, field})
	return field
}

// keys lists the fields in the order they show.
func (f *mapField) keys() []string {
	keys := make([]string, 0, f.children.len())
	for c := range f.children.all() {
		keys = append(keys, c.key)
	}
	return keys
}

func (f *mapField) remove(key string) {
	if at, found := f.find(key); found {
		f.children.remove(at)
	}
}

func (f *mapField) merge(other node, j *join) {
	o := other.(*mapField)
	for theirs := range o.children.all() {
		at, found := f.find(theirs.key)
		if !found {
			f.children.insert(at, child{theirs.key, theirs.field.clone()})
			continue
		}
		ours := f.children.at(at)
		ours.field = j.fields(ours.field, theirs.field)
	}
	f.mergeEnsured(&o.ensured, j)
}
