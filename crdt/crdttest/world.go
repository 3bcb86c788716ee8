package crdttest

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// World is simulated time, in which replicas edit one document and tell each other
// over a bad network. All that happens is drawn from the seed: the same seed and size
// give the same trace. It is either [Peers] or an [Office].
type World struct {
	Seed    uint64
	Size    Size
	Rand    *rand.Rand
	Changes []*crdt.Change // all that were made, in the order they were, as they were made

	now     int64 // the true time, ms
	events  events
	network *network
	edits   int // yet to be made
	trace   *Trace
	looks   int
}

// Size is how large a world is. What is zero is drawn from the seed.
type Size struct {
	Replicas int
	Edits    int // calls to make an edit; some come to nothing
	Kind     Kind
}

// Kind says who tells whom.
type Kind string

const (
	PeersKind  Kind = "peers"  // everybody tells everybody what they have
	OfficeKind Kind = "office" // devices and a server
)

// String gives the flags of the tests that make a world of this size.
func (s Size) String() string {
	return fmt.Sprintf("-replicas %d -edits %d -kind %s", s.Replicas, s.Edits, s.Kind)
}

// start is the true time at which worlds begin.
const start = 1_764_000_000_000

// newWorld draws what size leaves open. Most worlds are small, so that many can be
// seen; some are not.
func newWorld(seed uint64, size Size, trace *Trace) *World {
	w := &World{Seed: seed, Rand: rand.New(rand.NewPCG(seed, 0)), trace: trace, now: start}
	replicas, edits := 2+w.Rand.IntN(4), 5+w.Rand.IntN(40)
	if w.Rand.IntN(32) == 0 {
		replicas, edits = 6+w.Rand.IntN(5), 100+w.Rand.IntN(150)
	}
	kind := pick(w.Rand, []Kind{PeersKind, OfficeKind})
	w.Size = size
	if size.Replicas == 0 {
		w.Size.Replicas = replicas
	}
	if size.Edits == 0 {
		w.Size.Edits = edits
	}
	if size.Kind == "" {
		w.Size.Kind = kind
	}
	w.edits = w.Size.Edits
	return w
}

// society is who lives in a world.
type society interface {
	Step() (bool, error)
	exchange()    // everybody is told everything, with nothing in the way
	agree() error // what must be true after that
}

// Run lets a world live until all edits are made, mends its network, lets everybody
// hear everything, and checks what must be true then; some is checked all along. It
// gives the size the world had. trace may be nil.
func Run(seed uint64, size Size, trace *Trace) (Size, error) {
	w := newWorld(seed, size, trace)
	return w.Size, w.run()
}

// run lives one world. What panics in it is an error like others, so that it can be
// told which world it was.
func (w *World) run() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	var s society
	switch w.Size.Kind {
	case PeersKind:
		s = newPeers(w)
	case OfficeKind:
		s = newOffice(w)
	default:
		return fmt.Errorf("there is no kind of world %q", w.Size.Kind)
	}
	if err := live(s); err != nil {
		return err
	}
	w.note("everything is mended")
	w.network.mend()
	s.exchange()
	if err := live(s); err != nil {
		return err
	}
	return s.agree()
}

// live lets everything happen that is to happen.
func live(s society) error {
	for {
		if more, err := s.Step(); !more || err != nil {
			return err
		}
	}
}

// Shrink looks for a smaller size at which the world of the seed still fails: fewer
// edits, then fewer replicas. It gives the smallest found and its error.
func Shrink(seed uint64, size Size, failure error) (Size, error) {
	for smaller := true; smaller; {
		smaller = false
		for _, try := range []Size{
			{size.Replicas, size.Edits / 2, size.Kind},
			{size.Replicas, size.Edits - 1, size.Kind},
			{size.Replicas - 1, size.Edits, size.Kind},
		} {
			if try.Edits < 1 || try.Replicas < 2 {
				continue
			}
			if _, err := Run(seed, try, nil); err != nil {
				size, failure, smaller = try, err, true
				break
			}
		}
	}
	return size, failure
}

// Step lets the next event happen, false if there is none.
func (w *World) Step() (bool, error) {
	e, ok := w.events.next()
	if !ok {
		return false, nil
	}
	w.now = e.at
	return true, e.does()
}

// plan lets something happen after a while.
func (w *World) plan(delay int64, does func() error) { w.events.plan(w.now+delay, does) }

// whileAlive lets something happen after about so many ms, unless all edits are made.
func (w *World) whileAlive(about int64, does func() error) {
	if w.edits > 0 {
		w.plan(1+w.Rand.Int64N(2*about), does)
	}
}

// newID gives a replica id, never zero and never the same.
func (w *World) newID(n int) crdt.Replica { return crdt.Replica(w.Rand.Uint64()&^0xffff | uint64(n)) }

// look reports whether it is time again to look closely at something that costs.
func (w *World) look(oneIn int) bool {
	w.looks++
	return w.looks%oneIn == 0
}

// Value is a value that a document of the plan can show.
func (w *World) Value() map[string]any { return randomObject(w.Rand, Plan()) }

// Bytes is a document written down, to compare it by.
func Bytes(d *crdt.Document) string {
	value, meta := d.Encode()
	return string(value) + "\n" + string(meta)
}

// Compare says how a document differs from what it should be.
func Compare(d *crdt.Document, want State) error {
	got, wanted := crdt.Canonical(d.Value()), crdt.Canonical(want.Value)
	if got != wanted {
		return fmt.Errorf("the document shows\n%s\nand the model\n%s\n%s", got, wanted, differenceAt(got, wanted))
	}
	if d.Exists() != want.Exists || d.Deleted() != want.Deleted {
		return fmt.Errorf("exists %v, deleted %v, and the model says %v, %v", d.Exists(), d.Deleted(), want.Exists, want.Deleted)
	}
	return nil
}

// differenceAt shows where two texts begin to differ.
func differenceAt(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	excerpt := func(s string) string { return strings.ToValidUTF8(s[max(0, i-30):min(len(s), i+30)], "") }
	return fmt.Sprintf("which differ at byte %d: %s | %s", i, excerpt(a), excerpt(b))
}
