package crdt

import (
	"slices"
	"strconv"
)

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
	dst = c.Replica.appendTo(append(dst, `,"replica":"`...))
	dst = c.Stamp.appendTo(append(dst, `","stamp":"`...))
	dst = appendString(append(dst, `","type":`...), c.Type)
	dst = strconv.AppendInt(append(dst, `,"version":`...), int64(c.Version), 10)
	return append(dst, '}')
}

// memberOrder is the members of an operation in the order of their names.
var memberOrder = [...]members{
	hasAfter, hasAs, hasBefore, hasID, hasKind, hasOver, hasPath, hasRow, hasSaw, hasSpans, hasText, hasValue,
}

// appendOp appends an operation: the members of its kind, in the order of their names.
func appendOp(dst []byte, op *Op) []byte {
	present := op.members()
	open := byte('{')
	for _, one := range memberOrder {
		if present&one == 0 {
			continue
		}
		dst = append(dst, open, '"')
		dst = append(dst, one.name()...)
		dst = append(dst, '"', ':')
		dst = appendMember(dst, op, one)
		open = ','
	}
	return append(dst, '}')
}

// members gives those of the kind that are written.
func (o *Op) members() members {
	need, may, _ := membersOf(o.Kind)
	if o.After == (Dot{}) {
		may &^= hasAfter
	}
	if o.Before == (Dot{}) {
		may &^= hasBefore
	}
	if !o.Has {
		may &^= hasValue
	}
	return need | may | hasKind
}

func appendMember(dst []byte, op *Op, which members) []byte {
	switch which {
	case hasKind:
		return appendString(dst, string(op.Kind))
	case hasPath:
		return appendList(dst, op.Path, appendString)
	case hasValue:
		return AppendValue(dst, op.Value)
	case hasID:
		return strconv.AppendUint(dst, op.ID, 10)
	case hasAfter:
		return appendQuoted(dst, op.After)
	case hasBefore:
		return appendQuoted(dst, op.Before)
	case hasRow:
		return appendQuoted(dst, op.Row)
	case hasText:
		return appendString(dst, op.Text)
	case hasAs:
		return appendString(dst, string(op.As))
	case hasOver:
		return appendList(dst, ascending(op.Over), appendQuoted[Dot])
	case hasSpans:
		return appendList(dst, op.Spans, appendQuoted[Span])
	}
	return appendVector(dst, op.Saw)
}

// ascending gives the elements in order, each once.
func ascending(dots []Dot) []Dot {
	if isAscending(dots) {
		return dots
	}
	dots = slices.Clone(dots)
	slices.SortFunc(dots, Dot.Compare)
	return slices.Compact(dots)
}

// appendQuoted appends what has a text form that needs no escapes.
func appendQuoted[T interface{ appendTo([]byte) []byte }](dst []byte, v T) []byte {
	return append(v.appendTo(append(dst, '"')), '"')
}

func appendList[T any](dst []byte, list []T, one func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, element := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, element)
	}
	return append(dst, ']')
}

// appendVector appends a vector with its replicas in ascending order.
func appendVector(dst []byte, v Vector) []byte {
	dst = append(dst, '{')
	for i, r := range v.replicas() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, r), ':')
		dst = strconv.AppendUint(dst, v[r], 10)
	}
	return append(dst, '}')
}

// replicas lists the replicas of a vector, ascending.
func (v Vector) replicas() []Replica {
	replicas := make([]Replica, 0, len(v))
	for r := range v {
		replicas = append(replicas, r)
	}
	slices.Sort(replicas)
	return replicas
}
