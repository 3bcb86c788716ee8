package crdt

import "unicode/utf8"

// Kind is what an operation does; it alone decides how the operation merges.
type Kind string

// The kinds, by the strategy of the field they are for. Each comment names the
// members of [Op] that go with it; all other members are absent.
const (
	// The whole document; no path.
	OpCreate  Kind = "create"  // first operation of a document's first change
	OpDelete  Kind = "delete"  // Saw: deletes what its author saw; a change not in Saw keeps the document alive
	OpRestore Kind = "restore" // out of the trash: counts as an edit, does nothing else

	// register, serial
	OpSet   Kind = "set"   // Path, Value (null is a value)
	OpUnset Kind = "unset" // Path: the field is absent

	// conflict
	OpAssign Kind = "assign" // Path, ID, Value (none: absent), Over: the values its author saw and replaces

	// counter
	OpAdd Kind = "add" // Path, Value: the amount, a number

	// max, min
	OpRaise Kind = "raise" // Path, Value
	OpLower Kind = "lower" // Path, Value

	// set
	OpInclude Kind = "include" // Path, ID, Value: a scalar
	OpExclude Kind = "exclude" // Path, Value, Over: the additions its author saw and removes

	// text; positions are elements, counted in Unicode code points
	OpInsert Kind = "insert" // Path, ID: of the first code point, After, Before, Text
	OpCut    Kind = "cut"    // Path, Spans: the code points removed

	// list. A row's identity is the dot of its place operation. The fields of a row
	// are edited by operations whose path goes through the row: ["parts", "<dot>", "qty"];
	// a row that is not an object is itself at ["readings", "<dot>"].
	OpPlace Kind = "place" // Path, ID, After, Before: a new row at this place
	OpMove  Kind = "move"  // Path, Row, ID: of the new place, After, Before
	OpDrop  Kind = "drop"  // Path, Row, Saw: removes the row unless somebody edited its contents unseen

	// map, list, set, text, counter: whether the field shows while it is empty (a
	// counter: zero). A field that was ever written shows unless this says false.
	OpEnsure Kind = "ensure" // Path, Value: true or false, As: what the field is
)

// Op is one operation: one kind, on one field. Which members a kind uses is said at
// the kinds. Ops are read only once in a change.
type Op struct {
	Kind   Kind
	Path   []string // from the root of the value to the field
	Value  any      // plain JSON as ParseValue gives it
	Has    bool     // Value is there (null included); only assign may go without
	ID     uint64   // seq of the first element this operation makes
	After  Dot      // the place just before, zero: the start
	Before Dot      // the place just after, zero: the end
	Text   string
	Spans  []Span
	Over   []Dot
	Row    Dot
	Saw    Vector
	As     Strategy // ensure: Map, List, Set, Text or Counter, as no other member tells
}

// Span is Len elements of one replica with consecutive numbers, from Start on. As
// text: "<replica>.<seq>+<len>".
type Span struct {
	Start Dot
	Len   uint64
}

// Vector says how much of each replica was seen: its changes up to and with this n.
// As JSON: {"<replica>": n}.
type Vector map[Replica]uint64

// Change is what one person did at once to one document. Changes are values: read
// only once made, safe to share.
type Change struct {
	Replica Replica
	N       uint64 // counts this replica's changes, to any document: 1, 2, 3 with no gaps
	Prev    uint64 // n of this replica's change before this one in this document, 0: none
	Stamp   Time   // with Replica, the stamp
	Type    string
	Version int    // the type's version it was written under
	Doc     string // the document's id
	Ops     []Op
}

// FullStamp is the change's stamp with its replica.
func (c *Change) FullStamp() Stamp { return Stamp{c.Stamp, c.Replica} }

// Makes is how many elements the operation makes, numbered from ID on.
func (o *Op) Makes() uint64 {
	switch o.Kind {
	case OpInsert:
		return uint64(utf8.RuneCountInString(o.Text))
	case OpAssign, OpInclude, OpPlace, OpMove:
		return 1
	}
	return 0
}
