package crdt_test

import (
	"encoding"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// What is read as the name of a replica, a stamp, an element or a span has one
// spelling only, and is within bounds.
func FuzzNames(f *testing.F) {
	for _, text := range []string{
		"00000000000000a0", "0000000000000000", "00000000000000A0", "019ab6900000-0001", "ffffffffffff-ffff",
		"00000000000000a0.1", "00000000000000a0.01", "00000000000000a0.9007199254740991", "00000000000000a0.9007199254740992",
		"00000000000000a0.1+9007199254740991", "00000000000000a0.2+9007199254740991", "00000000000000a0.1+0", "+", "é.1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var replica crdt.Replica
		var stamp crdt.Time
		var dot crdt.Dot
		oneSpelling(t, text, &replica, func() string { return replica.String() })
		oneSpelling(t, text, &stamp, func() string { return stamp.String() })
		if oneSpelling(t, text, &dot, func() string { return dot.String() }) && (dot.Replica == 0 || dot.Seq == 0 || dot.Seq > crdt.MaxSeq) {
			t.Errorf("%q is read as %+v", text, dot)
		}
		if s, err := crdt.ParseSpan(text); err == nil && (s.String() != text || s.Len == 0 || s.Start.Seq+s.Len-1 > crdt.MaxSeq) {
			t.Errorf("%q is read as %+v", text, s)
		}
	})
}

// oneSpelling reads a text; what can be read is written the same.
func oneSpelling(t *testing.T, text string, into encoding.TextUnmarshaler, written func() string) bool {
	t.Helper()
	if into.UnmarshalText([]byte(text)) != nil {
		return false
	}
	if written() != text {
		t.Errorf("%q is read as %s", text, written())
	}
	return true
}
