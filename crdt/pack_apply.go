package crdt

import "fmt"

// Replay gives the document that the changes of a pack make, which must all be of one
// document. Its cost is that of the places where somebody typed, not of the changes:
// those that went on from one another are applied as one. The error names the change
// that cannot be applied.
func Replay(data []byte) (*Document, error) {
	r, err := newUnpacker(data)
	if err != nil {
		return nil, err
	}
	d := NewDocument()
	for r.left > 0 {
		u, err := r.next()
		if err != nil {
			return nil, err
		}
		if len(r.coder.model.docs) > 1 {
			return nil, fmt.Errorf("crdt: the pack holds changes of more than one document")
		}
		if err := d.replay(r, u); err != nil {
			return nil, err
		}
	}
	return d, r.end()
}

// replay applies a change and those that go on from it.
func (d *Document) replay(r *unpacker, u unpacked) error {
	if c, ok := d.whole(&u); ok {
		visible := 0
		f, _ := d.find(c.Ops[0].Path).(*textField)
		if u.way != 0 && f != nil {
			visible = f.seq.length()
		}
		if _, err := d.Apply(c); err != nil {
			return notApplied(u.first, err)
		}
		if u.way != 0 && visible-f.seq.length() != u.more+1 {
			if err := f.hasAll(c); err != nil {
				return notApplied(u.first, err)
			}
		}
		t := r.stamp(u.first.Stamp, u.more)
		r.coder.model.wentOn(u.more, u.way, t)
		return r.coder.err
	}
	var failed error
	r.unfold(u, func(c *Change, err error) bool {
		if err == nil {
			if _, err = d.Apply(c); err != nil {
				err = notApplied(c, err)
			}
		}
		failed = err
		return err == nil
	})
	return failed
}

func notApplied(c *Change, err error) error {
	return fmt.Errorf("crdt: change %s/%d of the pack cannot be applied: %w", c.Replica, c.N, err)
}

// whole gives the one change that does what a change and those that go on from it do,
// if there is one: what was typed or removed in one operation, under the last number.
// It is not so if the document has some of them already or must hold them back.
func (d *Document) whole(u *unpacked) (*Change, bool) {
	if u.more == 0 || u.first.N <= d.seen[u.first.Replica].n {
		return nil, false
	}
	c := *u.first
	op := c.Ops[0]
	c.N += uint64(u.more)
	if op.Kind == OpInsert {
		op.Text += u.text
	} else {
		start := op.Spans[0].Start
		if u.way < 0 {
			start.Seq -= uint64(u.more)
		}
		op.Spans = []Span{{start, uint64(u.more) + 1}}
	}
	c.Ops = []Op{op}
	_, missing := d.Missing(&c)
	return &c, !missing
}

// hasAll checks that all elements of a cut belong to the text.
func (f *textField) hasAll(c *Change) error {
	s := c.Ops[0].Spans[0]
	for i := range s.Len {
		if e := (Dot{s.Start.Replica, s.Start.Seq + i}); !f.seq.has(e) {
			return fmt.Errorf("the text has no element %s", e)
		}
	}
	return nil
}
