package crdt

import "unicode/utf8"

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
	wantTime    = "a stamp: 12 digits 0-9a-f, a dash and 4 digits"
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
	if c := readChange(text, limits); c != nil {
		return c, nil
	}
	v, err := ParseValue(text, limits)
	if err != nil {
		return nil, err
	}
	return ChangeFromValue(v, limits)
}

// ChangeFromValue is ParseChange for a text that ParseValue has read. Only the bound
// on operations is looked at again. The error is a *ValueError with the offset -1.
func ChangeFromValue(v any, limits Limits) (*Change, error) {
	r := &objectReader{op: -1}
	c := r.change(v, limits.orDefault().Ops)
	if r.err != nil {
		return nil, r.err
	}
	return c, nil
}

func (r *objectReader) change(v any, maxOps int) *Change {
	m := r.object(v, []string{"replica", "n", "stamp", "type", "version", "doc", "ops"}, []string{"prev"})
	c := &Change{}
	c.Replica = read(r, m, "replica", wantReplica, parseReplica)
	c.Stamp = read(r, m, "stamp", wantTime, parseTime)
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
	for i := 0; i < len(ops) && r.err == nil; i++ {
		r.op = i
		r.operation(ops[i], &c.Ops[i])
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

// operation reads one operation.
func (r *objectReader) operation(v any, op *Op) {
	m, _ := v.(map[string]any)
	op.Kind = Kind(r.string(m, "kind"))
	need, may, ok := membersOf(op.Kind)
	if !ok {
		r.fail("kind", "There is no operation %s; use one of those the protocol lists.", quoted(string(op.Kind)))
		return
	}
	var names [len(memberNames)]string
	needed := (need | hasKind).appendNames(names[:0])
	r.object(v, needed, may.appendNames(needed)[len(needed):])
	for one := range (need | may).each {
		if _, there := m[one.name()]; there && r.err == nil {
			r.member(m, one, op)
		}
	}
	if r.err == nil {
		if member, message := op.misfit(); message != "" {
			r.fail(member.name(), "%s", message)
		}
	}
}

// member reads one member of an operation, which is known to go with its kind.
func (r *objectReader) member(m map[string]any, which members, op *Op) {
	name := which.name()
	switch which {
	case hasPath:
		op.Path = readList(r, m, name, "", asItIs, nil)
		if message := checkPath(op.Path); message != "" {
			r.fail(name, "%s", message)
		}
	case hasValue:
		op.Value, op.Has = m[name], true
	case hasID:
		op.ID = r.number(m, name, MaxSeq)
	case hasAfter:
		op.After = read(r, m, name, wantDot, parseDot)
	case hasBefore:
		op.Before = read(r, m, name, wantDot, parseDot)
	case hasRow:
		op.Row = read(r, m, name, wantDot, parseDot)
	case hasText:
		op.Text = r.string(m, name)
	case hasAs:
		op.As = Strategy(r.string(m, name))
	case hasOver:
		op.Over = readList(r, m, name, wantDot, parseDot, Dot.Compare)
	case hasSpans:
		op.Spans = readList(r, m, name, wantSpan, parseSpan, nil)
		if len(op.Spans) == 0 {
			r.fail(name, "A cut removes at least one element.")
		}
	case hasSaw:
		op.Saw = r.vector(m, name)
	}
}

// misfit says which member does not fit the kind of the operation, and why.
func (o *Op) misfit() (members, string) {
	switch o.Kind {
	case OpAdd:
		if _, ok := o.Value.(float64); !ok {
			return hasValue, "A counter adds numbers only."
		}
	case OpRaise, OpLower:
		if !isExtreme(o.Value) {
			return hasValue, "Only numbers and texts such as dates have a largest and a smallest."
		}
	case OpInclude, OpExclude:
		if !isScalar(o.Value) {
			return hasValue, "A set holds texts, numbers, true, false and null, no lists or objects."
		}
	case OpEnsure:
		if _, ok := o.Value.(bool); !ok {
			return hasValue, "Whether an empty field shows is said by true or false."
		}
		if !canEnsure(o.As) {
			return hasAs, quoted(string(o.As)) + " cannot be empty and show; use map, list, set, text or counter."
		}
	case OpInsert:
		n := uint64(utf8.RuneCountInString(o.Text))
		if n == 0 {
			return hasText, "An insertion has at least one character."
		}
		if n-1 > MaxSeq-o.ID {
			return hasID, "The elements are numbered beyond 2^53-1."
		}
	}
	return 0, ""
}

// isAscending reports whether the elements are in order, each once.
func isAscending(dots []Dot) bool {
	for i := 1; i < len(dots); i++ {
		if dots[i-1].Compare(dots[i]) >= 0 {
			return false
		}
	}
	return true
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
			replica, ok := parseReplica(key)
			if !ok {
				r.fail("", "%s is not %s.", quoted(key), wantReplica)
				return
			}
			seen[replica] = r.number(object, key, MaxSeq)
		}
	})
	return seen
}
