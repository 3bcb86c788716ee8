package crdt

// sequence is the order of elements that several replicas put next to each other:
// the code points of a text, the places of a list. Removed elements stay as
// tombstones, because others may point at them.
type sequence struct {
	runs []run
}

// run is a stretch of elements that stand together, were made one after the other
// and are all visible or all removed.
type run struct {
	id      Dot // of the first
	n       int
	after   Dot // left origin of the first; each further one has the one before it
	before  Dot // right origin of all
	deleted bool
}

// length is how many elements are visible.
func (s *sequence) length() int { panic("todo") }

// has reports whether the element is here, visible or removed.
func (s *sequence) has(d Dot) bool { panic("todo") }

// insert puts n new elements, id and its followers, where a person put them who saw
// before directly behind after (zero: the start, the end). Both must be here. It
// gives the visible position of the first.
func (s *sequence) insert(id Dot, n int, after, before Dot) (pos int) { panic("todo") }

// cut removes elements; those that are not here or removed already are skipped.
// removed (may be nil) is told of each visible stretch as it goes: the position
// counts what was removed before it as gone.
func (s *sequence) cut(spans []Span, removed func(pos, n int)) { panic("todo") }

// each calls f for the runs in order, removed ones too. Neighbours f is told
// separately may belong to one insertion.
func (s *sequence) each(f func(id Dot, n int, deleted bool)) { panic("todo") }

// at is the element at the visible position pos, which must be in range.
func (s *sequence) at(pos int) Dot { panic("todo") }

// spans gives the n visible elements from pos on, as a cut names them.
func (s *sequence) spans(pos, n int) []Span { panic("todo") }

// next is the element directly behind d, visible or removed; zero at the end. Behind
// zero is the first.
func (s *sequence) next(d Dot) Dot { panic("todo") }

// neighbours gives the origins of an insertion at the visible position pos.
func (s *sequence) neighbours(pos int) (after, before Dot) { panic("todo") }

// position says how many visible elements are before d, which must be here, and
// whether d itself is visible.
func (s *sequence) position(d Dot) (pos int, visible bool) { panic("todo") }

// merge takes in all that other has. added and removed (may be nil) are told what
// changes in what is visible, one after the other: added, that n elements that
// other shows from position from on now show here from pos on; removed as in cut.
// All of added come before all of removed.
func (s *sequence) merge(other *sequence, added func(pos, from, n int), removed func(pos, n int)) {
	panic("todo")
}

// clone gives a copy that shares nothing that changes.
func (s *sequence) clone() *sequence { panic("todo") }

// replicas adds the replicas that appendTo will mention.
func (s *sequence) replicas(t *replicaTable) { panic("todo") }

// appendTo appends the canonical encoding, in which every run is as long as can be.
func (s *sequence) appendTo(dst []byte, replicas *replicaTable) []byte { panic("todo") }

// decodeSequence reads what appendTo wrote; a mistake is left in r.
func decodeSequence(r *reader, replicas *replicaTable) *sequence { panic("todo") }
