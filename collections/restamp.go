package collections

import "github.com/fieldstack/fieldstack/crdt"

// stampFor is the stamp under which a pushed change would enter the log. last is the
// one given to the replica's change before it.
//
// The past is taken as it is, however far; a stamp from the future is brought back to
// the server's time, or it would win for ever. Either way the device's own order is
// kept: a stamp that is not after the last becomes the very next one. So no stamp in
// the log is ahead of the server's time by more than the changes that came since it,
// one tick each, and a tick is a 65,536th of a millisecond.
//
// No clock moves: accept moves it, once the change is in.
func (r *round) stampFor(c *crdt.Change, last crdt.Time) crdt.Time {
	stamp := c.Stamp
	if stamp.Millis() > r.now {
		clock := r.state.clock
		stamp = clock.Next(r.now)
	}
	return max(stamp, last+1)
}
