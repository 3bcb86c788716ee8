package crdt

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// packKinds and packEnsured give kinds and strategies a number each, which is part of
// the format: what is new goes to the end.
var packKinds = [...]Kind{
	OpCreate, OpDelete, OpRestore, OpSet, OpUnset, OpAssign, OpAdd, OpRaise, OpLower,
	OpInclude, OpExclude, OpInsert, OpCut, OpPlace, OpMove, OpDrop, OpEnsure,
}

var packEnsured = [...]Strategy{Map, List, Set, Text, Counter}

// op is one operation: its kind, then the members that go with it. alone says that it
// is the only one of its change.
func (x *packCoder) op(op *Op, alone bool) {
	kind := byte(0)
	if x.writing { // it belongs to somebody else, who may be reading it
		x.said = *op
		op = &x.said
		kind = byte(slices.Index(packKinds[:], op.Kind))
	}
	if kind = x.form(kind); int(kind) >= len(packKinds) {
		x.fail("there is no kind of operation %d", kind)
		return
	}
	op.Kind = packKinds[kind]
	need, may, _ := membersOf(op.Kind)
	for one := range (need | may).each {
		x.member(op, one)
		if x.err != nil {
			return
		}
	}
	if !x.writing {
		if _, message := op.misfit(); message != "" {
			x.fail("%s", message)
			return
		}
	}
	x.model.did(op, alone && goesOn(op))
}

// member is one member of an operation. Those that name elements come after those that
// make some, so that typing is foretold from where the cursor is.
func (x *packCoder) member(op *Op, one members) {
	a := x.model.author
	switch one {
	case hasPath:
		op.Path = x.path(op.Path)
	case hasRow:
		op.Row = x.dot(op.Row, a.row, a.row, nil)
	case hasID:
		op.ID = x.id(op.ID)
	case hasValue:
		x.value(op)
	case hasOver:
		op.Over = x.dots(op.Over)
	case hasText:
		x.typing(op)
	case hasSpans:
		op.Spans = x.spans(op.Spans)
	case hasSaw:
		op.Saw = x.saw(op.Saw)
	case hasAs:
		op.As = x.strategy(op.As)
	case hasAfter:
		op.After = x.dot(op.After, a.after, a.after, nil)
	case hasBefore:
		op.Before = x.dot(op.Before, op.After, a.before, func() Dot { return x.model.follower(op.After) })
	}
}

// strategy is what an empty field is.
func (x *packCoder) strategy(s Strategy) Strategy {
	as := x.form(byte(slices.Index(packEnsured[:], s)))
	if int(as) >= len(packEnsured) {
		x.fail("there is no strategy %d", as)
		return ""
	}
	return packEnsured[as]
}

// id is the number of the first element that an operation makes.
func (x *packCoder) id(id uint64) uint64 {
	a := x.model.author
	if next := a.seq + 1; x.is(id == next) {
		id = next
	} else {
		id = x.near(packIDs, id, next)
	}
	if id == 0 || id > MaxSeq {
		x.fail("an element has an impossible number")
		return 1
	}
	return id
}

// typing is the text of an insertion. One character needs no length.
func (x *packCoder) typing(op *Op) {
	one := x.is(isOne(op.Text))
	switch {
	case x.writing && !one:
		x.count(packTextLengths, uint64(len(op.Text)), 0)
		fallthrough
	case x.writing:
		x.out[packText] = append(x.out[packText], op.Text...)
	case one:
		op.Text = x.characters(1)
	default:
		n := x.count(packTextLengths, 0, uint64(len(x.typed)))
		op.Text, x.typed = x.typed[:n], x.typed[n:]
		if !utf8.ValidString(op.Text) {
			x.fail("what was typed is not valid text")
		}
	}
}

// value is the value of an operation, one line of canonical JSON: its texts have no
// line ends but written as \n.
func (x *packCoder) value(op *Op) {
	op.Has = x.is(op.Has)
	if !op.Has && op.Kind == OpAssign {
		return
	}
	if x.writing {
		x.out[packValues] = append(AppendValue(x.out[packValues], op.Value), '\n')
		return
	}
	n := bytes.IndexByte(x.in[packValues].buf, '\n')
	if n < 0 {
		x.fail("a value is missing")
		return
	}
	line := x.bytes(packValues, n+1)[:n]
	v, err := ParseValue(line, Limits{Bytes: n + 1, Nodes: n + 1, String: n + 1})
	if err != nil {
		x.fail("a value cannot be read: %w", err)
		return
	}
	op.Value = v
}
