package collections

import (
	"maps"
	"time"
)

// Behind tells how far this server is with what others wrote to the store that they share:
// how many entries of each stream it has not published yet, and how long ago it last read
// all of them through, which it does several times a second. shared is false where it has
// the store to itself. The caller owns the map.
func (e *Engine) Behind() (entries map[string]uint64, heard time.Duration, shared bool) {
	if !e.several() {
		return nil, 0, false
	}
	e.tail.mu.Lock()
	defer e.tail.mu.Unlock()
	return maps.Clone(e.tail.lag), max(0, e.now().Sub(e.tail.looked)), true
}

// heardWithin is how long a server may hear nothing of what others write before it is not
// ready: who reads at it would take old things for the newest.
const heardWithin = 15 * time.Second

// deaf says that this server does not hear of others, if so.
func (e *Engine) deaf() error {
	if _, heard, shared := e.Behind(); shared && heard > heardWithin {
		return Errorf(Unavailable, "", "This server has not heard for %d seconds what others write.", int(heard.Seconds()))
	}
	return nil
}
