package crdttest

import (
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Peers is a world in which everybody tells everybody else what they have, be it
// their own or not: single changes, many at once, or the whole document.
type Peers struct {
	*World
	Replicas []*Replica
	Strict   bool // each replica is held against the model after all that it hears, not only now and then
}

// Replica is one replica: its document and the changes it was given.
type Replica struct {
	ID       crdt.Replica
	Doc      *crdt.Document
	Received []*crdt.Change // each once, its own too; some of them may be held back

	place  int
	known  map[crdt.Dot]bool // Received, by replica and n
	clock  wrongClock
	hears  bool // its clock follows the stamps it hears
	backup *backup
}

// backup is an older copy of a replica.
type backup struct {
	value, meta []byte
	received    []*crdt.Change
}

// NewPeers gives a world of peers in which everything may go wrong.
func NewPeers(seed uint64, size Size) *Peers {
	size.Kind = PeersKind
	return newPeers(newWorld(seed, size, nil))
}

func newPeers(w *World) *Peers {
	p := &Peers{World: w}
	w.network = newNetwork(w.Rand, w.Size.Replicas)
	for place := range w.Size.Replicas {
		r := &Replica{
			ID: w.newID(place + 1), Doc: crdt.NewDocument(), place: place, known: map[crdt.Dot]bool{},
			clock: newClock(w.Rand), hears: w.Rand.IntN(2) == 0,
		}
		p.Replicas = append(p.Replicas, r)
		w.whileAlive(5000, func() error { return p.turn(r) })
	}
	w.whileAlive(30_000, w.weather)
	return p
}

// turn lets a replica do something of its own accord.
func (p *Peers) turn(r *Replica) error {
	p.whileAlive(5000, func() error { return p.turn(r) })
	if p.network.asleep[r.place] {
		return nil
	}
	switch p.Rand.IntN(16) {
	default:
		_, err := p.Edit(r)
		return err
	case 0, 1, 2:
		p.tell(r, p.other(r))
	case 3, 4:
		p.ask(r, p.other(r))
	case 5, 6:
		p.show(r, p.other(r))
	case 7:
		return p.Reload(r)
	case 8:
		p.note("the clock of %d %s", r.place, r.clock.misbehave(p.Rand, p.now))
	case 9:
		p.sleep(r)
	case 10:
		return p.keepOrRestore(r)
	}
	return nil
}

// other is any replica but r.
func (p *Peers) other(r *Replica) *Replica {
	i := p.Rand.IntN(len(p.Replicas) - 1)
	if i >= r.place {
		i++
	}
	return p.Replicas[i]
}

// Edit lets a replica make a change, which may turn out empty: then it is nil.
func (p *Peers) Edit(r *Replica) (*crdt.Change, error) {
	p.edits--
	n := r.Doc.Seen()[r.ID] + 1 + p.Rand.Uint64N(2) // one in between may be to another document
	c, err := p.compose(r.Doc, r.ID, n, r.clock.next(p.now))
	if c == nil || err != nil {
		return nil, err
	}
	p.note("%d makes %s", r.place, crdt.AppendChange(nil, c))
	return c, p.hear(r, c)
}

// tell sends a few changes, any that r has.
func (p *Peers) tell(r, to *Replica) {
	var some []*crdt.Change
	for range min(len(r.Received), 1+p.Rand.IntN(4)) {
		some = append(some, pick(p.Rand, r.Received))
	}
	p.sendChanges(r, to, some)
}

// ask says what r has seen, and gets the rest.
func (p *Peers) ask(r, from *Replica) {
	seen := r.Doc.Seen()
	p.send(r.place, from.place, "what it has seen", func() error {
		p.sendChanges(from, r, slices.DeleteFunc(slices.Clone(from.Received), func(c *crdt.Change) bool {
			return c.N <= seen[c.Replica]
		}))
		return nil
	})
}

func (p *Peers) sendChanges(from, to *Replica, changes []*crdt.Change) {
	if p.Rand.IntN(2) == 0 {
		changes = p.Shuffled(changes)
	}
	p.send(from.place, to.place, fmt.Sprintf("%d changes", len(changes)), func() error { return p.hear(to, changes...) })
}

// show sends the whole document.
func (p *Peers) show(r, to *Replica) {
	value, meta := r.Doc.Encode()
	received := slices.Clone(r.Received)
	p.send(r.place, to.place, "its document", func() error {
		theirs, err := crdt.Decode(value, meta)
		if err != nil {
			return err
		}
		if to.Doc, err = p.merged(to.Doc, theirs); err != nil {
			return err
		}
		to.receive(received...)
		return p.check(to)
	})
}

// hear gives changes to a replica.
func (p *Peers) hear(r *Replica, changes ...*crdt.Change) error {
	for _, c := range changes {
		if _, err := r.Doc.Apply(c); err != nil {
			return fmt.Errorf("change %s/%d is refused: %w", c.Replica, c.N, err)
		}
		r.receive(c)
		if r.hears {
			r.clock.logical.Observe(c.Stamp)
		}
	}
	return p.check(r)
}

// receive notes changes that came.
func (r *Replica) receive(changes ...*crdt.Change) {
	for _, c := range changes {
		if name := (crdt.Dot{Replica: c.Replica, Seq: c.N}); !r.known[name] {
			r.known[name] = true
			r.Received = append(r.Received, c)
		}
	}
}

// SendAll gives everything that anybody ever made to a replica, in any order.
func (p *Peers) SendAll(r *Replica) error { return p.hear(r, p.Shuffled(p.Changes)...) }

// Shuffled gives the changes in any order, some of them twice.
func (w *World) Shuffled(changes []*crdt.Change) []*crdt.Change {
	shuffled := slices.Clone(changes)
	for _, c := range changes {
		if w.Rand.IntN(8) == 0 {
			shuffled = append(shuffled, c)
		}
	}
	w.Rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	return shuffled
}

// Reload lets a replica write its document down and read it again.
func (p *Peers) Reload(r *Replica) (err error) {
	p.note("%d starts again", r.place)
	r.Doc, err = reread(r.Doc)
	return err
}

// sleep lets a replica miss all that comes for a while.
func (w *World) fallAsleep(place int) {
	w.note("%d falls asleep", place)
	w.network.asleep[place] = true
	w.plan(w.Rand.Int64N(300_000), func() error {
		w.note("%d wakes up", place)
		w.network.asleep[place] = false
		return nil
	})
}

func (p *Peers) sleep(r *Replica) { p.fallAsleep(r.place) }

// keepOrRestore copies a replica, or makes it what the copy was. Then it is a new
// replica, and what it made in the meantime and told nobody is lost with it.
func (p *Peers) keepOrRestore(r *Replica) (err error) {
	if r.backup == nil {
		p.note("%d is copied", r.place)
		value, meta := r.Doc.Encode()
		r.backup = &backup{value, meta, slices.Clone(r.Received)}
		return nil
	}
	b := r.backup
	r.backup, r.ID = nil, p.newID(int(r.ID&0xffff)+p.Size.Replicas)
	p.note("%d is restored from its copy and calls itself %s", r.place, r.ID)
	r.Received, r.known = nil, map[crdt.Dot]bool{}
	r.receive(b.received...)
	r.Doc, err = crdt.Decode(b.value, b.meta)
	return err
}
