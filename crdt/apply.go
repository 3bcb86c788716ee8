package crdt

// Effect is what became of a change that was given to a document.
type Effect int

const (
	Applied   Effect = iota // the document has moved on, or what it held back has
	Duplicate               // it was there already
	Held                    // it leans on what has not come; the document keeps it until then
)

// OpError is a change that can not be applied: which operation, and why.
type OpError struct {
	Index   int // of the operation in the change; -1: the change as a whole
	Path    []string
	Message string // a sentence
	Gone    bool   // it names what was there and was cleared away since by Compact
}

func (e *OpError) Error() string { return e.Message }

// Apply takes c in. An error (an *OpError) means c can never be applied here, and
// nothing has changed. A change that leans on what has not come is held, and
// applied by the call that brings the last thing it waits for.
func (d *Document) Apply(c *Change) (Effect, error) {
	if c.N <= d.seen[c.Replica].n {
		return Duplicate, nil
	}
	if err := d.Check(c); err != nil {
		return 0, err
	}
	if _, missing := d.Missing(c); missing {
		if err := d.hold(c); err != nil {
			return 0, err
		}
		return Held, nil
	}
	d.take(c)
	d.release()
	return Applied, nil
}

// take applies a change that was checked and misses nothing.
func (d *Document) take(c *Change) {
	by := &author{c.FullStamp(), c.N, d.seen[c.Replica].seq}
	for i := range c.Ops {
		d.perform(&c.Ops[i], by)
	}
	if c.edited() {
		d.edits = raiseTo(d.edits, c.Replica, c.N)
	}
	d.seen[c.Replica] = mark{c.N, d.seen[c.Replica].seq}
}

// perform applies one operation of a change.
func (d *Document) perform(op *Op, by *author) {
	switch op.Kind {
	case OpCreate:
		d.exists = true
	case OpDelete:
		d.cover = raise(d.cover, op.Saw)
		d.cover = raiseTo(d.cover, by.stamp.Replica, by.n)
	case OpRestore:
	default:
		d.reach(op, by).apply(op, by)
		if made := op.Makes(); made > 0 {
			m := d.seen[by.stamp.Replica]
			d.seen[by.stamp.Replica] = mark{m.n, op.ID + made - 1}
		}
	}
}

// reach is the field op is for. It makes what is missing on the way, and notes the
// edit at every row it passes.
func (d *Document) reach(op *Op, by *author) node {
	var at node = d.root
	last := strategyOf(op)
	for i, segment := range op.Path {
		next := strategyAt(op.Path, i, last)
		switch f := at.(type) {
		case *mapField:
			at = f.childOf(segment, next)
		case *listField:
			id, _ := ParseDot(segment)
			row := f.rows[id]
			row.edit(by)
			at = row.inside(next)
		}
	}
	return at
}
