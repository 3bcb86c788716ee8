package crdt

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// A change is written as
//
//	{"replica": "<replica>", "n": 7, "prev": 5, "stamp": "<stamp>",
//	 "type": "work-order", "version": 2, "doc": "<id>", "ops": [...]}
//
// and an operation as {"kind": "<kind>", "path": [...], ...} with the members of its
// kind: "id", "after", "before", "row" and "over" name elements, "spans" stretches of
// them. What is zero or not there is left out ("prev", "after", "before"), so that
// every change has one spelling.

// Bounds of a change's names.
const (
	maxTypeName = 64
	maxDocID    = 64
	maxVersion  = 1<<31 - 1
)

// What names look like, for messages.
const (
	wantReplica = "a replica: 16 digits 0-9a-f, not all zero"
	wantDot     = "an element: <replica>.<number>"
	wantSpan    = "a stretch of elements: <replica>.<number>+<length>"
)

// changeDepth is how many arrays and objects a change has around a value.
const changeDepth = 3

// ParseChange reads one change from JSON, strictly: unknown or missing members,
// members that do not go with the kind and anything ParseValue refuses are errors.
// Depth bounds the values in it. The error is a *ValueError.
func ParseChange(text []byte, limits Limits) (*Change, error) {
	limits = limits.orDefault()
	limits.Depth += changeDepth
	v, err := ParseValue(text, limits)
	if err != nil {
		return nil, err
	}
	return ChangeFromValue(v, limits)
}

// ChangeFromValue is ParseChange for a text that ParseValue has read. Only the bound
// on operations is looked at again. The error is a *ValueError with the offset -1.
func ChangeFromValue(v any, limits Limits) (*Change, error) {
	r := &objectReader{}
	c := r.change(v, limits.orDefault().Ops)
	if r.err != nil {
		return nil, r.err
	}
	return c, nil
}

func (r *objectReader) change(v any, maxOps int) *Change {
	m := r.object(v, []string{"replica", "n", "stamp", "type", "version", "doc", "ops"}, []string{"prev"})
	c := &Change{}
	r.text(m, "replica", wantReplica, &c.Replica)
	r.text(m, "stamp", "a stamp: 12 digits 0-9a-f, a dash and 4 digits", &c.Stamp)
	c.N = r.number(m, "n", MaxSeq)
	if _, there := m["prev"]; there {
		c.Prev = r.number(m, "prev", MaxSeq)
	}
	if c.Prev >= c.N {
		r.fail("prev", `"prev" must be less than "n": it is the number of an earlier change.`)
	}
	c.Version = int(r.number(m, "version", maxVersion))
	c.Type, c.Doc = r.string(m, "type"), r.string(m, "doc")
	if !isTypeName(c.Type) {
		r.fail("type", "%s is not a type's name: use a-z, then a-z, 0-9 and -, at most %d.", quoted(c.Type), maxTypeName)
	}
	if !isDocID(c.Doc) {
		r.fail("doc", "%s is not a document's id: use 0-9, a-z, A-Z and -, at most %d.", quoted(c.Doc), maxDocID)
	}
	ops := r.list(m, "ops")
	if len(ops) > maxOps { // none are left where somebody may see none of them
		r.fail("ops", "A change has at most %d operations, not %d.", maxOps, len(ops))
		return nil
	}
	c.Ops = make([]Op, len(ops))
	for i, op := range ops {
		r.within("ops/"+strconv.Itoa(i), func() { r.op(op, &c.Ops[i]) })
	}
	return c
}

// isTypeName reports whether s is [a-z][a-z0-9-]*, not too long.
func isTypeName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= maxTypeName
}

// isDocID reports whether s is [0-9a-zA-Z-]+, not too long.
func isDocID(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-':
		default:
			return false
		}
	}
	return s != "" && len(s) <= maxDocID
}

