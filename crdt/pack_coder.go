package crdt

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// packCoder writes changes into columns, or reads them from there. One walk through a
// change does both: each step of it takes what the change says and gives what it says,
// which is the same thing when it writes; what it is given counts for nothing when it
// reads. So writer and reader cannot drift apart.
//
// All that is a matter of few choices (which members there are, which of them are as
// foretold) makes the shape of a change, a string of bytes; as many changes are of one
// shape, a change only names its place in the list of shapes. What is not foretold is
// a number or a text in the column of its member.
type packCoder struct {
	model   packModel
	writing bool
	shape   []byte // of the change that is written, so far
	read    string // the shape of the change that is read
	at      int    // how far into it
	shapes  map[string]int
	known   []string // the shapes, when reading

	out   [packColumns][]byte
	in    [packColumns]reader
	room  []Span // for the spans of the next cuts
	said  Op     // the operation that is written
	all   string // all of packText, when reading
	typed string // what is left of packText, when reading
	seen  int    // entries of what was seen, of the change now
	err   error
}

// The columns.
const (
	packShapes      = iota // what shape a change has, by its place
	packShapeTexts         // new shapes
	packMore               // how many changes go on from a change: see packRun
	packReplicas           // who, where it is not who it was before
	packNames              // new replicas
	packDocs               // which document, where it is not the one before
	packDocTexts           // ids of new documents
	packSorts              // type and version, new ones or changed
	packNs                 // how far n is from the next
	packPrevs              // how far prev is from n
	packPaths              // new paths
	packIDs                // how far an id is from the next
	packDotReplicas        // elements of others
	packDots               // elements, by their distance from one that was expected
	packCounts             // how many spans, elements, replicas
	packLengths            // of spans
	packSaw                // how far what was seen is from what could have been
	packStampRuns          // see stampWriter
	packStampMillis
	packStampCounters
	packTextLengths // of what was typed at once, in bytes
	packText        // all that was ever typed
	packValues      // canonical JSON, a line each
	packColumns
)

// fail keeps the first error.
func (x *packCoder) fail(format string, args ...any) {
	if x.err == nil {
		x.err = fmt.Errorf("crdt: pack: "+format, args...)
	}
}

// form is one choice of the shape.
func (x *packCoder) form(choice byte) byte {
	if x.writing {
		x.shape = append(x.shape, choice)
		return choice
	}
	if x.at == len(x.read) {
		return x.tooShort()
	}
	x.at++
	return x.read[x.at-1]
}

func (x *packCoder) tooShort() byte {
	x.fail("a shape is too short")
	return 0
}

// is is a choice between yes and no.
func (x *packCoder) is(yes bool) bool {
	if !x.writing {
		return x.form(0) == 1
	}
	choice := byte(0)
	if yes {
		choice = 1
	}
	x.shape = append(x.shape, choice)
	return yes
}

// size is a number, below 2^28, that belongs to the shape.
func (x *packCoder) size(n int) int {
	if x.writing {
		x.shape = binary.AppendUvarint(x.shape, uint64(n))
		return n
	}
	n = 0
	for shift := 0; shift < 28; shift += 7 {
		b := x.form(0)
		n |= int(b&127) << shift
		if b < 128 {
			return n
		}
	}
	x.fail("a number in a shape is too large")
	return 0
}

// count is a number of at most limit.
func (x *packCoder) count(column int, n, limit uint64) uint64 {
	if x.writing {
		x.out[column] = binary.AppendUvarint(x.out[column], n)
		return n
	}
	n = x.in[column].uvarint(limit)
	x.check(column)
	return n
}

// near is a number from 0 to MaxSeq that is probably close to guess.
func (x *packCoder) near(column int, n, guess uint64) uint64 {
	if x.writing {
		x.out[column] = appendVarint(x.out[column], int64(n-guess))
		return n
	}
	n = guess + uint64(x.in[column].varint(MaxSeq+1))
	x.check(column)
	if n > MaxSeq {
		x.fail("a number is out of range")
		return 0
	}
	return n
}

