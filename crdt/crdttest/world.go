package crdttest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// World is a few replicas that edit one document and a network between them that
// loses nothing for ever but anything for a while: a change that was dropped is sent
// again some time, in any order, and maybe twice.
type World struct {
	Seed     uint64
	Rand     *rand.Rand
	Replicas []*Replica
	Changes  []*crdt.Change // all that were made, in the order they were
}

// Replica is one of the replicas: its document and the changes it was given.
type Replica struct {
	ID       crdt.Replica
	Doc      *crdt.Document
	Received []*crdt.Change // its own too; some of them may be held back
}

// NewWorld gives a world of three to five replicas.
func NewWorld(seed uint64) *World {
	w := &World{Seed: seed, Rand: rand.New(rand.NewPCG(seed, 0))}
	for i := range 3 + w.Rand.IntN(3) {
		id := crdt.Replica(w.Rand.Uint64()&^0xf | uint64(i+1)) // never zero, never the same
		w.Replicas = append(w.Replicas, &Replica{ID: id, Doc: crdt.NewDocument()})
	}
	return w
}

// Edit lets a replica make a change, which may turn out empty: then it is nil. The
// change is read back from its JSON, as it would be anywhere else.
func (w *World) Edit(r *Replica) (*crdt.Change, error) {
	e := r.Doc.Edit(r.ID, Plan())
	RandomEdits(w.Rand, e, r.Doc)
	wanted := crdt.Canonical(e.Value())
	c := w.change(r, e.Ops())
	if len(c.Ops) == 0 {
		return nil, nil
	}
	c, err := crdt.ParseChange(crdt.AppendChange(nil, c), crdt.Limits{})
	if err != nil {
		return nil, fmt.Errorf("a change of the editor is not well made: %w", err)
	}
	if err := isWhatWasSeen(r.Doc, c, wanted); err != nil {
		return nil, err
	}
	w.Changes = append(w.Changes, c)
	return c, w.Deliver(r, c)
}

// change puts a change together. Clocks are poor: they differ, they run backwards,
// they stand still, and the server corrects them, so a stamp may be anything.
func (w *World) change(r *Replica, ops []crdt.Op) *crdt.Change {
	prev := r.Doc.Seen()[r.ID]
	return &crdt.Change{
		Replica: r.ID, N: prev + 1 + w.Rand.Uint64N(2), Prev: prev,
		Stamp: crdt.NewTime(1_764_000_000_000+w.Rand.Int64N(12), uint16(w.Rand.IntN(2))),
		Type:  "work-order", Version: 1, Doc: "0198c0de-0000-7000-8000-000000000001", Ops: ops,
	}
}

// isWhatWasSeen checks that a change with the newest stamp brings about the value
// that the editor showed.
func isWhatWasSeen(d *crdt.Document, c *crdt.Change, wanted string) error {
	d, newest := d.Clone(), *c
	newest.Stamp = crdt.NewTime(crdt.MaxMillis, 0)
	if _, err := d.Apply(&newest); err != nil {
		return fmt.Errorf("a change of the editor is refused: %w", err)
	}
	if got := crdt.Canonical(d.Value()); got != wanted {
		return fmt.Errorf("the editor showed\n%s\nand its change gives\n%s", wanted, got)
	}
	return nil
}

// Deliver gives a change to a replica and checks that it is taken or held.
func (w *World) Deliver(r *Replica, c *crdt.Change) error {
	_, err := r.Doc.Apply(c)
	if err != nil {
		return fmt.Errorf("change %s/%d is refused: %w", c.Replica, c.N, err)
	}
	r.Received = append(r.Received, c)
	return nil
}

// Send delivers a few changes, at random, to a replica.
func (w *World) Send(r *Replica) error {
	for range w.Rand.IntN(4) {
		if len(w.Changes) == 0 {
			return nil
		}
		if err := w.Deliver(r, pick(w.Rand, w.Changes)); err != nil {
			return err
		}
	}
	return nil
}

// SendAll delivers everything to a replica, in any order.
func (w *World) SendAll(r *Replica) error {
	for _, c := range w.Shuffled(w.Changes) {
		if err := w.Deliver(r, c); err != nil {
			return err
		}
	}
	return nil
}

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
func (w *World) Reload(r *Replica) error {
	value, meta := r.Doc.Encode()
	d, err := crdt.Decode(value, meta)
	if err != nil {
		return fmt.Errorf("a document cannot be read again: %w\nvalue %s\nmeta %x", err, value, meta)
	}
	if again := Bytes(d); again != Bytes(r.Doc) {
		return fmt.Errorf("a document changes by being read again:\n%q\n%q", Bytes(r.Doc), again)
	}
	r.Doc = d
	return nil
}

// Step lets one replica edit, hear from others, or write and read its document.
func (w *World) Step() (*Replica, error) {
	r := pick(w.Rand, w.Replicas)
	var err error
	switch w.Rand.IntN(3) {
	case 0:
		_, err = w.Edit(r)
	case 1:
		err = w.Send(r)
	case 2:
		err = w.Reload(r)
	}
	if err == nil {
		err = r.Check()
	}
	return r, err
}

// Check compares a replica's document with what the changes it was given come to.
func (r *Replica) Check() error {
	return Compare(r.Doc, Model(r.Received))
}

// Compare says how a document differs from what it should be.
func Compare(d *crdt.Document, want State) error {
	got := crdt.Canonical(d.Value())
	switch want := crdt.Canonical(want.Value); {
	case got != want:
		return fmt.Errorf("the document shows\n%s\nand the model\n%s", got, want)
	}
	if d.Exists() != want.Exists || d.Deleted() != want.Deleted {
		return fmt.Errorf("exists %v, deleted %v, and the model says %v, %v", d.Exists(), d.Deleted(), want.Exists, want.Deleted)
	}
	return nil
}

// Bytes is a document written down, to compare it by.
func Bytes(d *crdt.Document) string {
	value, meta := d.Encode()
	return string(value) + "\n" + string(meta)
}

// Value is a value that a document of the plan can show.
func (w *World) Value() map[string]any { return randomObject(w.Rand, Plan()) }
