package crdt

import "slices"

// packModel is what the changes of a pack so far tell about the next one. Whoever
// writes and whoever reads keep the same model, so what it foretells need not be
// written.
type packModel struct {
	replicas  []*packReplica
	byReplica map[Replica]int
	docs      []*packDoc
	byDoc     map[string]int
	sorts     []packSort
	bySort    map[packSort]int
	paths     [][]string // see packCoder.path
	holes     []bool     // by path, there are holes in it
	byPath    map[string]int

	replica *packReplica // of the last change
	author  *packAuthor  // of the last change
	stamp   Time         // of the last change
	sort    int          // of the last change
}

// packSort is what a change was written under.
type packSort struct {
	name    string
	version int
}

// packReplica is what is known of one replica.
type packReplica struct {
	id      Replica
	index   int
	n       uint64 // of its last change
	stamp   Time
	stamped bool // stamp is known
	author  *packAuthor
	authors map[*packDoc]*packAuthor
}

// packDoc is what is known of one document.
type packDoc struct {
	id      string
	index   int
	sort    int
	authors []*packAuthor
	first   Dot // of the text or list that was last begun
}

// packAuthor is what is known of one replica in one document.
type packAuthor struct {
	replica *packReplica
	doc     *packDoc
	n       uint64 // of its last change here
	seq     uint64 // of its last element here
	path    int    // of its last operation
	row     Dot    // the row it last worked on

	// The place of its cursor in a text or list: the elements on both sides, and the
	// last one it made or removed.
	after, before, last Dot

	// What is known to stand beside its elements, where that is not simply the element
	// numbered one more or less: before the first one of each insertion, behind the
	// last one, and behind those in the middle that something was put behind.
	starts, ends packBesides
	middles      map[uint64]Dot
}

// packBesides is what stands beside elements, by their number, ascending: so one more
// costs no search, and a new number is all but always the largest.
type packBesides []packBeside

type packBeside struct {
	seq    uint64
	beside Dot
}

