package crdt

import (
	"fmt"
	"strconv"
	"strings"
)

// String gives the text form.
func (s Span) String() string { return string(s.appendTo(nil)) }

func (s Span) appendTo(dst []byte) []byte {
	return strconv.AppendUint(append(s.Start.appendTo(dst), '+'), s.Len, 10)
}

// ParseSpan reads the text form of a span. Its last element is within MaxSeq too.
func ParseSpan(text string) (Span, error) {
	s, ok := parseSpan(text)
	if !ok {
		return Span{}, fmt.Errorf("crdt: %s is not a span: want <replica>.<number>+<length>", quoted(text))
	}
	return s, nil
}

func parseSpan(text string) (Span, bool) {
	start, length, _ := strings.Cut(text, "+")
	first, ok1 := parseDot(start)
	n, ok2 := parseSeq(length)
	if !ok1 || !ok2 || n-1 > MaxSeq-first.Seq {
		return Span{}, false
	}
	return Span{first, n}, true
}

// end is the element just past the span.
func (s Span) end() Dot { return Dot{s.Start.Replica, s.Start.Seq + s.Len} }
