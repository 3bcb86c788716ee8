package crdt

import (
	"slices"
	"unicode/utf8"
)

// Splice types into a text in place: it makes c the change that replaces n code points
// from position at on of the text at path by text, and applies it. It is what Edit,
// Editor.Splice and Apply do together, at a cost that does not grow with the document.
// Positions count Unicode code points.
//
// The caller gives c its Replica, N, Stamp, Type, Version and Doc; Splice fills in Prev
// and Ops, and uses the array of Ops again, and that of the spans in it, if there is
// one. path and text are kept. If there is nothing to do, Ops is empty and d is as it
// was. The document must exist. An error, an *OpError, means that nothing has changed.
func (d *Document) Splice(c *Change, path []string, at, n int, text string) error {
	f, _ := d.find(path).(*textField)
	had := d.seen[c.Replica]
	if err := d.canSplice(c, had, path, f, at, n, text); err != nil {
		return err
	}
	c.Prev = had.n
	if f == nil {
		return d.firstTyped(c, path, had.seq+1, text)
	}
	c.Ops = f.splice(c.Ops, path, at, n, Dot{c.Replica, had.seq + 1}, text)
	if len(c.Ops) == 0 {
		return nil
	}
	if slices.ContainsFunc(path, isElement) {
		d.reach(&c.Ops[0], &author{c.FullStamp(), c.N, had.seq}) // rows note who edited them
	}
	last := &c.Ops[len(c.Ops)-1]
	d.seen[c.Replica] = mark{c.N, had.seq + last.Makes()}
	d.edits = raiseTo(d.edits, c.Replica, c.N)
	d.release()
	return nil
}

// canSplice reports what is wrong with a splice of f, which is nil if nobody has typed
// there yet.
func (d *Document) canSplice(c *Change, had mark, path []string, f *textField, at, n int, text string) error {
	length := 0
	if f != nil {
		length = f.seq.length()
	}
	switch {
	case !d.exists:
		return refuse(path, "The record does not exist yet: create it before its text %q is typed into.", pathName(path))
	case c.Replica == 0, c.N <= had.n, c.N > MaxSeq:
		return refuse(path, "A change needs a replica and a number above that of the change before it, up to 2^53-1.")
	case at < 0, n < 0, at > length, n > length-at:
		return refuse(path, "The text %q has %d characters, so %d at %d cannot be replaced.", pathName(path), length, n, at)
	case !utf8.ValidString(text):
		return refuse(path, "What is typed into %q must be valid text.", pathName(path))
	case uint64(len(text)) > MaxSeq-had.seq:
		return refuse(path, "This device has numbered all the characters it may: it needs a new replica.")
	}
	return nil
}

// firstTyped types into a text that nobody has typed into.
func (d *Document) firstTyped(c *Change, path []string, id uint64, text string) error {
	c.Ops = c.Ops[:0]
	if text == "" {
		return nil
	}
	c.Ops = append(c.Ops, Op{Kind: OpInsert, Path: path, ID: id, Text: text})
	_, err := d.Apply(c)
	return err
}

// splice replaces n code points from position at on by text, the first of which is id,
// and gives the operations that do so elsewhere, in an array that was used before.
// Nobody else types in between, so nothing has to be found by name.
func (f *textField) splice(ops []Op, path []string, at, n int, id Dot, text string) []Op {
	ops, spans := emptied(ops)
	if n == 0 && text == "" {
		return ops
	}
	f.open()
	f.seq.edit()
	p := f.seq.gap(at)
	r := run{id: id, after: p.left(), before: p.element()}
	if n > 0 {
		ops = append(ops, Op{Kind: OpCut, Path: path, Spans: f.seq.spans(spans, at, n)})
		f.seq.cutAt(at, n)
		p = f.seq.gap(at)
	}
	if text != "" {
		ops = append(ops, Op{Kind: OpInsert, Path: path, ID: id.Seq, After: r.after, Before: r.before, Text: text})
		r.n = utf8.RuneCountInString(text)
		f.seq.putAt(p, r, text)
		if n == 0 {
			ops[0].Spans = spans // none, but their array is for the next time
		}
	}
	return ops
}

// emptied empties a list of operations, and the spans of its first, to be filled again.
func emptied(ops []Op) ([]Op, []Span) {
	if cap(ops) == 0 {
		return make([]Op, 0, 2), nil
	}
	return ops[:0], ops[:1][0].Spans[:0]
}
