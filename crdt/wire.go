package crdt

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// reader reads the binary forms of this package from bytes that nobody vouches
// for. The first thing wrong is kept in err; from then on every read gives a zero,
// so callers may read on and look at err once, as long as no loop runs on what was
// read: loops run on count.
type reader struct {
	buf []byte // what is left
	err error  // the first thing wrong
}

// fail keeps the first error.
func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("crdt: "+format, args...)
		r.buf = nil
	}
}

// byte reads one byte.
func (r *reader) byte() byte {
	if len(r.buf) == 0 {
		r.fail("the data ends too early")
		return 0
	}
	b := r.buf[0]
	r.buf = r.buf[1:]
	return b
}

// uvarint reads a varint of at most limit, in its shortest spelling.
func (r *reader) uvarint(limit uint64) uint64 {
	if len(r.buf) > 0 && r.buf[0] < 0x80 && uint64(r.buf[0]) <= limit { // most are small
		v := uint64(r.buf[0])
		r.buf = r.buf[1:]
		return v
	}
	v, n := binary.Uvarint(r.buf)
	switch {
	case n == 0:
		r.fail("the data ends too early")
	case n < 0, v > limit:
		r.fail("a number is larger than %d", limit)
	case n > 1 && r.buf[n-1] == 0:
		r.fail("a number is spelt longer than it needs to be")
	default:
		r.buf = r.buf[n:]
		return v
	}
	return 0
}

// varint reads a signed number of at most limit either way, in zigzag form.
func (r *reader) varint(limit uint64) int64 {
	u := r.uvarint(2 * limit)
	return int64(u>>1) ^ -int64(u&1)
}

// count reads how many things follow, each of which takes at least size bytes: it
// is never more than what is left could hold, so memory may be taken for it.
func (r *reader) count(size int) int {
	return int(r.uvarint(uint64(len(r.buf) / size)))
}

// bytes reads n bytes; they share memory with what is read.
func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.buf) {
		r.fail("the data ends too early")
		return nil
	}
	b := r.buf[:n:n]
	r.buf = r.buf[n:]
	return b
}

// text reads a length and that many bytes.
func (r *reader) text() string { return string(r.bytes(r.count(1))) }

// end is an error unless everything was read.
func (r *reader) end() {
	if len(r.buf) > 0 {
		r.fail("%d bytes are left over", len(r.buf))
	}
}

// replica reads the place of a replica in the table.
func (r *reader) replica(replicas *replicaTable) Replica {
	if len(replicas.sorted) == 0 {
		r.fail("a replica is mentioned and none is listed")
		return 0
	}
	i := r.uvarint(uint64(len(replicas.sorted) - 1))
	return replicas.sorted[i]
}

// appendVarint appends what varint reads.
func appendVarint(dst []byte, v int64) []byte {
	return binary.AppendUvarint(dst, uint64(v)<<1^uint64(v>>63))
}

// appendText appends what text reads.
func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// replicaTable lists the replicas that an encoding mentions, so that each is
// written once and mentioned by its place. The zero value is empty and ready.
type replicaTable struct {
	sorted []Replica
}

// add puts r into the table; r may be there already, zero is left out.
func (t *replicaTable) add(r Replica) {
	if i, found := slices.BinarySearch(t.sorted, r); !found && r != 0 {
		t.sorted = slices.Insert(t.sorted, i, r)
	}
}

// place is where r, which must be in the table, stands in it.
func (t *replicaTable) place(r Replica) int {
	i, found := slices.BinarySearch(t.sorted, r)
	if !found {
		panic("crdt: replica " + r.String() + " was not added to the table")
	}
	return i
}

// appendReplica appends the place of r.
func (t *replicaTable) appendReplica(dst []byte, r Replica) []byte {
	return binary.AppendUvarint(dst, uint64(t.place(r)))
}

// appendTo appends the table: how many, then eight bytes each, ascending.
func (t *replicaTable) appendTo(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(t.sorted)))
	for _, r := range t.sorted {
		dst = binary.BigEndian.AppendUint64(dst, uint64(r))
	}
	return dst
}

// decodeReplicas reads what appendTo wrote.
func decodeReplicas(r *reader) *replicaTable {
	t := &replicaTable{sorted: make([]Replica, r.count(8))}
	last := Replica(0)
	for i := range t.sorted {
		b := r.bytes(8)
		if b == nil {
			break
		}
		t.sorted[i] = Replica(binary.BigEndian.Uint64(b))
		if t.sorted[i] <= last {
			r.fail("the replicas are not in ascending order")
		}
		last = t.sorted[i]
	}
	return t
}
