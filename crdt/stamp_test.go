package crdt

import (
	"encoding"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestTextForms(t *testing.T) {
	tests := []struct {
		v    encoding.TextMarshaler
		into encoding.TextUnmarshaler
		want string
	}{
		{Replica(1), new(Replica), "0000000000000001"},
		{Replica(math.MaxUint64), new(Replica), "ffffffffffffffff"},
		{Time(0), new(Time), "000000000000-0000"},
		{NewTime(0x19a2b3c4d5e, 0xf), new(Time), "019a2b3c4d5e-000f"},
		{Time(math.MaxUint64), new(Time), "ffffffffffff-ffff"},
		{Dot{0xabc, 1}, new(Dot), "0000000000000abc.1"},
		{Dot{math.MaxUint64, MaxSeq}, new(Dot), "ffffffffffffffff.9007199254740991"},
	}
	for _, test := range tests {
		text, err := test.v.MarshalText()
		if err != nil || string(text) != test.want {
			t.Errorf("%#v is written %q, %v; want %q", test.v, text, err, test.want)
		}
		if err := test.into.UnmarshalText(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if back, _ := test.into.(encoding.TextMarshaler).MarshalText(); string(back) != test.want {
			t.Errorf("%s reads back as %s", text, back)
		}
	}
}

// TestTextForms_OneSpelling refuses every other way to write the same thing, and
// leaves what was there alone.
func TestTextForms_OneSpelling(t *testing.T) {
	replica, at, dot := Replica(7), Time(7), Dot{7, 7}
	tests := []struct {
		into encoding.TextUnmarshaler
		bad  []string
	}{
		{&replica, []string{"", "1", "0000000000000000", "000000000000001", "00000000000000001", "000000000000000A", "000000000000000g", " 000000000000001", "0x00000000000001"}},
		{&at, []string{"", "000000000000", "0000000000000000", "0000000000000-000", "000000000000_0000", "00000000000A-0000", "000000000000-00000", "000000000000-000g", "00000000000-00000"}},
		{&dot, []string{"", "0000000000000abc", "0000000000000abc.", "0000000000000abc.0", "0000000000000abc.01", "0000000000000abc.+1", "0000000000000abc.-1",
			"0000000000000abc.9007199254740992", "0000000000000abc.10000000000000000", "0000000000000000.1", "0000000000000ABC.1", "abc.1", "0000000000000abc.1 ", "0000000000000abc 1", "0000000000000abc.1.1"}},
	}
	for _, test := range tests {
		for _, bad := range test.bad {
			if err := test.into.UnmarshalText([]byte(bad)); err == nil {
				t.Errorf("%T reads %q", test.into, bad)
			}
		}
	}
	if replica != 7 || at != 7 || dot != (Dot{7, 7}) {
		t.Errorf("a refused text left %v, %v, %v", replica, at, dot)
	}
}

// TestTextForms_SortAsTheyCompare: stamps and replicas sort as text as they do as
// numbers.
func TestTextForms_SortAsTheyCompare(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		a, b := Time(rng.Uint64()>>rng.IntN(64)), Time(rng.Uint64()>>rng.IntN(64))
		if (a < b) != (a.String() < b.String()) {
			t.Fatalf("%v and %v sort otherwise as text", a, b)
		}
		r, s := Replica(a), Replica(b)
		if (r < s) != (r.String() < s.String()) {
			t.Fatalf("%v and %v sort otherwise as text", r, s)
		}
	}
}

func TestCompare(t *testing.T) {
	stamps := []Stamp{{0, 1}, {0, 2}, {1, 1}, {1, math.MaxUint64}, {2, 1}, {math.MaxUint64, 1}}
	dots := []Dot{{}, {1, 1}, {1, 2}, {1, MaxSeq}, {2, 1}, {math.MaxUint64, 1}}
	for i := range stamps {
		for j := range stamps {
			want := max(-1, min(i-j, 1))
			if got := stamps[i].Compare(stamps[j]); got != want {
				t.Errorf("%v against %v: %d, want %d", stamps[i], stamps[j], got, want)
			}
			if got := dots[i].Compare(dots[j]); got != want {
				t.Errorf("%v against %v: %d, want %d", dots[i], dots[j], got, want)
			}
		}
	}
}

func TestSpan_Text(t *testing.T) {
	for _, s := range []Span{{Dot{0xabc, 1}, 1}, {Dot{0xabc, 17}, 300}, {Dot{1, MaxSeq}, 1}, {Dot{1, 1}, MaxSeq}} {
		if got, err := ParseSpan(s.String()); err != nil || got != s {
			t.Errorf("%v reads back as %v, %v", s, got, err)
		}
	}
	const dot = "0000000000000abc.5"
	for _, bad := range []string{"", dot, dot + "+", dot + "+0", dot + "+01", dot + "+-1", dot + "++1", dot + "+1+1",
		dot + "+9007199254740988", "0000000000000abc+1", dot + " +1"} {
		if got, err := ParseSpan(bad); err == nil {
			t.Errorf("%q reads as %v", bad, got)
		}
	}
	if got, err := ParseSpan(dot + "+9007199254740987"); err != nil || !strings.HasSuffix(got.String(), "987") {
		t.Errorf("a span up to the last number is refused: %v", err)
	}
}
