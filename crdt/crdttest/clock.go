package crdttest

import (
	"math/rand/v2"

	"github.com/fieldstack/fieldstack/crdt"
)

// wrongClock is the clock of a replica. It is set wrong, gains or loses, stands still,
// ticks coarsely, and is set anew at any time.
type wrongClock struct {
	logical crdt.Clock
	offset  int64   // ms ahead of the true time
	gain    float64 // ms for each true ms since the world began
	grain   int64   // it tells only multiples of so many ms
	stopped bool
	stands  int64 // what it tells while it is stopped
	forgets bool  // its replica forgets, whenever the clock is set, what it stamped last
}

// newClock gives a clock as people have them: mostly right, often far off.
func newClock(r *rand.Rand) wrongClock {
	c := wrongClock{grain: pick(r, []int64{1, 1000, 60_000}), forgets: r.IntN(4) == 0}
	if r.IntN(2) == 0 {
		c.set(r)
	}
	return c
}

// read is what the clock tells at a true time.
func (c *wrongClock) read(now int64) int64 {
	if c.stopped {
		return c.stands
	}
	ms := now + c.offset + int64(c.gain*float64(now-start))
	return ms - ms%c.grain
}

// next gives a stamp.
func (c *wrongClock) next(now int64) crdt.Time { return c.logical.Next(c.read(now)) }

// set puts the clock right, or wrong by seconds to years either way.
func (c *wrongClock) set(r *rand.Rand) {
	const second, hour, year = 1000, 3_600_000, 31_536_000_000
	c.offset = pick(r, []int64{0, 1, second, 30 * second, hour, year}) * pick(r, []int64{1, -1})
	if c.forgets {
		c.logical = crdt.Clock{}
	}
}

// misbehave does something to the clock, and says what.
func (c *wrongClock) misbehave(r *rand.Rand, now int64) string {
	switch r.IntN(3) {
	case 0:
		c.stands, c.stopped = c.read(now), !c.stopped
		if c.stopped {
			return "stops"
		}
		return "goes again"
	case 1:
		c.gain = pick(r, []float64{0, 0.1, -0.1, 100, -0.999})
		return "drifts"
	}
	c.set(r)
	return "is set"
}
