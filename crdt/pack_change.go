package crdt

import (
	"encoding/binary"
	"slices"
	"strings"
)

// who is the replica of a change.
func (x *packCoder) who(c *Change) {
	m := &x.model
	if m.replica != nil && x.is(c.Replica == m.replica.id) {
		c.Replica = m.replica.id
		return
	} else if m.replica == nil {
		x.is(false)
	}
	m.replica = x.replica(c.Replica)
	c.Replica = m.replica.id
}

// replica is a replica by its place among those that were mentioned.
func (x *packCoder) replica(id Replica) *packReplica {
	m := &x.model
	index, known := m.byReplica[id]
	if !known {
		index = len(m.replicas)
	}
	index = int(x.count(packReplicas, uint64(index), uint64(len(m.replicas))))
	if index < len(m.replicas) {
		return m.replicas[index]
	}
	if x.writing {
		x.out[packNames] = binary.BigEndian.AppendUint64(x.out[packNames], uint64(id))
	} else if b := x.bytes(packNames, 8); b != nil {
		id = Replica(binary.BigEndian.Uint64(b))
		if _, twice := m.byReplica[id]; twice || id == 0 {
			x.fail("a replica is listed twice")
		}
	}
	return m.addReplica(id)
}

// rest is the members of a change other than its replica and stamp.
func (x *packCoder) members(c *Change) {
	m := &x.model
	r := m.replica
	if x.foretold(c) {
		x.operations(c)
		return
	}
	m.turnTo(r, x.doc(c))
	a := m.author
	c.Doc = a.doc.id
	x.sort(c)
	if x.is(c.N == r.n+1) {
		c.N = r.n + 1
	} else {
		c.N = x.near(packNs, c.N, r.n+1)
	}
	switch {
	case x.is(c.Prev == a.n):
		c.Prev = a.n
	case x.is(c.Prev == 0):
		c.Prev = 0
	default:
		c.Prev = x.near(packPrevs, c.Prev, c.N)
	}
	if c.N == 0 || c.Prev >= c.N {
		x.fail("a change has no number, or one not above that of the change before it")
	}
	x.operations(c)
}

// foretold reads, if it is there, what most changes begin with: document, type, n and
// prev are those that a replica has that goes on where it was.
func (x *packCoder) foretold(c *Change) bool {
	const all = "\x01\x01\x01\x01"
	m := &x.model
	r, a := m.replica, m.replica.author
	if x.writing || a == nil || !strings.HasPrefix(x.read[x.at:], all) {
		return false
	}
	x.at += len(all)
	m.author, m.sort = a, a.doc.sort
	c.Doc, c.Type, c.Version = a.doc.id, m.sorts[m.sort].name, m.sorts[m.sort].version
	c.N, c.Prev = r.n+1, a.n
	if c.N > MaxSeq || c.Prev >= c.N {
		x.fail("a change has no number above that of the change before it")
	}
	return true
}

// operations is the operations of a change.
func (x *packCoder) operations(c *Change) {
	n := x.size(len(c.Ops))
	if !x.writing {
		if n > len(x.read)-x.at {
			x.tooShort()
			return
		}
		c.Ops = slices.Grow(c.Ops[:0], n)[:n]
		clear(c.Ops)
	}
	for i := range c.Ops {
		x.op(&c.Ops[i], n == 1)
		if x.err != nil {
			return
		}
	}
	m := &x.model
	m.replica.n, m.author.n = c.N, c.N
}

// doc is the document of a change.
func (x *packCoder) doc(c *Change) *packDoc {
	m := &x.model
	if a := m.replica.author; x.is(a != nil && a.doc.id == c.Doc) {
		if a == nil {
			x.fail("a document is missing")
			return m.addDoc("")
		}
		return a.doc
	}
	back := 0
	if index, known := m.byDoc[c.Doc]; known {
		back = len(m.docs) - index
	}
	back = int(x.count(packDocs, uint64(back), uint64(len(m.docs))))
	if back > 0 {
		return m.docs[len(m.docs)-back]
	}
	return m.addDoc(x.docID(c))
}

// sort is the type and version of a change.
func (x *packCoder) sort(c *Change) {
	m := &x.model
	d := m.author.doc
	if known := d.sort < len(m.sorts); x.is(known && m.sorts[d.sort] == packSort{c.Type, c.Version}) {
		if !known {
			x.fail("a type is missing")
			return
		}
	} else {
		d.sort = x.sortIndex(packSort{c.Type, c.Version})
	}
	m.sort = d.sort
	c.Type, c.Version = m.sorts[d.sort].name, m.sorts[d.sort].version
}

func (x *packCoder) sortIndex(s packSort) int {
	m := &x.model
	index, known := m.bySort[s]
	if !known {
		index = len(m.sorts)
	}
	index = int(x.count(packSorts, uint64(index), uint64(len(m.sorts))))
	if index == len(m.sorts) {
		s.name = x.text(packSorts, packSorts, s.name)
		s.version = int(x.count(packSorts, uint64(s.version), maxVersion))
		m.bySort[s] = index
		m.sorts = append(m.sorts, s)
	}
	return index
}
