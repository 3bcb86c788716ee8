package collections

import "time"

// SetReachTime bounds how long a reader waits for what another server told it of, until
// the function it gives is called.
func SetReachTime(d time.Duration) (restore func()) {
	was := reachTime
	reachTime = d
	return func() { reachTime = was }
}
