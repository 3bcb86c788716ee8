package crdt

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Replay gives the document that the changes of a pack make, which must all be of one
// document: the one that applying them one after the other gives. Its cost is that of
// the places where somebody typed, not of the changes: those that went on from one
// another are applied as one. The error names the change that cannot be applied.
func Replay(data []byte) (*Document, error) {
	r, err := newUnpacker(data)
	if err != nil {
		return nil, err
	}
	p := &replay{unpacker: r, d: NewDocument()}
	for r.left > 0 {
		u, err := r.next()
		if err == nil && len(r.coder.model.docs) > 1 {
			err = errors.New("crdt: the pack holds changes of more than one document")
		}
		if err == nil {
			err = p.apply(&u)
		}
		if err != nil {
			return nil, err
		}
	}
	p.finish()
	return p.d, r.end()
}

// replay is a document in the making. Texts are woven as long as they can be, and what
// the document has seen of the writer is noted late; to apply a change, all that it
// may touch is settled first.
type replay struct {
	*unpacker
	d      *Document
	weaves []*weave
	writer Replica // whose mark is not noted yet; zero: none is
	mark   mark
}

// apply takes in a change and those that go on from it.
func (p *replay) apply(u *unpacked) error {
	if p.weave(u) {
		p.spare = u.first
		p.pass(u)
		return p.coder.err
	}
	p.settle(u.first)
	p.spare = nil // the document may keep the change
	whole, ok := p.whole(u)
	if !ok {
		return p.applyEach(u)
	}
	if _, err := p.d.Apply(whole); err != nil {
		return notApplied(u.first, err)
	}
	p.pass(u)
	return p.coder.err
}

// applyEach takes in the changes one by one.
func (p *replay) applyEach(u *unpacked) (failed error) {
	p.unfold(u, func(c *Change) bool {
		if _, err := p.d.Apply(c); err != nil {
			failed = notApplied(c, err)
		}
		return failed == nil
	})
	return cmp.Or(failed, p.coder.err)
}

func notApplied(c *Change, err error) error {
	return fmt.Errorf("crdt: change %s/%d of the pack cannot be applied: %w", c.Replica, c.N, err)
}

// whole gives the one change that does what a change and those that go on from it do,
// if there is one: what was typed or removed in one operation, under the last number.
// There is none if the document has some of them already or must hold them back, or if
// not all that they remove is there.
func (p *replay) whole(u *unpacked) (*Change, bool) {
	if !u.goesOn || u.first.N <= p.d.seen[u.first.Replica].n {
		return nil, false
	}
	c := *u.first
	c.N += uint64(u.more)
	op := c.Ops[0]
	if op.Kind == OpInsert {
		op.Text = u.text
	} else {
		op.Spans = []Span{u.span()}
	}
	c.Ops = []Op{op}
	if _, missing := p.d.Missing(&c); missing {
		return nil, false
	}
	return &c, op.Kind == OpInsert || p.d.holdsAll(op.Path, op.Spans[0])
}

// holdsAll reports whether all elements of a span are in the text at path.
func (d *Document) holdsAll(path []string, s Span) bool {
	f, ok := d.find(path).(*textField)
	for i := uint64(0); ok && i < s.Len; i++ {
		ok = f.seq.has(Dot{s.Start.Replica, s.Start.Seq + i})
	}
	return ok
}

func typedRun(c *Change, op *Op) run {
	return run{id: Dot{c.Replica, op.ID}, n: int(op.Makes()), after: op.After, before: op.Before}
}

// weave takes in a change and those that go on from it, if they do no more than type
// into or remove from a text that is woven, and all they lean on is there. What it asks
// is what Document.Check asks.
func (p *replay) weave(u *unpacked) bool {
	c := u.first
	if len(c.Ops) != 1 || len(p.d.held) > 0 {
		return false
	}
	op := &c.Ops[0]
	if op.Kind != OpInsert && op.Kind != OpCut || !p.follows(c) {
		return false
	}
	w := p.woven(op.Path)
	if w == nil {
		return false
	}
	switch op.Kind {
	case OpInsert:
		r := typedRun(c, op)
		r.n += u.more
		if op.ID <= p.mark.seq || !w.insert(r, u.typed(op)) {
			return false
		}
		p.mark.seq = op.ID + uint64(r.n) - 1
	case OpCut:
		if len(op.Spans) != 1 || !w.cut(u.span()) {
			return false
		}
	}
	p.mark.n = c.N + uint64(u.more)
	return true
}

// woven is the weave of the text at path. One begins where all was typed in one go so
// far; nil if that is not so, or the text is in a row, which notes who edits it.
func (p *replay) woven(path []string) *weave {
	for _, w := range p.weaves {
		if slices.Equal(w.path, path) {
			return w
		}
	}
	f, ok := p.d.find(path).(*textField)
	if !ok || slices.ContainsFunc(path, isElement) {
		return nil
	}
	r, ok := f.seq.single()
	if !ok || r.deleted {
		return nil
	}
	runs, elements := 0, 0
	if len(p.weaves) == 0 { // then probably all the rest is for this one
		runs, elements = len(p.coder.in[packShapes].buf), len(p.coder.typed)
	}
	w := newWeave(f, path, r, f.string(), runs, elements)
	p.weaves = append(p.weaves, w)
	return w
}

// follows reports whether a change is the next of its replica, and makes the mark that
// of the replica.
func (p *replay) follows(c *Change) bool {
	if p.writer != c.Replica {
		p.noteMark()
		p.writer, p.mark = c.Replica, p.d.seen[c.Replica]
	}
	return c.N > p.mark.n && c.Prev <= p.mark.n
}

// noteMark notes what the document has seen of the writer.
func (p *replay) noteMark() {
	if p.writer != 0 && p.d.seen[p.writer] != p.mark {
		p.d.seen[p.writer] = p.mark
		p.d.edits = raiseTo(p.d.edits, p.writer, p.mark.n)
	}
	p.writer = 0
}

// settle gets the document ready for a change to be applied.
func (p *replay) settle(c *Change) {
	p.noteMark()
	p.weaves = slices.DeleteFunc(p.weaves, func(w *weave) bool {
		touched := slices.ContainsFunc(c.Ops, func(op Op) bool { return slices.Equal(op.Path, w.path) })
		if touched {
			w.finish()
		}
		return touched
	})
}

// finish completes the document.
func (p *replay) finish() {
	p.settle(&Change{})
	for _, w := range p.weaves {
		w.finish()
	}
}
