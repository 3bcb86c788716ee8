package crdt

// changeReader reads a change straight from its text, in one pass and without the
// objects and lists between. It says nothing about a mistake: it gives up, and who
// asked reads the text again through an objectReader, which does. So it may only
// ever read what that one reads, and as the same change.
type changeReader struct{ puller }

// readChange reads a change; nil if that takes an objectReader.
func readChange(text []byte, limits Limits) *Change {
	if len(text) > limits.Bytes {
		return nil
	}
	r := changeReader{puller{newValueParser(text, limits)}}
	c := r.change(limits.Ops)
	r.end()
	if r.err != nil {
		return nil
	}
	return c
}

// parsed reads a string in a form of its own.
func parsed[T any](r *changeReader, parse func(string) (T, bool)) T {
	v, ok := parse(r.quoted())
	r.need(ok)
	return v
}

// list reads an array of strings in a form of their own.
func list[T any](r *changeReader, parse func(string) (T, bool)) []T {
	var read []T
	r.each('[', ']', func() { read = append(read, parsed(r, parse)) })
	return read
}

// The members of a change, by bit.
const (
	changeDoc = 1 << iota
	changeN
	changeOps
	changeReplica
	changeStamp
	changeType
	changeVersion
	changePrev
	changeNeeds = changePrev - 1
)

func (r *changeReader) change(maxOps int) *Change {
	c := &Change{}
	present := 0
	r.each('{', '}', func() {
		member := r.changeMember(r.name(), c, maxOps)
		r.need(member != 0 && present&member == 0)
		present |= member
	})
	r.need(present&changeNeeds == changeNeeds && c.Prev < c.N && isTypeName(c.Type) && isDocID(c.Doc))
	return c
}

// changeMember reads one member of a change and says which.
func (r *changeReader) changeMember(name string, c *Change, maxOps int) int {
	switch name {
	case "doc":
		c.Doc = r.quoted()
		return changeDoc
	case "n":
		c.N = r.whole(MaxSeq)
		return changeN
	case "ops":
		c.Ops = r.operations(maxOps)
		return changeOps
	case "prev":
		c.Prev = r.whole(MaxSeq)
		return changePrev
	case "replica":
		c.Replica = parsed(r, parseReplica)
		return changeReplica
	case "stamp":
		c.Stamp = parsed(r, parseTime)
		return changeStamp
	case "type":
		c.Type = r.quoted()
		return changeType
	case "version":
		c.Version = int(r.whole(maxVersion))
		return changeVersion
	}
	return 0
}

// usualOp is how long a short operation is, usualRest what a change says besides: what
// room for operations is guessed from.
const (
	usualOp   = 56
	usualRest = 256
)

func (r *changeReader) operations(most int) []Op {
	usual := 1 + max(0, len(r.text)-r.at-usualRest)/usualOp
	ops := make([]Op, 0, min(usual, most))
	r.each('[', ']', func() {
		r.need(len(ops) < most)
		if r.err == nil {
			ops = append(ops, Op{})
			r.operation(&ops[len(ops)-1])
		}
	})
	return ops
}

func (r *changeReader) operation(op *Op) {
	present := members(0)
	r.each('{', '}', func() {
		member := memberNamed(r.name())
		r.need(member != 0 && present&member == 0)
		present |= member
		r.member(op, member)
	})
	need, may, ok := membersOf(op.Kind)
	need |= hasKind
	r.need(ok && present&need == need && present&^(need|may) == 0)
	r.need(present&hasPath == 0 || checkPath(op.Path) == "")
	r.need(present&hasSpans == 0 || len(op.Spans) > 0)
	r.need(isAscending(op.Over))
	if r.err == nil {
		misfit, _ := op.misfit()
		r.need(misfit == 0)
	}
}

// member reads one member of an operation.
func (r *changeReader) member(op *Op, which members) {
	switch which {
	case hasKind:
		op.Kind = Kind(r.quoted())
	case hasPath:
		r.each('[', ']', func() {
			r.need(len(op.Path) < maxPath)
			op.Path = append(op.Path, r.quoted())
		})
	case hasValue:
		op.Value, op.Has = r.value(), true
	case hasID:
		op.ID = r.whole(MaxSeq)
	case hasAfter:
		op.After = parsed(r, parseDot)
	case hasBefore:
		op.Before = parsed(r, parseDot)
	case hasRow:
		op.Row = parsed(r, parseDot)
	case hasText:
		op.Text = r.quoted()
	case hasAs:
		op.As = Strategy(r.quoted())
	case hasOver:
		op.Over = list(r, parseDot)
	case hasSpans:
		op.Spans = list(r, parseSpan)
	case hasSaw:
		op.Saw = r.vector()
	}
}

func (r *changeReader) vector() Vector {
	seen := Vector{}
	r.each('{', '}', func() {
		replica, ok := parseReplica(r.name())
		_, twice := seen[replica]
		r.need(ok && !twice)
		seen[replica] = r.whole(MaxSeq)
	})
	return seen
}
