package crdt

import (
	"cmp"
	"slices"
)

// A document holds at most this many changes that wait for others, and this many
// bytes of them: more is an error, so that nobody can fill a store with changes that
// lean on nothing.
const (
	maxHeld      = 1_000
	maxHeldBytes = 1 << 20
)

// waiting is a held change. Elements of one replica come in their order and stay, so
// it is enough to know the last one of each that the change leans on; those that have
// come are taken off the front, so each is looked for once.
type waiting struct {
	change *Change
	size   int   // of its canonical JSON, in bytes
	needs  []Dot // elements that had not come, the last of each replica
}

// wait is the change as it waits in d.
func (d *Document) wait(c *Change, size int) waiting {
	var needs []Dot
	for i := range c.Ops {
		for e := range c.Ops[i].leans {
			if e.Replica != c.Replica && !d.seen.has(e) {
				needs = append(needs, e)
			}
		}
	}
	slices.SortFunc(needs, func(a, b Dot) int { return b.Compare(a) })
	needs = slices.CompactFunc(needs, func(a, b Dot) bool { return a.Replica == b.Replica })
	return waiting{c, size, slices.Clip(needs)}
}

// ready reports whether a change waits for nothing any more.
func (d *Document) ready(w *waiting) bool {
	seen := d.seen[w.change.Replica].n
	if w.change.N <= seen {
		return true
	}
	for len(w.needs) > 0 && d.seen.has(w.needs[0]) {
		w.needs = w.needs[1:]
	}
	return w.change.Prev <= seen && len(w.needs) == 0
}

func compareWaiting(a, b waiting) int {
	return cmp.Or(cmp.Compare(a.change.Replica, b.change.Replica), cmp.Compare(a.change.N, b.change.N))
}

// hold keeps a change until what it leans on has come; one that is held already
// stays as it is. It is an error when there is no room, or when the change could not
// be read again once it is written down.
func (d *Document) hold(c *Change) error {
	text := AppendChange(nil, c)
	w := d.wait(c, len(text))
	i, found := slices.BinarySearchFunc(d.held, w, compareWaiting)
	if found {
		return nil
	}
	size := w.size
	for _, h := range d.held {
		size += h.size
	}
	if len(d.held) >= maxHeld || size > maxHeldBytes {
		return &OpError{Index: -1, Message: "Too many changes to this document wait for changes that have not come: send those first."}
	}
	if _, err := ParseChange(text, Limits{}); err != nil {
		return &OpError{Index: -1, Message: "The change has to wait for others and cannot be kept until then: " + err.Error()}
	}
	d.held = slices.Insert(d.held, i, w)
	return nil
}

// release applies what was held and no longer waits for anything, until nothing
// more moves. A change that turns out not to fit is dropped, as it would have been
// refused had it come in time.
func (d *Document) release() {
	for moved := true; moved; {
		moved = false
		waits := d.held[:0]
		for i := range d.held {
			w := &d.held[i]
			if !d.ready(w) {
				waits = append(waits, *w)
				continue
			}
			moved = true
			if c := w.change; c.N > d.seen[c.Replica].n && d.Check(c) == nil {
				d.take(c)
			}
		}
		clear(d.held[len(waits):])
		d.held = waits
	}
}
