package crdt

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of a path.
const (
	maxPath = 16  // segments
	maxKey  = 256 // bytes of one
)

// maxDepth bounds the nesting of one value.
const maxDepth = 32

// Check says whether c is well made for this document, so that Apply of it would
// not fail: kinds fit the fields, element numbers are new, values fit the kinds. It
// does not judge what is missing and changes nothing. The error is an *OpError.
func (d *Document) Check(c *Change) error {
	if c.N <= d.seen[c.Replica].n {
		return nil // it is here already
	}
	if c.Replica == 0 || c.N > MaxSeq || c.Prev >= c.N {
		return &OpError{-1, nil, "A change needs a replica, a number up to 2^53-1 and a smaller number of the change before it."}
	}
	k := newChecker(d, c)
	for i := range c.Ops {
		if message := k.op(&c.Ops[i]); message != "" {
			return &OpError{i, c.Ops[i].Path, message}
		}
	}
	return nil
}

// checker goes through the operations of one change. The document stays as it is,
// so the checker notes what the operations before would have made.
type checker struct {
	d       *Document
	c       *Change
	gap     bool                // changes of the same replica are missing before this one
	first   uint64              // the replica's last element before the change
	top     uint64              // and before the operation
	made    []making            // by the operations before, ascending
	fields  map[string]Strategy // by pathKey: fields that the operations before made
	written map[string]bool     // by pathKey: registers that the operations before wrote
	sums    map[string]int64    // by pathKey: what the operations before add to counters
}

// making is the elements one operation makes.
type making struct {
	first, n uint64
	field    string // pathKey of their field
	row      bool   // it is a row, not just a place
}

func newChecker(d *Document, c *Change) *checker {
	seen := d.seen[c.Replica]
	k := &checker{d: d, c: c, gap: c.Prev > seen.n, first: seen.seq, top: seen.seq}
	if len(c.Ops) > 1 { // a single operation has nothing before it
		k.fields = map[string]Strategy{}
		k.written = map[string]bool{}
		k.sums = map[string]int64{}
	}
	return k
}

// pathKey makes one string of a path, different for different paths. Most paths have
// one segment, which is its own key; those of more begin with a byte that no segment has.
func pathKey(path []string) string {
	if len(path) == 1 {
		return path[0]
	}
	b := []byte{0xff}
	for _, segment := range path {
		b = strconv.AppendInt(b, int64(len(segment)), 10)
		b = append(append(b, ':'), segment...)
	}
	return string(b)
}

// pathName is the path as messages show it.
func pathName(path []string) string { return strings.Join(path, "/") }

// op checks one operation; the answer is "" or a sentence.
func (k *checker) op(op *Op) string {
	switch op.Kind {
	case OpCreate, OpDelete, OpRestore:
		if len(op.Path) != 0 {
			return fmt.Sprintf("%q is for the whole document and takes no path.", op.Kind)
		}
		return k.saw(op.Saw)
	}
	want := strategyOf(op)
	if want == "" || op.Kind == OpEnsure && !canEnsure(op.As) {
		return fmt.Sprintf("There is no operation %q %s: use one of those the protocol lists.", op.Kind, op.As)
	}
	if message := checkPath(op.Path); message != "" {
		return message
	}
	field, message := k.reach(op.Path, want)
	if message == "" {
		message = k.content(op, field)
	}
	if made := op.elements(); message == "" && made > 0 {
		message = k.make(op, made)
	}
	return message
}

// checkPath says whether a path could be one at all.
func checkPath(path []string) string {
	if len(path) == 0 || len(path) > maxPath {
		return fmt.Sprintf("A path has 1 to %d keys, not %d.", maxPath, len(path))
	}
	for _, segment := range path {
		switch {
		case len(segment) > maxKey || !utf8.ValidString(segment):
			return fmt.Sprintf("The key %.40q is not text of at most %d bytes.", segment, maxKey)
		case segment == "__proto__":
			return "No field can be called __proto__: choose another key."
		}
	}
	if isElement(path[0]) {
		return fmt.Sprintf("The key %q looks like a row of a list: choose another.", path[0])
	}
	return ""
}

// reach finds the field at path, nil if it is not there yet. On the way it checks
// that everything is what the path takes it for.
func (k *checker) reach(path []string, want Strategy) (node, string) {
	var at node = k.d.root
	for i, segment := range path {
		if message := k.row(at, path[:i], segment); message != "" {
			return nil, message
		}
		at = step(at, segment)
		expected := strategyAt(path, i, want)
		if is := k.strategy(at, path[:i+1], expected); is != expected {
			return nil, fmt.Sprintf("The field %q is a %s, so it cannot be changed as a %s.",
				pathName(path[:i+1]), is, expected)
		}
	}
	return at, ""
}

