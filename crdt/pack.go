package crdt

import (
	"slices"
	"unicode/utf8"
)

// Packer writes many changes down in little room: the log, folded. What a change
// shares with the ones before it is not written again; what is left goes into columns
// of like things, which compress well. The changes may be of any documents, types and
// replicas, mixed; they come out of [Unpack] in the order they went in.
//
// The zero value is ready. A Packer is not safe for concurrent use.
//
// Most changes of a log are somebody typing, a character each. Those that go on where
// the last one ended are only counted: see packRun. Every other change is written by
// packCoder, which Unpack reads with, too.
type Packer struct {
	coder   packCoder
	stamps  stampWriter
	run     packRun
	changes int
	ops     int
	said    Change // that is written
}

// NewPacker gives a Packer with nothing in it.
func NewPacker() *Packer { return &Packer{} }

// Len is how many changes were added.
func (p *Packer) Len() int { return p.changes }

// Full reports whether it is time to begin another pack: [Unpack] takes no more than so
// much at once. Another change within the default [Limits] still fits.
func (p *Packer) Full() bool {
	size := len(p.stamps.runs) + len(p.stamps.millis) + len(p.stamps.counters)
	for _, column := range p.coder.out {
		size += len(column)
	}
	return size > maxPackBytes-maxPackBytes/8 || max(p.ops+p.coder.seen, p.changes) > maxPackOps-maxPackOps/8
}

// Add adds a change, which must be well made, as [ParseChange] and [Document.Check]
// take it. The caller may use c and its slices again afterwards; strings and values
// in it are shared.
func (p *Packer) Add(c *Change) {
	p.changes++
	p.ops += len(c.Ops)
	if p.run.takes(c) {
		p.run.more++
		p.run.n++
		if p.run.cut == 0 {
			p.coder.out[packText] = append(p.coder.out[packText], c.Ops[0].Text...)
			p.run.seq++
		} else {
			p.run.seq = c.Ops[0].Spans[0].Start.Seq
		}
		p.stamps.add(p.run.stamp, c.Stamp)
		p.run.stamp = c.Stamp
		return
	}
	p.endRun()
	p.add(c)
}

// add writes a change that does not simply go on.
func (p *Packer) add(c *Change) {
	x := &p.coder
	if x.model.byReplica == nil {
		x.writing = true
		x.model.init()
	}
	x.shape = x.shape[:0]
	p.said = *c // c belongs to somebody else, who may be reading it
	x.who(&p.said)
	p.stamps.add(x.model.stampBefore(), c.Stamp)
	x.model.stamped(c.Stamp)
	x.members(&p.said)
	x.endShape()
	p.said.Ops = nil
	p.run.begin(c, x.model.author)
}

// endRun writes down how many changes went on where the last one written ended.
func (p *Packer) endRun() {
	r := &p.run
	if !r.can {
		return
	}
	p.coder.count(packMore, r.length(), 0)
	way := r.cut
	if r.kind == OpCut && r.more == 0 {
		way = 1
	}
	p.coder.model.wentOn(r.more, way, r.stamp)
	r.can = false
}

// packRun is the changes that go on from the last one written: the same person, in the
// same text, types the next character or removes the next one. A typed character
// stands behind the one before it; a removed one has the number before that of the
// last (backspace) or behind it (delete).
type packRun struct {
	can   bool // the last change written is one that can be gone on from
	more  int  // changes since
	cut   int  // 0: they type, -1: they remove backwards, 1: forwards
	kind  Kind
	n     uint64
	seq   uint64 // of the last element typed or removed
	stamp Time
	first Change  // without its operations
	of    Replica // whose elements are removed
	right Dot
	path  []string
}

// begin looks whether c, which was just written, can be gone on from.
func (r *packRun) begin(c *Change, a *packAuthor) {
	*r = packRun{path: r.path[:0]}
	if len(c.Ops) != 1 || !goesOn(&c.Ops[0]) {
		return
	}
	op := &c.Ops[0]
	r.can, r.kind, r.n, r.stamp = true, op.Kind, c.N, c.Stamp
	r.first = *c
	r.first.Ops = nil
	r.path = append(r.path, op.Path...)
	if op.Kind == OpInsert {
		r.of, r.seq, r.right = c.Replica, op.ID, op.Before
	} else {
		r.of, r.seq = op.Spans[0].Start.Replica, op.Spans[0].Start.Seq
	}
}

// goesOn reports whether an operation is of the kind that a run is made of: one
// character typed, or one removed.
func goesOn(op *Op) bool {
	switch op.Kind {
	case OpInsert:
		return isOne(op.Text)
	case OpCut:
		return len(op.Spans) == 1 && op.Spans[0].Len == 1
	}
	return false
}

// isOne reports whether s is one code point.
func isOne(s string) bool {
	return len(s) == 1 || len(s) <= utf8.UTFMax && utf8.RuneCountInString(s) == 1
}

// takes reports whether c goes on. For the first that removes it also finds the way.
func (r *packRun) takes(c *Change) bool {
	if !r.can || c.Replica != r.first.Replica || c.N != r.n+1 || c.Prev != r.n || len(c.Ops) != 1 {
		return false
	}
	op := &c.Ops[0]
	if op.Kind != r.kind || !goesOn(op) || c.Doc != r.first.Doc || c.Type != r.first.Type ||
		c.Version != r.first.Version || !slices.Equal(op.Path, r.path) {
		return false
	}
	if op.Kind == OpInsert {
		return op.ID == r.seq+1 && op.After == Dot{r.of, r.seq} && op.Before == r.right
	}
	way := int(int64(op.Spans[0].Start.Seq - r.seq))
	if op.Spans[0].Start.Replica != r.of || way != 1 && way != -1 || r.cut != 0 && r.cut != way {
		return false
	}
	r.cut = way
	return true
}

// length is what is written of the run: how many changes, and which way they remove.
func (r *packRun) length() uint64 {
	if r.kind == OpInsert {
		return uint64(r.more)
	}
	if r.cut < 0 {
		return uint64(r.more)<<1 | 1
	}
	return uint64(r.more) << 1
}
