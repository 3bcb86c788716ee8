package crdt

// Document is one record: who wrote what when, and the value that follows from it.
// It is not safe for concurrent use. A Document owns all it holds; what it was
// given and what it gives back may be shared read only.
type Document struct {
	// TODO(crdt): fields
}

// Effect is what became of a change that was given to a document.
type Effect int

const (
	Applied   Effect = iota // the document has moved on, or what it held back has
	Duplicate               // it was there already
	Held                    // it leans on what has not come; the document keeps it until then
)

// Ref is something a change leans on and the document does not have.
// Exactly one of the two is set.
type Ref struct {
	Element Dot    // an element that is not here
	Prev    uint64 // a change of the same replica to this document
}

// NewDocument gives a document nobody has written to.
func NewDocument() *Document { panic("todo") }

// Decode joins what Encode split. The value must be the very bytes Encode gave or
// any other JSON text of the same value. Bad bytes are an error, never a panic, and
// cost no more than a small multiple of their length.
func Decode(value, meta []byte) (*Document, error) { panic("todo") }

// Encode gives the value as canonical JSON (RFC 8785) and the meta. Equal documents
// give equal bytes.
func (d *Document) Encode() (value, meta []byte) { panic("todo") }

// Value is the record as people read it: plain JSON of a map at the top. The caller
// must not change it; it stays as it is when the document moves on.
func (d *Document) Value() map[string]any { panic("todo") }

// Exists reports whether a creation has come; Deleted whether the document is in
// the trash: a deletion has come, and every edit was seen by one.
func (d *Document) Exists() bool  { panic("todo") }
func (d *Document) Deleted() bool { panic("todo") }

// Seen is how much of each replica the document holds. The caller owns the result.
func (d *Document) Seen() Vector { panic("todo") }

// NextID is the seq of the next element that r may make here.
func (d *Document) NextID(r Replica) uint64 { panic("todo") }

// Clone gives a document that shares nothing that changes with d.
func (d *Document) Clone() *Document { panic("todo") }

// Missing names the first thing c leans on that the document does not have, or
// false when c can be applied now. It changes nothing.
func (d *Document) Missing(c *Change) (Ref, bool) { panic("todo") }

// Check says whether c is well made for this document, so that Apply of it would
// not fail: kinds fit the fields, element numbers are new, values fit the kinds. It
// does not judge what is missing and changes nothing. The error is an *OpError.
func (d *Document) Check(c *Change) error { panic("todo") }

// Apply takes c in. An error (an *OpError) means c can never be applied here, and
// nothing has changed. A change that leans on what has not come is held, and
// applied by the call that brings the last thing it waits for.
func (d *Document) Apply(c *Change) (Effect, error) { panic("todo") }

// OpError is a change that can not be applied: which operation, and why.
type OpError struct {
	Index   int // of the operation in the change; -1: the change as a whole
	Path    []string
	Message string // a sentence
}

func (e *OpError) Error() string { return e.Message }

// Disagreement is a conflict field whose values nobody has picked from: all of
// them, the one that shows first. A value of nil with Absent true is a removal.
type Disagreement struct {
	Path   []string
	Values []Candidate
}

// Candidate is one of several concurrent values of a conflict field.
type Candidate struct {
	ID     Dot
	Stamp  Stamp
	Value  any
	Absent bool
}

// Disagreements lists the conflict fields that wait for a pick, by path.
func (d *Document) Disagreements() []Disagreement { panic("todo") }

// Without gives a copy in which the top-level fields do not occur, in value, meta
// or held changes: what somebody who may not see them gets.
func (d *Document) Without(fields ...string) *Document { panic("todo") }

// Merge gives the document that has seen all that a and b have seen. Both must be
// the same document (same id, same type); neither is changed.
func Merge(a, b *Document) (*Document, error) { panic("todo") }

// Row is one row of a list: its identity and its value.
type Row struct {
	ID    Dot
	Value any
}

// Rows lists the rows of the list at path in order, nil if there is no list.
func (d *Document) Rows(path ...string) []Row { panic("todo") }

// Text is the text at path, "" if there is none.
func (d *Document) Text(path ...string) string { panic("todo") }

// Editor makes the operations of one change: each call is turned into operations
// against the document as it is after the calls before, so positions and rows are
// always those the person sees. The document it was made from is not touched. Calls
// that cannot be done return an *OpError and add nothing.
type Editor struct {
	// TODO(crdt): fields
}

// Edit starts a change of replica r to d. A document that does not exist yet gets a
// create operation first.
func (d *Document) Edit(r Replica, plan *Plan) *Editor { panic("todo") }

// Ops gives what the calls so far amount to: at most one operation per register, no
// operation that changes nothing. Empty when nothing differs. The caller owns it.
func (e *Editor) Ops() []Op { panic("todo") }

// Value is the value after the calls so far.
func (e *Editor) Value() map[string]any { panic("todo") }

// Put makes the field at path equal value by the field's strategy: a register is
// set, a text is compared and only what differs is spliced, a set gains and loses
// elements, rows of a list are matched (equal rows first, then by place) so that
// unchanged rows keep their identity and moved rows move, a map is put field by
// field (keys that are not in value are removed), a counter gains the difference. A
// max can only be raised, a min only lowered: the other way is an error that says so.
func (e *Editor) Put(path []string, value any) error { panic("todo") }

// PutAll is Put of the whole value; Remove makes the field at path absent.
func (e *Editor) PutAll(value map[string]any) error { panic("todo") }
func (e *Editor) Remove(path []string) error        { panic("todo") }

// Add adds amount to a counter.
func (e *Editor) Add(path []string, amount float64) error { panic("todo") }

// Include and Exclude add a scalar to a set and remove it.
func (e *Editor) Include(path []string, value any) error { panic("todo") }
func (e *Editor) Exclude(path []string, value any) error { panic("todo") }

// Splice replaces n code points at position at of a text. Positions count code points.
func (e *Editor) Splice(path []string, at, n int, text string) error { panic("todo") }

// InsertRow puts a row at index; MoveRow moves the row with that id so that its new
// index is index; RemoveRow removes it.
func (e *Editor) InsertRow(path []string, index int, value any) (Dot, error) { panic("todo") }
func (e *Editor) MoveRow(path []string, row Dot, index int) error            { panic("todo") }
func (e *Editor) RemoveRow(path []string, row Dot) error                     { panic("todo") }

// Pick settles a conflict field: value replaces every value its author saw. (Put on
// a conflict field does the same.)
func (e *Editor) Pick(path []string, value any) error { panic("todo") }

// Delete deletes what the document is now; Restore takes it out of the trash.
func (e *Editor) Delete()  { panic("todo") }
func (e *Editor) Restore() { panic("todo") }

// Diff gives the operations with which replica r makes d's value equal to value: it
// is Edit and PutAll.
func (d *Document) Diff(r Replica, value map[string]any, plan *Plan) ([]Op, error) {
	panic("todo")
}
