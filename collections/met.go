package collections

import (
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// meet counts what an admitted change met: work on its document that its author had not
// seen when making it (Merged), and among that work a value for the very place that it
// writes as well, of which only one can show (Conflicts). Counting is for people who
// look at how a day went, so it takes no read of the store: where memory does not reach
// back, it goes by who wrote last, and by whether the change's own value shows.
func (r *round) meet(a Actor, in *admitted) {
	w := in.to
	if w.record == nil && w.last == nil || in.knows == nil || in.knows.reaches(w.lastPlace()) {
		return
	}
	var others []*crdt.Change
	collect := func(entry *Entry) {
		c := entry.Change
		if c != nil && c.Doc == w.key.ID && c.Type == w.key.Type && c.Replica != in.change.Replica {
			others = append(others, c)
		}
	}
	all := r.com.e.feed.sinceOf(w.key, in.knows, collect)
	for i := range r.entries {
		collect(&r.entries[i])
	}
	if len(others) == 0 && (all || w.record == nil || w.record.UpdatedBy == a.Name) {
		return
	}
	r.counts.Merged++
	if contested(in.change, others) || lost(in) {
		r.counts.Conflicts++
	}
}

// lastPlace is that of the document's last entry.
func (w *working) lastPlace() Place {
	if w.last != nil {
		return w.last.Place
	}
	return w.record.Last
}

// contested reports whether a change writes one value where others, unseen, wrote one.
func contested(c *crdt.Change, others []*crdt.Change) bool {
	for i := range c.Ops {
		if !writesOne(&c.Ops[i]) {
			continue
		}
		for _, other := range others {
			for j := range other.Ops {
				theirs := &other.Ops[j]
				if writesOne(theirs) && slices.Equal(c.Ops[i].Path, theirs.Path) && !crdt.EqualValues(c.Ops[i].Value, theirs.Value) {
					return true
				}
			}
		}
	}
	return false
}

// writesOne reports whether an operation gives its place the one value that shows.
func writesOne(op *crdt.Op) bool {
	return op.Kind == crdt.OpSet || op.Kind == crdt.OpUnset || op.Kind == crdt.OpAssign
}

// lost reports whether something that the change wrote does not show.
func lost(in *admitted) bool {
	t := &teller{change: in.change, doc: in.doc, after: in.doc.Value()}
	for _, event := range t.tell(func(string) bool { return true }) {
		if event.Lost {
			return true
		}
	}
	return false
}