// membersOf lists the members that an operation has besides its kind: those it needs
// and those it may have.
func membersOf(kind Kind) (need, may []string, ok bool) {
	switch kind {
	case OpCreate, OpRestore:
		return nil, nil, true
	case OpDelete:
		return []string{"saw"}, nil, true
	case OpUnset:
		return []string{"path"}, nil, true
	case OpSet, OpAdd, OpRaise, OpLower:
		return []string{"path", "value"}, nil, true
	case OpAssign:
		return []string{"path", "id", "over"}, []string{"value"}, true
	case OpInclude:
		return []string{"path", "id", "value"}, nil, true
	case OpExclude:
		return []string{"path", "value", "over"}, nil, true
	case OpInsert:
		return []string{"path", "id", "text"}, []string{"after", "before"}, true
	case OpCut:
		return []string{"path", "spans"}, nil, true
	case OpPlace:
		return []string{"path", "id"}, []string{"after", "before"}, true
	case OpMove:
		return []string{"path", "row", "id"}, []string{"after", "before"}, true
	case OpDrop:
		return []string{"path", "row", "saw"}, nil, true
	case OpEnsure:
		return []string{"path", "value", "as"}, nil, true
	}
	return nil, nil, false
}

// op reads one operation.
func (r *objectReader) op(v any, op *Op) {
	m, _ := v.(map[string]any)
	op.Kind = Kind(r.string(m, "kind"))
	need, may, ok := membersOf(op.Kind)
	if !ok {
		r.fail("kind", "There is no operation %s; use one of those the protocol lists.", quoted(string(op.Kind)))
		return
	}
	r.object(v, append(need, "kind"), may)
	for _, name := range append(need, may...) {
		if _, there := m[name]; there && r.err == nil {
			r.member(m, name, op)
		}
	}
	if r.err == nil {
		r.fits(op)
	}
}

// member reads one member of an operation, which is known to go with its kind.
func (r *objectReader) member(m map[string]any, name string, op *Op) {
	switch name {
	case "path":
		for i := range r.list(m, name) {
			op.Path = append(op.Path, r.element(m, name, i))
		}
		if message := checkPath(op.Path); message != "" {
			r.fail(name, "%s", message)
		}
	case "value":
		op.Value, op.Has = m[name], true
	case "id":
		op.ID = r.number(m, name, MaxSeq)
	case "after":
		r.text(m, name, wantDot, &op.After)
	case "before":
		r.text(m, name, wantDot, &op.Before)
	case "row":
		r.text(m, name, wantDot, &op.Row)
	case "text":
		op.Text = r.string(m, name)
	case "as":
		op.As = Strategy(r.string(m, name))
	case "over":
		op.Over = r.dots(m, name)
	case "spans":
		op.Spans = r.spans(m, name)
	case "saw":
		op.Saw = r.vector(m, name)
	}
}

// fits checks that values and numbers fit the kind of the operation.
func (r *objectReader) fits(op *Op) {
	switch op.Kind {
	case OpAdd:
		if _, ok := op.Value.(float64); !ok {
			r.fail("value", "A counter adds numbers only.")
		}
	case OpRaise, OpLower:
		if !isExtreme(op.Value) {
			r.fail("value", "Only numbers and texts such as dates have a largest and a smallest.")
		}
	case OpInclude, OpExclude:
		if !isScalar(op.Value) {
			r.fail("value", "A set holds texts, numbers, true, false and null, no lists or objects.")
		}
	case OpEnsure:
		if _, ok := op.Value.(bool); !ok {
			r.fail("value", "Whether an empty field shows is said by true or false.")
		}
		if !canEnsure(op.As) {
			r.fail("as", "%s cannot be empty and show; use map, list, set, text or counter.", quoted(string(op.As)))
		}
	case OpInsert:
		n := uint64(utf8.RuneCountInString(op.Text))
		if n == 0 {
			r.fail("text", "An insertion has at least one character.")
		} else if n-1 > MaxSeq-op.ID {
			r.fail("id", "The elements are numbered beyond 2^53-1.")
		}
	}
}

// dots reads a list of elements in ascending order.
func (r *objectReader) dots(m map[string]any, name string) []Dot {
	var dots []Dot
	for i := range r.list(m, name) {
		text := r.element(m, name, i)
		d, err := ParseDot(text)
		if err != nil {
			r.fail(name, "%s is not %s.", quoted(text), wantDot)
			return nil
		}
		if i > 0 && d.Compare(dots[i-1]) <= 0 {
			r.fail(name, "The elements must be in ascending order, each once.")
			return nil
		}
		dots = append(dots, d)
	}
	return dots
}