// text is a text with its length before it.
func (x *packCoder) text(lengths, column int, s string) string {
	n := int(x.count(lengths, uint64(len(s)), uint64(len(x.in[column].buf))))
	if x.writing {
		x.out[column] = append(x.out[column], s...)
		return s
	}
	return string(x.bytes(column, n))
}

func (x *packCoder) bytes(column, n int) []byte {
	b := x.in[column].bytes(n)
	x.check(column)
	return b
}

// check keeps the error of a column.
func (x *packCoder) check(column int) {
	if err := x.in[column].err; err != nil && x.err == nil {
		x.err = fmt.Errorf("crdt: pack: column %d: %w", column, err)
	}
}

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

// path is the path of an operation. Paths are listed with a hole for each row; the
// rows are elements of their own.
func (x *packCoder) path(path []string) []string {
	m, a := &x.model, x.model.author
	var index int
	if x.writing {
		index = m.pathIndex(path)
	}
	index = x.size(index)
	if index >= len(m.paths) {
		if index > len(m.paths) {
			x.fail("a path is missing")
			return nil
		}
		m.paths = append(m.paths, x.newPath(path))
		m.holes = append(m.holes, slices.Contains(m.paths[index], packHole))
		m.byPath[string(appendPattern(nil, m.paths[index]))] = index
	}
	a.path = index
	pattern := m.paths[index]
	if !m.holes[index] {
		return pattern
	}
	filled := slices.Clone(pattern)
	for i, segment := range pattern {
		if segment == packHole {
			var row Dot
			if x.writing {
				row, _ = ParseDot(path[i])
			}
			a.row = x.dot(row, a.row, a.row, nil)
			filled[i] = a.row.String()
		}
	}
	return filled
}

// packHole stands in a listed path for a row: no key is spelt like it.
const packHole = "\xff"

func (m *packModel) pathIndex(path []string) int {
	if m.author.path < len(m.paths) && slices.Equal(m.paths[m.author.path], path) {
		return m.author.path
	}
	var room [128]byte
	index, known := m.byPath[string(appendPattern(room[:0], path))]
	if !known {
		return len(m.paths)
	}
	return index
}

// appendPattern appends a spelling of a path with its rows left out.
func appendPattern(dst []byte, path []string) []byte {
	for _, segment := range path {
		if isElement(segment) {
			segment = packHole
		}
		dst = appendText(dst, segment)
	}
	return dst
}

// newPath is a path that is mentioned for the first time, with its holes.
func (x *packCoder) newPath(path []string) []string {
	n := x.count(packPaths, uint64(len(path)), maxPath)
	pattern := make([]string, n)
	for i := range pattern {
		if x.writing {
			if pattern[i] = path[i]; isElement(path[i]) {
				pattern[i] = packHole
			}
		}
		pattern[i] = x.text(packPaths, packPaths, pattern[i])
	}
	if !x.writing {
		x.checkPattern(pattern)
	}
	return pattern
}

// checkPattern looks at a path that was read, with some row in each hole.
func (x *packCoder) checkPattern(pattern []string) {
	sample := slices.Clone(pattern)
	for i, segment := range pattern {
		if segment == packHole {
			sample[i] = Dot{1, 1}.String()
		} else if isElement(segment) {
			x.fail("a path names a row")
		}
	}
	if message := checkPath(sample); message != "" {
		x.fail("%s", message)
	}
}

// endShape names the shape of the change that was written.
func (x *packCoder) endShape() {
	index, known := x.shapes[string(x.shape)]
	if !known {
		if x.shapes == nil {
			x.shapes = map[string]int{}
		}
		index = len(x.shapes)
		x.shapes[string(x.shape)] = index
		x.out[packShapeTexts] = appendText(x.out[packShapeTexts], string(x.shape))
	}
	x.out[packShapes] = binary.AppendUvarint(x.out[packShapes], uint64(index))
}
