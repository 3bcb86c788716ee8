package crdt

// Clock is a hybrid logical clock (Kulkarni et al., "Logical Physical Clocks",
// 2014): its readings never go back and never repeat, and stay as close to the
// physical time as the stamps it was shown allow. The zero value is ready. It is
// not safe for concurrent use; its owner persists Last with what it stamps.
type Clock struct {
	Last Time
}

// Next gives a reading later than every earlier one; ms is the physical time now.
// A full counter carries into the milliseconds, so a burst of more than 65,536
// readings in one millisecond still moves forward. Only at the end of time, in the
// year 10889, it stands still.
func (c *Clock) Next(ms int64) Time {
	if c.Last < endOfTime {
		c.Last = max(NewTime(ms, 0), c.Last+1)
	}
	return c.Last
}

// endOfTime is the last Time; one more would be the first.
const endOfTime = ^Time(0)

// Observe makes later readings come after t, which somebody else's clock gave.
// The caller bounds t first: whoever shows a clock the far future sends it there.
func (c *Clock) Observe(t Time) { c.Last = max(c.Last, t) }
