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
//	floor     if the document was compacted, how far back for those replicas that wrote since
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
	flagFloor
	flagsEnd
)

// maxPacked is up to how many replicas a number and a replica share a varint.
const maxPacked = 1 << 10

// Encode gives the value as canonical JSON (RFC 8785) and the meta. Equal documents
// give equal bytes.
func (d *Document) Encode() (value, meta []byte) {
	value = d.root.appendShown(make([]byte, 0, usualValue))
	return value, d.appendMeta(make([]byte, 0, usualMeta))
}

// What most values and metas have room in, in bytes.
const (
	usualValue = 512
	usualMeta  = 64
)

// encoder writes the meta of one document. Who reads it again is a decoder, whose
// methods have the same names in the same order.
type encoder struct {
	dst      []byte
	replicas replicaTable
	stamps   []stampUse // ascending
	usual    Stamp      // the one that most fields have
	seen     marks
}

// stampUse is a stamp that is mentioned and how many registers have it.
type stampUse struct {
	stamp Stamp
	uses  int
}

func compareUses(a, b stampUse) int { return a.stamp.Compare(b.stamp) }

func (d *Document) appendMeta(dst []byte) []byte {
	e := &encoder{dst: dst, seen: d.seen}
	e.survey(d)
	hidden := d.root.children.len() - d.root.shown()
	gaps := d.editGaps()
	e.dst = append(e.dst, metaVersion, d.flags(len(gaps) > 0, hidden > 0))
	e.dst = e.replicas.appendTo(e.dst)
	for _, r := range e.replicas.sorted {
		e.number(d.seen[r].n)
		e.number(d.seen[r].seq)
	}
	if len(d.cover) > 0 {
		e.vector(d.cover)
	}
	e.editGaps(gaps)
	e.floor(d.floor)
	e.stampTable()
	e.fields(d.root, hidden)
	e.heldChanges(d.held)
	return e.dst
}

func (d *Document) flags(gaps, hidden bool) byte {
	var flags byte
	set := func(flag byte, is bool) {
		if is {
			flags |= flag
		}
	}
	set(flagExists, d.exists)
	set(flagTrash, len(d.cover) > 0)
	set(flagEdits, gaps)
	set(flagHeld, len(d.held) > 0)
	set(flagHidden, hidden)
	set(flagFloor, len(d.floor) > 0)
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
	place := e.stampPlace(s)
	e.number(uint64(place)<<1 | bit(flag))
}

func (e *encoder) stampPlace(s Stamp) int {
	place, _ := slices.BinarySearchFunc(e.stamps, stampUse{stamp: s}, compareUses)
	return place
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
	for _, r := range v.replicas() {
		e.number(uint64(e.replicas.place(r)))
		e.signed(int64(e.seen[r].n) - int64(v[r]))
	}
}

func (e *encoder) editGaps(gaps Vector) {
	if len(gaps) == 0 {
		return
	}
	e.number(uint64(len(gaps)))
	for _, r := range gaps.replicas() {
		e.number(uint64(e.replicas.place(r)))
		e.number(gaps[r])
	}
}

// stampTable writes the stamps and which of them is the usual one.
func (e *encoder) stampTable() {
	e.number(uint64(len(e.stamps)))
	var last int64
	for _, use := range e.stamps {
		ms, counter := use.stamp.Time.Millis(), use.stamp.Time.Counter()
		e.packed(uint64(ms-last)<<1|bit(counter != 0), use.stamp.Replica)
		if counter != 0 {
			e.number(uint64(counter))
		}
		last = ms
	}
	if len(e.stamps) > 1 {
		e.number(uint64(e.stampPlace(e.usual)))
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
		e.replicas.sorted = append(e.replicas.sorted, r)
	}
	e.surveyVector(d.cover)
	e.surveyField(d.root)
	e.countStamps()
	for _, use := range e.stamps {
		e.replicas.sorted = append(e.replicas.sorted, use.stamp.Replica)
	}
	slices.Sort(e.replicas.sorted)
	e.replicas.sorted = slices.Compact(e.replicas.sorted)
}

func (e *encoder) surveyVector(v Vector) {
	for r := range v {
		e.replicas.sorted = append(e.replicas.sorted, r)
	}
}

// surveyField notes the stamps in a field. Only registers can do without naming
// theirs, so only they say which is usual. The replicas of elements are those of
// changes that were seen.
func (e *encoder) surveyField(at node) {
	switch f := at.(type) {
	case *registerField:
		e.mention(f.stamp, 1)
	case *conflictField:
		for c := range f.candidates.all() {
			e.mention(c.Stamp, 0)
		}
	case *mapField:
		for c := range f.children.all() {
			e.surveyField(c.field)
		}
	case *listField:
		for _, row := range f.rows {
			e.mention(row.at, 0)
			e.surveyVector(row.cover)
			e.surveyField(row.content)
		}
	}
	if f, ok := at.(interface{ word() *ensured }); ok {
		e.mention(f.word().stamp, 0)
	}
}

// mention notes a stamp. It is mostly that of the field before.
func (e *encoder) mention(s Stamp, uses int) {
	if s == (Stamp{}) {
		return
	}
	if last := len(e.stamps) - 1; last >= 0 && e.stamps[last].stamp == s {
		e.stamps[last].uses += uses
		return
	}
	e.stamps = append(e.stamps, stampUse{s, uses})
}

// countStamps puts the stamps in order, each once, and finds the usual one.
func (e *encoder) countStamps() {
	slices.SortFunc(e.stamps, compareUses)
	most, kept := -1, e.stamps[:0]
	for _, use := range e.stamps {
		if last := len(kept) - 1; last >= 0 && kept[last].stamp == use.stamp {
			kept[last].uses += use.uses
		} else {
			kept = append(kept, use)
		}
	}
	for _, use := range kept {
		if use.uses > most {
			most, e.usual = use.uses, use.stamp
		}
	}
	e.stamps = kept
}
