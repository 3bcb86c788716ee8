package crdt

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
	next    map[Dot]Dot // what stands behind an element, where it is not the next number
	prev    map[Dot]Dot // what stands before an element, where it is not the number before
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
	// one behind what it removed last.
	after, before, beyond Dot
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

// follower is the element that probably stands directly behind d.
func (d *packDoc) follower(e Dot) Dot {
	if next, known := d.next[e]; known || e == (Dot{}) {
		return next
	}
	return Dot{e.Replica, e.Seq + 1}
}

// leader is the element that probably stands before e.
func (d *packDoc) leader(e Dot) Dot {
	if prev, known := d.prev[e]; known {
		return prev
	}
	if e.Seq <= 1 {
		return Dot{}
	}
	return Dot{e.Replica, e.Seq - 1}
}

// did notes an operation of the author.
func (a *packAuthor) did(op *Op) {
	if n := op.Makes(); n > 0 {
		a.seq = op.ID + n - 1
	}
	switch op.Kind {
	case OpInsert:
		a.inserted(op.ID, op.Makes(), op.After, op.Before)
	case OpCut:
		a.removed(op.Spans[0].Start, op.Spans[len(op.Spans)-1].last())
	case OpPlace:
		a.inserted(op.ID, 1, op.After, op.Before)
		a.row = Dot{a.replica.id, op.ID}
	case OpMove:
		a.inserted(op.ID, 1, op.After, op.Before)
		a.row = op.Row
	case OpDrop:
		a.row = op.Row
	}
}

// inserted notes n elements that were put between two others.
func (a *packAuthor) inserted(id, n uint64, after, before Dot) {
	d := a.doc
	if d.next == nil {
		d.next, d.prev = map[Dot]Dot{}, map[Dot]Dot{}
	}
	first, last := Dot{a.replica.id, id}, Dot{a.replica.id, id + n - 1}
	d.next[after] = first
	d.prev[first] = after
	d.next[last] = before
	a.after, a.before, a.beyond = last, before, before
}

// removed notes that a stretch was removed.
func (a *packAuthor) removed(first, last Dot) {
	a.after, a.before, a.beyond = a.doc.leader(first), first, a.doc.follower(last)
}

// wentOn notes more changes that went on from the last one of the current author: see
// packRun.
func (m *packModel) wentOn(more, cut int, stamp Time) {
	if more == 0 {
		return
	}
	k, a := uint64(more), m.author
	a.n += k
	a.replica.n += k
	m.stamped(stamp)
	switch cut {
	case 0:
		delete(a.doc.next, a.after)
		a.after.Seq += k
		a.seq += k
		a.doc.next[a.after] = a.before
	case -1:
		first := Dot{a.before.Replica, a.before.Seq - k}
		a.after, a.before = a.doc.leader(first), first
	case 1:
		last := Dot{a.before.Replica, a.before.Seq + k}
		a.beyond = a.doc.follower(last)
	}
}
