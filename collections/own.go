package collections

import "github.com/fieldstack/fieldstack/crdt"

// ownChange makes a change of the server's own replica to a document. Its number is
// used up by enter; one that is refused never was.
func (r *round) ownChange(w *working, version int, ops []crdt.Op) *crdt.Change {
	clock := r.state.clock
	return &crdt.Change{
		Replica: r.state.self.Replica,
		N:       r.state.self.N + 1,
		Prev:    w.doc.Seen()[r.state.self.Replica],
		Stamp:   clock.Next(r.now),
		Type:    w.key.Type,
		Version: version,
		Doc:     w.key.ID,
		Ops:     ops,
	}
}

// enter takes a change in: log, document, clock, and the server's count where the
// change is its own.
func (r *round) enter(in *admitted, by string) {
	c := in.change
	r.counts.Accepted++
	r.state.clock.Observe(c.Stamp)
	if c.Replica == r.state.self.Replica {
		r.state.self.N, r.state.self.Stamp, r.state.self.Seen = c.N, c.Stamp, r.now
	}
	in.to.doc, in.to.valid = in.doc, in.valid
	behind := uint64(0)
	if in.knows != nil {
		behind = r.state.head - min(r.state.head, in.knows[r.com.stream()])
	}
	r.wrote(in.to, r.entry(Entry{Kind: EntryChange, By: by, Type: c.Type, Change: c, Behind: behind}))
}