// step goes one key or row down; nil when nothing is there.
func step(at node, segment string) node {
	switch f := at.(type) {
	case *mapField:
		return f.children[segment]
	case *listField:
		id, _ := ParseDot(segment)
		if row := f.rows[id]; row != nil {
			return row.content
		}
	}
	return nil
}

// strategy is what the field is, in the document or by the operations before; if
// neither knows, it is from now on what is expected.
func (k *checker) strategy(at node, path []string, expected Strategy) Strategy {
	if at != nil {
		return at.strategy()
	}
	if len(k.c.Ops) == 1 {
		return expected // nobody will ask again
	}
	key := pathKey(path)
	is, known := k.fields[key]
	if !known {
		is = expected
		k.fields[key] = is
	}
	return is
}

// row checks that a segment that names a row names one of the list.
func (k *checker) row(at node, list []string, segment string) string {
	if !isElement(segment) {
		return ""
	}
	id, _ := ParseDot(segment)
	return k.rowOf(at, list, id)
}

func (k *checker) rowOf(at node, list []string, id Dot) string {
	if making, own := k.own(id); own {
		if making == nil || !making.row || making.field != pathKey(list) {
			return fmt.Sprintf("The list %q has no row %s.", pathName(list), id)
		}
		return ""
	}
	f, _ := at.(*listField)
	if k.here(id) && (f == nil || f.rows[id] == nil) {
		return fmt.Sprintf("The list %q has no row %s.", pathName(list), id)
	}
	return ""
}

// here reports whether the element has come, so that it must be where it is looked
// for; what has not come is not judged.
func (k *checker) here(e Dot) bool {
	return k.d.seen.has(e)
}

// own reports whether the element can only come from this change, and which
// operation before makes it, if any does.
func (k *checker) own(e Dot) (*making, bool) {
	if e.Replica != k.c.Replica || e.Seq <= k.first {
		return nil, false
	}
	i, found := slices.BinarySearchFunc(k.made, e.Seq, func(m making, seq uint64) int {
		switch {
		case seq < m.first:
			return 1
		case seq-m.first >= m.n:
			return -1
		}
		return 0
	})
	if found {
		return &k.made[i], true
	}
	return nil, !k.gap
}

// element checks that an element op points at is in the sequence of its field.
func (k *checker) element(op *Op, in *sequence, e Dot) string {
	if e == (Dot{}) {
		return ""
	}
	if e.Replica == 0 || e.Seq == 0 || e.Seq > MaxSeq {
		return "An element is named by a replica and a number from 1 on."
	}
	if making, own := k.own(e); own {
		if making == nil || making.field != pathKey(op.Path) {
			return fmt.Sprintf("The field %q has no element %s.", pathName(op.Path), e)
		}
		return ""
	}
	if k.here(e) && (in == nil || !in.has(e)) {
		return fmt.Sprintf("The field %q has no element %s.", pathName(op.Path), e)
	}
	return ""
}

// make checks the numbers of the elements op makes and notes them.
func (k *checker) make(op *Op, n uint64) string {
	if op.ID <= k.top || op.ID > MaxSeq || n-1 > MaxSeq-op.ID {
		return fmt.Sprintf("The elements made at %q must be numbered above %d and within 2^53-1.", pathName(op.Path), k.top)
	}
	k.top = op.ID + n - 1
	if len(k.c.Ops) > 1 {
		k.made = append(k.made, making{op.ID, n, pathKey(op.Path), op.Kind == OpPlace})
	}
	return ""
}

// content checks what the operation says about its field, which may be nil.
func (k *checker) content(op *Op, field node) string {
	if message := checkPlain(op.Value, maxDepth); message != "" {
		return message
	}
	switch op.Kind {
	case OpSet, OpUnset:
		return k.once(op)
	case OpEnsure:
		if _, ok := op.Value.(bool); !ok {
			return "Whether an empty field shows is said by true or false."
		}
		return k.once(op)
	case OpAssign, OpExclude, OpInclude:
		return k.additions(op)
	case OpAdd:
		return k.amount(op, field)
	case OpRaise, OpLower:
		if !isExtreme(op.Value) {
			return fmt.Sprintf("The field %q takes a number or a text such as a date.", pathName(op.Path))
		}
	case OpInsert, OpCut:
		return k.typing(op, field)
	case OpPlace, OpMove, OpDrop:
		return k.rows(op, field)
	}
	return ""
}

// once refuses a second word on the same register: which one counts would depend on
// nothing a person can see.
func (k *checker) once(op *Op) string {
	if len(k.c.Ops) == 1 {
		return ""
	}
	key := pathKey(op.Path)
	if op.Kind == OpEnsure {
		key = "?" + key
	}
	if k.written[key] {
		return fmt.Sprintf("The field %q is written twice in one change: write it once.", pathName(op.Path))
	}
	k.written[key] = true
	return ""
}