// find is what stands beside an element, nil if that is not known.
func (b packBesides) find(seq uint64) *Dot {
	if last := len(b) - 1; last < 0 || seq > b[last].seq {
		return nil
	}
	low, high := 0, len(b)-1
	for step := 1; high-step > 0; step *= 2 { // people work where they just worked
		if b[high-step].seq < seq {
			low = high - step + 1
			break
		}
		high -= step
	}
	for low < high {
		if mid := (low + high) / 2; b[mid].seq < seq {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if b[low].seq != seq {
		return nil
	}
	return &b[low].beside
}

// add notes what stands beside an element.
func (b *packBesides) add(seq uint64, beside Dot) {
	if last := len(*b) - 1; last >= 0 && seq <= (*b)[last].seq {
		if known := b.find(seq); known != nil {
			*known = beside
		}
		return // a number out of order is nobody's next: it may stay unknown
	}
	if len(*b) == cap(*b) {
		*b = slices.Grow(*b, max(64, len(*b))) // twice as many: they are often very many
	}
	*b = append(*b, packBeside{seq, beside})
}

func (m *packModel) init() {
	m.byReplica = map[Replica]int{}
	m.byDoc = map[string]int{}
	m.bySort = map[packSort]int{}
	m.byPath = map[string]int{}
}

// addReplica adds a replica that is mentioned for the first time.
func (m *packModel) addReplica(id Replica) *packReplica {
	r := &packReplica{id: id, index: len(m.replicas), authors: map[*packDoc]*packAuthor{}}
	m.byReplica[id] = r.index
	m.replicas = append(m.replicas, r)
	return r
}

// addDoc adds a document.
func (m *packModel) addDoc(id string) *packDoc {
	d := &packDoc{id: id, index: len(m.docs), sort: m.sort}
	m.byDoc[id] = d.index
	m.docs = append(m.docs, d)
	return d
}

// turnTo makes the author of the change that is now written the current one.
func (m *packModel) turnTo(r *packReplica, d *packDoc) {
	if a := r.author; a != nil && a.doc == d {
		m.author = a
		return
	}
	a := r.authors[d]
	if a == nil {
		a = &packAuthor{replica: r, doc: d}
		r.authors[d] = a
		d.authors = append(d.authors, a)
	}
	r.author, m.author = a, a
}

// stampBefore is the stamp that the next one of the current replica is counted from.
func (m *packModel) stampBefore() Time {
	if m.replica.stamped {
		return m.replica.stamp
	}
	return m.stamp
}

func (m *packModel) stamped(t Time) {
	m.stamp, m.replica.stamp, m.replica.stamped = t, t, true
}

// of is what is known of the replica that made an element of the author's document.
func (a *packAuthor) of(m *packModel, r Replica) *packAuthor {
	if r == a.replica.id {
		return a
	}
	if i, known := m.byReplica[r]; known {
		return m.replicas[i].authors[a.doc]
	}
	return nil
}

// follower is the element that probably stands directly behind e; behind zero is the
// first.
func (m *packModel) follower(e Dot) Dot {
	if e == (Dot{}) {
		return m.author.doc.first
	}
	if by := m.author.of(m, e.Replica); by != nil {
		if known := by.ends.find(e.Seq); known != nil {
			return *known
		}
		if next, known := by.middles[e.Seq]; known {
			return next
		}
	}
	return Dot{e.Replica, e.Seq + 1}
}

// follow notes what somebody put behind e.
func (m *packModel) follow(e, next Dot) {
	if e == (Dot{}) {
		m.author.doc.first = next
		return
	}
	by := m.author.of(m, e.Replica)
	if by == nil {
		return
	}
	if known := by.ends.find(e.Seq); known != nil {
		*known = next
		return
	}
	if by.middles == nil {
		by.middles = make(map[uint64]Dot, 1024) // it grows to thousands or is not made
	}
	by.middles[e.Seq] = next
}

// leader is the element that probably stands before e.
func (m *packModel) leader(e Dot) Dot {
	if by := m.author.of(m, e.Replica); by != nil {
		if known := by.starts.find(e.Seq); known != nil {
			return *known
		}
	}
	if e.Seq <= 1 {
		return Dot{}
	}
	return Dot{e.Replica, e.Seq - 1}
}

// did notes an operation of the current author. What a run of changes begins with is
// noted in part only: wentOn does the rest.
func (m *packModel) did(op *Op, goesOn bool) {
	a := m.author
	made := op.Makes()
	if made > 0 {
		a.seq = op.ID + made - 1
	}
	switch op.Kind {
	case OpInsert, OpPlace, OpMove:
		m.inserted(Dot{a.replica.id, op.ID}, op.After, op.Before)
		if !goesOn {
			a.ends.add(a.seq, a.before)
		}
	case OpCut:
		m.removed(op.Spans[0].Start, op.Spans[len(op.Spans)-1].last())
	}
	switch op.Kind {
	case OpPlace:
		a.row = Dot{a.replica.id, op.ID}
	case OpMove, OpDrop:
		a.row = op.Row
	}
}

// inserted notes elements, up to the author's last, that were put between two others.
func (m *packModel) inserted(first, after, before Dot) {
	a := m.author
	m.follow(after, first)
	if after.Replica != first.Replica || after.Seq+1 != first.Seq {
		a.starts.add(first.Seq, after)
	}
	a.after, a.before = Dot{first.Replica, a.seq}, before
	a.last = a.after
}

// removed notes that a stretch was removed.
func (m *packModel) removed(first, last Dot) {
	a := m.author
	a.after, a.before, a.last = m.leader(first), first, last
}

// wentOn notes more changes that went on from the last one of the current author, or
// that none did: see packRun.
func (m *packModel) wentOn(more, way int, stamp Time) {
	a, k := m.author, uint64(more)
	a.n += k
	a.replica.n += k
	m.stamped(stamp)
	switch way {
	case 0:
		a.seq += k
		a.after.Seq += k
		a.last = a.after
		a.ends.add(a.seq, a.before)
	case -1:
		m.removed(Dot{a.before.Replica, a.before.Seq - k}, a.last)
	case 1:
		a.last.Seq += k
	}
}
