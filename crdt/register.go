package crdt

// registerField holds one value: the one with the newest stamp. A removal is a value
// like any other. Time stamps only say which one; the others stay in the log.
type registerField struct {
	v     any
	set   bool
	stamp Stamp
}

func (f *registerField) strategy() Strategy { return Register }

func (f *registerField) value() (any, bool) { return f.v, f.set }

func (f *registerField) clone() node {
	c := *f
	return &c
}

func (f *registerField) apply(op *Op, by *author) {
	// A replica's changes come in their order, so of two with one stamp the later wins.
	if by.stamp.Compare(f.stamp) >= 0 {
		*f = registerField{v: op.Value, set: op.Kind == OpSet, stamp: by.stamp}
	}
}

func (f *registerField) merge(other node, j *join) {
	if o := other.(*registerField); j.newer(o.stamp, f.stamp) {
		*f = *o
	}
}