// additions checks operations on elements that carry a value: of sets and conflicts.
func (k *checker) additions(op *Op) string {
	if op.Kind != OpAssign && !isScalar(op.Value) {
		return fmt.Sprintf("The field %q takes text, numbers, true, false and null, no lists or objects.", pathName(op.Path))
	}
	for _, e := range op.Over {
		if e.Replica == 0 || e.Seq == 0 || e.Seq > MaxSeq {
			return "An element is named by a replica and a number from 1 on."
		}
		if making, own := k.own(e); own && (making == nil || making.field != pathKey(op.Path)) {
			return fmt.Sprintf("The field %q has no element %s.", pathName(op.Path), e)
		}
	}
	return ""
}

// amount checks what is added to a counter, alone and together with what the same
// replica added before. Its changes come in order, so everyone judges this alike.
func (k *checker) amount(op *Op, field node) string {
	v, _ := op.Value.(float64)
	m, ok := floatToMicros(v, maxAmount)
	if _, number := op.Value.(float64); !number || !ok {
		return fmt.Sprintf("The counter %q takes amounts up to a thousand million with at most six digits behind the point.", pathName(op.Path))
	}
	sum := m
	if f, ok := field.(*counterField); ok {
		sum += f.sums[k.c.Replica]
	}
	if len(k.c.Ops) > 1 {
		key := pathKey(op.Path)
		sum += k.sums[key]
		k.sums[key] += m
	}
	if sum > maxMicros || sum < -maxMicros {
		return fmt.Sprintf("One device cannot add more than a million millions to the counter %q.", pathName(op.Path))
	}
	return ""
}

// typing checks the operations of a text.
func (k *checker) typing(op *Op, field node) string {
	var seq *sequence
	if f, ok := field.(*textField); ok {
		seq = &f.seq
	}
	if op.Kind == OpInsert {
		if op.Text == "" || !utf8.ValidString(op.Text) {
			return fmt.Sprintf("What is typed into %q must be valid text and not empty.", pathName(op.Path))
		}
		return k.place(op, seq)
	}
	for _, s := range op.Spans {
		if s.Len == 0 || s.Len > MaxSeq || s.Start.Seq > MaxSeq {
			return "A stretch of text has a first element and a length from 1 on."
		}
		for _, e := range k.ends(s) {
			if e == (Dot{}) {
				return "A stretch of text has a first element and a length from 1 on."
			}
			if message := k.element(op, seq, e); message != "" {
				return message
			}
		}
	}
	return ""
}

func (k *checker) ends(s Span) []Dot { return []Dot{s.Start, s.last()} }

// rows checks the operations of a list.
func (k *checker) rows(op *Op, field node) string {
	var seq *sequence
	if f, ok := field.(*listField); ok {
		seq = &f.seq
	}
	if op.Kind != OpPlace {
		if op.Row.Replica == 0 || op.Row.Seq == 0 || op.Row.Seq > MaxSeq {
			return "A row is named by a replica and a number from 1 on."
		}
		if message := k.rowOf(field, op.Path, op.Row); message != "" {
			return message
		}
	}
	if op.Kind == OpDrop {
		return k.saw(op.Saw)
	}
	return k.place(op, seq)
}

// place checks where something new goes: between two elements of the sequence that
// stand in this order.
func (k *checker) place(op *Op, seq *sequence) string {
	if op.After == op.Before && op.After != (Dot{}) {
		return "Nothing can be put between an element and itself."
	}
	if message := k.element(op, seq, op.After); message != "" {
		return message
	}
	return k.element(op, seq, op.Before)
}

// saw checks what a deletion saw.
func (k *checker) saw(v Vector) string {
	for r, n := range v {
		if r == 0 || n > MaxSeq {
			return "What a deletion saw is a number up to 2^53-1 for each replica."
		}
	}
	return ""
}

// checkPlain says whether v is plain JSON, of bounded nesting.
func checkPlain(v any, depth int) string {
	if depth == 0 {
		return fmt.Sprintf("A value may be nested %d deep and no deeper.", maxDepth)
	}
	switch v := v.(type) {
	case nil, bool:
		return ""
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "A number must be finite."
		}
		if !isExact(v) {
			return "A whole number may be at most 2^53-1 (9007199254740991), or else as long as 1e21 and longer."
		}
		return ""
	case string:
		return checkString(v)
	case []any:
		for _, e := range v {
			if message := checkPlain(e, depth-1); message != "" {
				return message
			}
		}
		return ""
	case map[string]any:
		for key, e := range v {
			if message := checkString(key); message != "" || key == "__proto__" {
				return fmt.Sprintf("The key %.40q cannot be used: choose another.", key)
			}
			if message := checkPlain(e, depth-1); message != "" {
				return message
			}
		}
		return ""
	}
	return fmt.Sprintf("A value of the Go type %T is not plain JSON: give nil, bool, float64, string, []any or map[string]any.", v)
}

func checkString(s string) string {
	if !utf8.ValidString(s) {
		return "A text must be valid UTF-8."
	}
	return ""
}
