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

// waiting is a held change and the length of its canonical JSON.
type waiting struct {
	change *Change
	size   int
}

func compareWaiting(a, b waiting) int {
	return cmp.Or(cmp.Compare(a.change.Replica, b.change.Replica), cmp.Compare(a.change.N, b.change.N))
}

// hold keeps a change until what it leans on has come; one that is held already
// stays as it is. It is an error when there is no room, or when the change could not
// be read again once it is written down.
func (d *Document) hold(c *Change) error {
	text := AppendChange(nil, c)
	w := waiting{c, len(text)}
	i, found := slices.BinarySearchFunc(d.held, w, compareWaiting)
	if found {
		return nil
	}
	size := w.size
	for _, h := range d.held {
		size += h.size
	}
	if len(d.held) >= maxHeld || size > maxHeldBytes {
		return &OpError{-1, nil, "Too many changes to this document wait for changes that have not come: send those first."}
	}
	if _, err := ParseChange(text, Limits{}); err != nil {
		return &OpError{-1, nil, "The change has to wait for others and cannot be kept until then: " + err.Error()}
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
		held := d.held
		d.held = nil
		for _, w := range held {
			c := w.change
			if _, missing := d.Missing(c); missing {
				d.held = append(d.held, w)
				continue
			}
			moved = true
			if c.N > d.seen[c.Replica].n && d.Check(c) == nil {
				d.take(c)
			}
		}
	}
}
