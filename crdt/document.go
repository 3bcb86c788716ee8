package crdt

import (
	"maps"
	"slices"
)

// Document is one record: who wrote what when, and the value that follows from it.
// It is not safe for concurrent use. A Document owns all it holds; what it was
// given and what it gives back may be shared read only.
type Document struct {
	exists bool
	seen   marks
	cover  Vector // what the deletions of the document saw; see trash.go
	edits  Vector
	root   *mapField
	floor  marks     // what compaction has folded away is up to here; nil: there was none
	held   []waiting // by replica, then n
}

// marks says how much of each replica a document holds. Changes of one replica come
// in their order and so do their elements, so two numbers tell it all: an element
// up to the mark that is not there was removed.
type marks map[Replica]mark

// mark is the n of a replica's last change here and the number of its last element.
type mark struct{ n, seq uint64 }

// has reports whether the element has come, be it removed since.
func (m marks) has(d Dot) bool { return d.Seq <= m[d.Replica].seq }

// NewDocument gives a document nobody has written to.
func NewDocument() *Document {
	return &Document{seen: marks{}, root: newMapField()}
}

// Value is the record as people read it: plain JSON of a map at the top. The caller
// must not change it; it stays as it is when the document moves on.
func (d *Document) Value() map[string]any { return d.root.object() }

// Seen is how much of each replica the document holds. The caller owns the result.
func (d *Document) Seen() Vector {
	v := make(Vector, len(d.seen))
	for r, m := range d.seen {
		v[r] = m.n
	}
	return v
}

// NextID is the seq of the next element that r may make here.
func (d *Document) NextID(r Replica) uint64 { return d.seen[r].seq + 1 }

// Clone gives a document that shares nothing that changes with d.
func (d *Document) Clone() *Document {
	return &Document{
		exists: d.exists,
		seen:   maps.Clone(d.seen),
		cover:  maps.Clone(d.cover),
		edits:  maps.Clone(d.edits),
		root:   d.root.clone().(*mapField),
		floor:  maps.Clone(d.floor),
		held:   slices.Clone(d.held),
	}
}
