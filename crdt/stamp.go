package crdt

import (
	"encoding/hex"
	"fmt"
	"strconv"
)

// Replica names one installed store of one client: 64 random bits, never zero,
// new for each installation and each restore. As text it is 16 hexadecimal digits.
type Replica uint64

// String gives the 16 hexadecimal digits; their order is the order of the numbers.
func (r Replica) String() string { return fmt.Sprintf("%016x", uint64(r)) }

// MarshalText gives the 16 hexadecimal digits.
func (r Replica) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

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
	v, err := parseHex(s, 16)
	if err != nil || v == 0 {
		return 0, fmt.Errorf("crdt: replica %q: want 16 digits 0-9a-f, not all zero", s)
	}
	return Replica(v), nil
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
func (t Time) String() string { return fmt.Sprintf("%012x-%04x", uint64(t)>>16, uint64(t)&0xffff) }

// MarshalText gives "mmmmmmmmmmmm-cccc".
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads exactly what MarshalText writes.
func (t *Time) UnmarshalText(text []byte) error {
	s := string(text)
	if len(s) == 17 && s[12] == '-' {
		ms, err1 := parseHex(s[:12], 12)
		counter, err2 := parseHex(s[13:], 4)
		if err1 == nil && err2 == nil {
			*t = Time(ms<<16 | counter)
			return nil
		}
	}
	return fmt.Errorf("crdt: stamp %q: want 12 digits 0-9a-f, a dash and 4 digits", text)
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
func (d Dot) String() string { return d.Replica.String() + "." + strconv.FormatUint(d.Seq, 10) }

// MarshalText gives the text form.
func (d Dot) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

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
	if len(s) > 17 && s[16] == '.' {
		r, err := ParseReplica(s[:16])
		seq, ok := parseSeq(s[17:])
		if err == nil && ok {
			return Dot{r, seq}, nil
		}
	}
	return Dot{}, fmt.Errorf("crdt: %q is not an element: want <replica>.<number>", s)
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

func parseHex(s string, digits int) (uint64, error) {
	if len(s) != digits {
		return 0, hex.ErrLength
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
			return 0, hex.InvalidByteError(c)
		}
	}
	return v, nil
}
