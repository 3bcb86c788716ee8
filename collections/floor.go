package collections

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fieldstack/fieldstack/schema"
)

// keyFloor is the item of a floorMark.
const keyFloor = "floor/" + mainStream

// floorMark is the floor: the place in the log up to which history is older than the
// engine keeps it. It only moves forward, and no change comes in any more from who had
// not seen all up to it; so whatever was written up to it is settled, and the documents
// may forget how it came about.
type floorMark struct {
	N    uint64 `json:"n"`    // entries up to here
	At   int64  `json:"at"`   // ms since 1970 UTC: what was accepted before this is up to N
	Done uint64 `json:"done"` // documents that entries up to here are about have been folded
}

// has reports whether an entry at a place is below the floor. Only the stream main has one:
// where several servers write, history is kept.
func (m *floorMark) has(p Place) bool { return p.Stream == mainStream && p.N <= m.N }

// readFloor reads the floor and its item's Rev; zeros when there is none yet.
func (c *committer) readFloor() (mark floorMark, rev uint64, err error) {
	item, err := c.e.store.Item(c.ctx, kindEngine, keyFloor)
	if errors.Is(err, ErrNotFound) {
		return floorMark{}, 0, nil
	}
	if err == nil {
		rev, err = item.Rev, json.Unmarshal(item.Data, &mark)
	}
	if err != nil {
		err = fmt.Errorf("collections: reading where history begins: %w", err)
	}
	return mark, rev, err
}

// setFloor keeps where the floor is now. The records are marked level with the log up to
// here in the same commit: what is below the floor is never read again to mend them.
func (r *round) setFloor(mark floorMark) {
	data, err := json.Marshal(mark)
	if err != nil {
		panic("collections: a floor is always JSON: " + err.Error())
	}
	r.item(Item{Kind: kindEngine, Key: keyFloor, Rev: r.state.floorRev, Data: data})
	r.state.floor, r.state.floorRev = mark, r.state.floorRev+1
	r.levels = true
	r.then(func() { r.com.e.floor.Store(&mark) })
}

// knows is how far into the log the author of changes had seen when making them: what a
// request says by its cursor, and by the older one that its oldest change was made at.
// A place in another history says nothing.
func (e *Engine) knows(at *cursor, since string) Position {
	known := e.placeOf(at)
	if since == "" {
		return known
	}
	older, err := parseCursor(since)
	if err != nil {
		return Position{}
	}
	both := Position{}
	for stream, n := range e.placeOf(older) {
		both[stream] = min(n, known[stream])
	}
	return both
}

func (e *Engine) placeOf(at *cursor) Position {
	if at == nil || at.Epoch != e.epoch || at.Position.after(e.feed.position()) {
		return Position{}
	}
	return at.Position
}

// Outdated tells a device that it was away for longer than the server keeps history.
// What it has confirmed is replaced whole (Reset says so), and what it has not sent must
// be made anew, by value, upon the records as they are now.
type Outdated struct {
	Keeps   int64           `json:"keeps"`   // how long the server keeps history, ms; 0: no longer limited
	Message schema.Sentence `json:"message"` // for the person at the device
}

// outdated says it.
func (e *Engine) outdated() *Outdated {
	o := &Outdated{Message: schema.Says("This device was away for longer than the server keeps history. Its unsent work was put on top of the current records.")}
	if e.keep > 0 {
		o.Keeps = e.keep.Milliseconds()
		o.Message = schema.Says("This device was away for longer than the server keeps history (%s). Its unsent work was put on top of the current records.", inDays(e.keep))
	}
	return o
}

// inDays says a time as people do.
func inDays(d time.Duration) schema.Sentence {
	if days := int(d / (24 * time.Hour)); days > 0 {
		return schema.SaysOf(days, "%d day", "%d days")
	}
	return schema.Verbatim(d.String())
}
