package crdt

import (
	"math"
	"testing"
)

// TestClock_PhysicalTime runs the physical time forward, with stutters and back, and
// sends and receives under each: readings always grow, and follow the physical time
// again as soon as it is ahead.
func TestClock_PhysicalTime(t *testing.T) {
	times := map[string][]int64{
		"monotonic":  {1000, 1001, 1002, 1010, 2000},
		"stuttering": {1000, 1000, 1000, 1001, 1001},
		"regressing": {1000, 999, 500, 0, -7, 1001},
	}
	for name, run := range times {
		t.Run("send, "+name, func(t *testing.T) {
			var c Clock
			last, highest := Time(0), int64(0)
			for _, ms := range run {
				got := c.Next(ms)
				if got <= last {
					t.Fatalf("at %d the reading %v is not later than %v", ms, got, last)
				}
				if ms > highest && got != NewTime(ms, 0) {
					t.Fatalf("at %d, which is ahead, the reading is %v", ms, got)
				}
				highest = max(highest, ms)
				if got.Millis() != highest {
					t.Fatalf("at %d the reading %v strays from %d", ms, got, highest)
				}
				if c.Last != got {
					t.Fatalf("Last is %v after the reading %v", c.Last, got)
				}
				last = got
			}
		})
		t.Run("receive, "+name, func(t *testing.T) {
			for _, remote := range []Time{0, NewTime(400, 9), NewTime(1000, 3), NewTime(1500, 0), NewTime(9000, 5)} {
				var c Clock
				for _, ms := range run {
					before := c.Next(ms)
					c.Observe(remote)
					if c.Last != max(before, remote) {
						t.Fatalf("having read %v and seen %v, Last is %v", before, remote, c.Last)
					}
					if after := c.Next(ms); after <= before || after <= remote {
						t.Fatalf("having read %v and seen %v, the clock reads %v", before, remote, after)
					}
				}
			}
		})
	}
}

func TestClock_ObserveNeverGoesBack(t *testing.T) {
	c := Clock{Last: NewTime(1000, 5)}
	c.Observe(NewTime(999, 65535))
	if c.Last != NewTime(1000, 5) {
		t.Errorf("Last went back to %v", c.Last)
	}
}

func TestClock_CounterCarriesIntoMillis(t *testing.T) {
	c := Clock{Last: NewTime(1000, math.MaxUint16)}
	if got, want := c.Next(1000), NewTime(1001, 0); got != want {
		t.Errorf("behind a full counter the clock reads %v, want %v", got, want)
	}
	if got, want := c.Next(1000), NewTime(1001, 1); got != want {
		t.Errorf("then it reads %v, want %v", got, want)
	}
	if got, want := c.Next(1001), NewTime(1001, 2); got != want {
		t.Errorf("when the time has caught up it reads %v, want %v", got, want)
	}
}

func TestClock_EndOfTime(t *testing.T) {
	c := Clock{Last: NewTime(MaxMillis, math.MaxUint16-1)}
	end := NewTime(MaxMillis, math.MaxUint16)
	for range 3 {
		if got := c.Next(5000); got != end {
			t.Fatalf("at the end of time the clock reads %v, want %v", got, end)
		}
	}
}

func TestNewTime_Clamps(t *testing.T) {
	tests := []struct {
		ms      int64
		counter uint16
		want    Time
	}{
		{math.MinInt64, 1, 1},
		{-1, 0, 0},
		{0, 0, 0},
		{1, 2, 1<<16 | 2},
		{MaxMillis, math.MaxUint16, math.MaxUint64},
		{MaxMillis + 1, 0, MaxMillis << 16},
		{math.MaxInt64, 0, MaxMillis << 16},
	}
	for _, test := range tests {
		if got := NewTime(test.ms, test.counter); got != test.want {
			t.Errorf("NewTime(%d, %d) = %v, want %v", test.ms, test.counter, got, test.want)
		}
	}
	if at := NewTime(1234, 56); at.Millis() != 1234 || at.Counter() != 56 {
		t.Errorf("NewTime(1234, 56) reads as %d, %d", at.Millis(), at.Counter())
	}
}
