package crdt

import (
	"fmt"
	"strconv"
	"strings"
)

// String gives the text form.
func (s Span) String() string { return s.Start.String() + "+" + strconv.FormatUint(s.Len, 10) }

// ParseSpan reads the text form of a span. Its last element is within MaxSeq too.
func ParseSpan(text string) (Span, error) {
	start, length, _ := strings.Cut(text, "+")
	first, err := ParseDot(start)
	n, ok := parseSeq(length)
	if err != nil || !ok || n-1 > MaxSeq-first.Seq {
		return Span{}, fmt.Errorf("crdt: %s is not a span: want <replica>.<number>+<length>", quoted(text))
	}
	return Span{first, n}, nil
}

// end is the element just past the span.
func (s Span) end() Dot { return Dot{s.Start.Replica, s.Start.Seq + s.Len} }
