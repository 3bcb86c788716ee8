package crdt

import (
	"fmt"
	"slices"
	"strconv"
)

// Replica names one installed store of one client: 64 random bits, never zero,
// new for each installation and each restore. As text it is 16 hexadecimal digits.
type Replica uint64

// String gives the 16 hexadecimal digits; their order is the order of the numbers.
func (r Replica) String() string { return string(r.appendTo(nil)) }

func (r Replica) appendTo(dst []byte) []byte { return appendHex(dst, uint64(r), 16) }

// MarshalText gives the 16 hexadecimal digits.
func (r Replica) MarshalText() ([]byte, error) { return r.appendTo(nil), nil }

// UnmarshalText reads what MarshalText wrote. Capital letters, other lengths and
// zero are errors: one replica has one spelling.
func (r *Replica) UnmarshalText(text []byte) error {
	v, err := ParseReplica(string(text))
	if err == nil {
		*r = v
	}
	return err
}

// ParseReplica reads the text form of a replica.
func ParseReplica(s string) (Replica, error) {
	r, ok := parseReplica(s)
	if !ok {
		return 0, fmt.Errorf("crdt: replica %q: want 16 digits 0-9a-f, not all zero", s)
	}
	return r, nil
}

func parseReplica(s string) (Replica, bool) {
	v, ok := parseHex(s, 16)
	return Replica(v), ok && v != 0
}

// Time is a reading of a hybrid logical clock without its replica: 48 bits of
// milliseconds since 1970 (UTC) and 16 bits of counter. Times compare as numbers.
// As text it is "mmmmmmmmmmmm-cccc", hexadecimal, so that text sorts as time does.
type Time uint64

// MaxMillis is the largest millisecond a Time can hold (the year 10889).
const MaxMillis = 1<<48 - 1

// NewTime puts a time together. ms is clamped to 0 … MaxMillis.
func NewTime(ms int64, counter uint16) Time {
	ms = max(0, min(ms, MaxMillis))
	return Time(ms)<<16 | Time(counter)
}

// Millis is the physical part, in milliseconds since 1970 (UTC).
func (t Time) Millis() int64 { return int64(t >> 16) }

// Counter is the logical part.
func (t Time) Counter() uint16 { return uint16(t) }

// String gives "mmmmmmmmmmmm-cccc".
func (t Time) String() string { return string(t.appendTo(nil)) }

func (t Time) appendTo(dst []byte) []byte {
	dst = append(appendHex(dst, uint64(t)>>16, 12), '-')
	return appendHex(dst, uint64(t)&0xffff, 4)
}

// MarshalText gives "mmmmmmmmmmmm-cccc".
func (t Time) MarshalText() ([]byte, error) { return t.appendTo(nil), nil }

// UnmarshalText reads exactly what MarshalText writes.
func (t *Time) UnmarshalText(text []byte) error {
	v, ok := parseTime(string(text))
	if !ok {
		return fmt.Errorf("crdt: stamp %q: want 12 digits 0-9a-f, a dash and 4 digits", text)
	}
	*t = v
	return nil
}

func parseTime(s string) (Time, bool) {
	if len(s) != 17 || s[12] != '-' {
		return 0, false
	}
	ms, ok1 := parseHex(s[:12], 12)
	counter, ok2 := parseHex(s[13:], 4)
	return Time(ms<<16 | counter), ok1 && ok2
}

// Stamp orders changes: by time, then by replica. No two changes share one.
type Stamp struct {
	Time    Time    `json:"time"`
	Replica Replica `json:"replica"`
}

// Compare is negative, zero or positive as s is before, equal to or after t.
func (s Stamp) Compare(t Stamp) int {
	switch {
	case s.Time < t.Time, s.Time == t.Time && s.Replica < t.Replica:
		return -1
	case s == t:
		return 0
	}
	return 1
}

// Dot names one element of one document: the Seq-th that Replica made in it,
// counting from 1. As text: "<replica>.<seq>", seq in decimal.
type Dot struct {
	Replica Replica
	Seq     uint64
}

// Compare orders dots by replica, then by number. The order means nothing in time;
// it only has to be the same everywhere.
func (d Dot) Compare(e Dot) int {
	switch {
	case d.Replica < e.Replica, d.Replica == e.Replica && d.Seq < e.Seq:
		return -1
	case d == e:
		return 0
	}
	return 1
}

// String gives the text form.
func (d Dot) String() string { return string(d.appendTo(nil)) }

func (d Dot) appendTo(dst []byte) []byte {
	return strconv.AppendUint(append(d.Replica.appendTo(dst), '.'), d.Seq, 10)
}

// MarshalText gives the text form.
func (d Dot) MarshalText() ([]byte, error) { return d.appendTo(nil), nil }

// UnmarshalText reads exactly what MarshalText writes.
func (d *Dot) UnmarshalText(text []byte) error {
	v, err := ParseDot(string(text))
	if err == nil {
		*d = v
	}
	return err
}

// ParseDot reads the text form of a dot.
func ParseDot(s string) (Dot, error) {
	d, ok := parseDot(s)
	if !ok {
		return Dot{}, fmt.Errorf("crdt: %q is not an element: want <replica>.<number>", s)
	}
	return d, nil
}

func parseDot(s string) (Dot, bool) {
	if len(s) < 18 || s[16] != '.' {
		return Dot{}, false
	}
	r, ok1 := parseReplica(s[:16])
	seq, ok2 := parseSeq(s[17:])
	if !ok1 || !ok2 {
		return Dot{}, false
	}
	return Dot{r, seq}, true
}

// parseSeq reads a positive decimal number in its only spelling, at most MaxSeq.
func parseSeq(s string) (uint64, bool) {
	if s == "" || s[0] < '1' || s[0] > '9' || len(s) > 16 {
		return 0, false
	}
	v, err := strconv.ParseUint(s, 10, 64)
	return v, err == nil && v <= MaxSeq
}

// MaxSeq bounds n of a change and seq of a dot: 2^53-1, the largest whole number
// that JavaScript holds exactly.
const MaxSeq = 1<<53 - 1

// appendHex appends the last digits of v, lower case.
func appendHex(dst []byte, v uint64, digits int) []byte {
	const hex = "0123456789abcdef"
	dst = slices.Grow(dst, digits)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, hex[v>>shift&15])
	}
	return dst
}

// parseHex reads exactly so many digits, lower case.
func parseHex(s string, digits int) (uint64, bool) {
	if len(s) != digits {
		return 0, false
	}
	var v uint64
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | uint64(c-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}