func (r *objectReader) spans(m map[string]any, name string) []Span {
	var spans []Span
	for i := range r.list(m, name) {
		text := r.element(m, name, i)
		s, err := ParseSpan(text)
		if err != nil {
			r.fail(name, "%s is not %s.", quoted(text), wantSpan)
			return nil
		}
		spans = append(spans, s)
	}
	if len(spans) == 0 {
		r.fail(name, "A cut removes at least one element.")
	}
	return spans
}

func (r *objectReader) vector(m map[string]any, name string) Vector {
	object, ok := m[name].(map[string]any)
	if !ok {
		r.fail(name, "%q must be an object of numbers by replica.", name)
		return nil
	}
	seen := make(Vector, len(object))
	r.within(name, func() {
		for _, key := range sortedKeys(object) {
			replica, err := ParseReplica(key)
			if err != nil {
				r.fail("", "%s is not %s.", quoted(key), wantReplica)
				return
			}
			seen[replica] = r.number(object, key, MaxSeq)
		}
	})
	return seen
}

// AppendChange appends the canonical JSON of c.
func AppendChange(dst []byte, c *Change) []byte {
	dst = appendString(append(dst, `{"doc":`...), c.Doc)
	dst = strconv.AppendUint(append(dst, `,"n":`...), c.N, 10)
	dst = append(dst, `,"ops":[`...)
	for i := range c.Ops {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendOp(dst, &c.Ops[i])
	}
	dst = append(dst, ']')
	if c.Prev > 0 {
		dst = strconv.AppendUint(append(dst, `,"prev":`...), c.Prev, 10)
	}
	dst = appendString(append(dst, `,"replica":`...), c.Replica.String())
	dst = appendString(append(dst, `,"stamp":`...), c.Stamp.String())
	dst = appendString(append(dst, `,"type":`...), c.Type)
	dst = strconv.AppendInt(append(dst, `,"version":`...), int64(c.Version), 10)
	return append(dst, '}')
}

// appendOp appends an operation: the members of its kind, in the order of their names.
func appendOp(dst []byte, op *Op) []byte {
	need, may, _ := membersOf(op.Kind)
	names := append(append(need, may...), "kind")
	slices.Sort(names)
	open := byte('{')
	for _, name := range names {
		if !op.has(name) {
			continue
		}
		dst = append(dst, open)
		dst = append(appendString(dst, name), ':')
		dst = appendMember(dst, op, name)
		open = ','
	}
	return append(dst, '}')
}

// has reports whether a member that goes with the kind is written.
func (o *Op) has(name string) bool {
	switch name {
	case "after":
		return o.After != Dot{}
	case "before":
		return o.Before != Dot{}
	case "value":
		return o.Has || o.Kind != OpAssign
	}
	return true
}

func appendMember(dst []byte, op *Op, name string) []byte {
	switch name {
	case "kind":
		return appendString(dst, string(op.Kind))
	case "path":
		return appendStrings(dst, op.Path, func(key string) string { return key })
	case "value":
		return AppendValue(dst, op.Value)
	case "id":
		return strconv.AppendUint(dst, op.ID, 10)
	case "after":
		return appendString(dst, op.After.String())
	case "before":
		return appendString(dst, op.Before.String())
	case "row":
		return appendString(dst, op.Row.String())
	case "text":
		return appendString(dst, op.Text)
	case "as":
		return appendString(dst, string(op.As))
	case "over":
		over := slices.Clone(op.Over)
		slices.SortFunc(over, Dot.Compare)
		return appendStrings(dst, slices.Compact(over), Dot.String)
	case "spans":
		return appendStrings(dst, op.Spans, Span.String)
	}
	return appendVector(dst, op.Saw)
}

func appendStrings[T any](dst []byte, list []T, text func(T) string) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, text(v))
	}
	return append(dst, ']')
}

// appendVector appends a vector with its replicas in ascending order.
func appendVector(dst []byte, v Vector) []byte {
	replicas := make([]Replica, 0, len(v))
	for r := range v {
		replicas = append(replicas, r)
	}
	slices.Sort(replicas)
	dst = append(dst, '{')
	for i, r := range replicas {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, r.String()), ':')
		dst = strconv.AppendUint(dst, v[r], 10)
	}
	return append(dst, '}')
}
