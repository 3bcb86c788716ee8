package crdt

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Meta is who wrote what when, in the fewest bytes that can be had simply. It is read
// beside the value, so it repeats neither the value nor the keys in it: the fields of
// a map are written in the order of the value's keys, the rows of a list in theirs.
// Only what does not show is written with its name. In order:
//
//	version   one byte
//	flags     one byte, see the flag constants
//	replicas  a count and eight bytes each; elsewhere a replica is its place here
//	marks     for each replica the n of its last change and the number of its last element
//	trash     what deletions saw, if there was one
//	edits     for the replicas whose last change edited nothing, how far back the last is that did
//	stamps    a count and each as the distance from the one before; elsewhere a stamp
//	          is its place here, and where none is named it is the usual one
//	fields    see metafields.go
//	held      changes that wait, as canonical JSON
//
// Numbers are varints in their shortest form.
const metaVersion = 1

const (
	flagExists = 1 << iota
	flagTrash
	flagEdits
	flagHeld
	flagHidden // the top map has fields that do not show
	flagsEnd
)

// maxPacked is up to how many replicas a number and a replica share a varint.
const maxPacked = 1 << 10

// Encode gives the value as canonical JSON (RFC 8785) and the meta. Equal documents
// give equal bytes.
func (d *Document) Encode() (value, meta []byte) {
	object := d.Value()
	return AppendValue(nil, object), d.appendMeta(nil, object)
}

// encoder writes the meta of one document. Who reads it again is a decoder, whose
// methods have the same names in the same order.
type encoder struct {
	dst      []byte
	replicas replicaTable
	stamps   []Stamp // ascending
	usual    int     // place of the stamp that most fields have
	seen     marks
}

func (d *Document) appendMeta(dst []byte, object map[string]any) []byte {
	e := &encoder{dst: dst, seen: d.seen}
	e.survey(d)
	e.dst = append(e.dst, metaVersion, d.flags(len(d.root.children) > len(object)))
	e.dst = e.replicas.appendTo(e.dst)
	for _, r := range e.replicas.sorted {
		e.number(d.seen[r].n)
		e.number(d.seen[r].seq)
	}
	if len(d.cover) > 0 {
		e.vector(d.cover)
	}
	e.editGaps(d.editGaps())
	e.stampTable()
	e.fields(d.root, object)
	e.heldChanges(d.held)
	return e.dst
}

func (d *Document) flags(hidden bool) byte {
	var flags byte
	set := func(flag byte, is bool) {
		if is {
			flags |= flag
		}
	}
	set(flagExists, d.exists)
	set(flagTrash, len(d.cover) > 0)
	set(flagEdits, len(d.editGaps()) > 0)
	set(flagHeld, len(d.held) > 0)
	set(flagHidden, hidden)
	return flags
}

// editGaps says for each replica whose last changes only deleted how far back its
// last edit is.
func (d *Document) editGaps() Vector {
	var gaps Vector
	for r, m := range d.seen {
		gaps = raiseTo(gaps, r, m.n-d.edits[r])
	}
	return gaps
}

func (e *encoder) number(n uint64) { e.dst = binary.AppendUvarint(e.dst, n) }

func (e *encoder) signed(n int64) { e.dst = appendVarint(e.dst, n) }

// packed writes a number below 2^54 and a replica, as one number while there are few
// replicas.
func (e *encoder) packed(n uint64, r Replica) {
	place, _ := slices.BinarySearch(e.replicas.sorted, r)
	if width, ok := packing(&e.replicas); ok {
		e.number(n<<width | uint64(place))
		return
	}
	e.number(n)
	e.number(uint64(place))
}

// packing is how many bits the place of a replica takes, if it is packed at all.
func packing(replicas *replicaTable) (width int, ok bool) {
	n := len(replicas.sorted)
	return bits.Len(uint(max(n-1, 0))), n <= maxPacked
}

func (e *encoder) dot(d Dot) { e.packed(d.Seq, d.Replica) }

// stamp writes the place of a stamp with a flag.
func (e *encoder) stamp(s Stamp, flag bool) {
	place, _ := slices.BinarySearchFunc(e.stamps, s, Stamp.Compare)
	e.number(uint64(place)<<1 | bit(flag))
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// vector writes what was seen as distances from what the document has seen, which
// are small.
func (e *encoder) vector(v Vector) {
	e.number(uint64(len(v)))
	for _, r := range e.replicas.sorted {
		if n, ok := v[r]; ok {
			place, _ := slices.BinarySearch(e.replicas.sorted, r)
			e.number(uint64(place))
			e.signed(int64(e.seen[r].n) - int64(n))
		}
	}
}

func (e *encoder) editGaps(gaps Vector) {
	if len(gaps) == 0 {
		return
	}
	e.number(uint64(len(gaps)))
	for i, r := range e.replicas.sorted {
		if gap, ok := gaps[r]; ok {
			e.number(uint64(i))
			e.number(gap)
		}
	}
}

// stampTable writes the stamps and which of them is the usual one.
func (e *encoder) stampTable() {
	e.number(uint64(len(e.stamps)))
	var last int64
	for _, s := range e.stamps {
		ms, counter := s.Time.Millis(), s.Time.Counter()
		e.packed(uint64(ms-last)<<1|bit(counter != 0), s.Replica)
		if counter != 0 {
			e.number(uint64(counter))
		}
		last = ms
	}
	if len(e.stamps) > 1 {
		e.number(uint64(e.usual))
	}
}

func (e *encoder) heldChanges(held []waiting) {
	if len(held) == 0 {
		return
	}
	e.number(uint64(len(held)))
	for _, w := range held {
		e.dst = appendText(e.dst, string(AppendChange(nil, w.change)))
	}
}

// survey finds the replicas and stamps that will be mentioned.
func (e *encoder) survey(d *Document) {
	for r := range d.seen {
		e.replicas.add(r)
	}
	e.surveyVector(d.cover)
	uses := map[Stamp]int{}
	e.surveyField(d.root, uses)
	for s := range uses {
		e.replicas.add(s.Replica)
		e.stamps = append(e.stamps, s)
	}
	slices.SortFunc(e.stamps, Stamp.Compare)
	for i, s := range e.stamps {
		if uses[s] > uses[e.stamps[e.usual]] {
			e.usual = i
		}
	}
}

func (e *encoder) surveyVector(v Vector) {
	for r := range v {
		e.replicas.add(r)
	}
}

// surveyField counts the stamps in a field. Only registers can do without naming
// theirs, so only they say which is usual. The replicas of elements are those of
// changes that were seen.
func (e *encoder) surveyField(at node, uses map[Stamp]int) {
	mention := func(s Stamp, n int) {
		if s != (Stamp{}) {
			uses[s] += n
		}
	}
	switch f := at.(type) {
	case *registerField:
		mention(f.stamp, 1)
	case *conflictField:
		for _, c := range f.candidates {
			mention(c.Stamp, 0)
		}
	case *mapField:
		for _, child := range f.children {
			e.surveyField(child, uses)
		}
	case *listField:
		for _, row := range f.rows {
			mention(row.at, 0)
			e.surveyVector(row.cover)
			e.surveyField(row.content, uses)
		}
	}
	if f, ok := at.(interface{ word() *ensured }); ok {
		mention(f.word().stamp, 0)
	}
}
