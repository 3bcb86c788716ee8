package collections

import (
	"context"
	"fmt"
)

// Gauges are numbers of what there is just now, of everybody's: for who watches the server.
type Gauges struct {
	Devices       int   // that are remembered
	DevicesUnsent int   // of those that said last that work waits on them
	Unsent        int   // changes that wait on devices, as those said last
	UnsentMost    int   // … on the one with the most
	UnsentOldest  int64 // when the oldest of those was made, ms since 1970 UTC, by its device's clock; 0: none waits
	DeviceRefused int   // changes that devices keep because the server would not take them

	Refused   int            // refused changes that the server keeps for somebody to look at
	Attention map[string]int // records that need attention, by type, up to MostAttention each
}

// MostAttention is how far the records of a type that need attention are counted.
const MostAttention = maxPage

// Gauges finds out, for at most so many types in the order of their names. It reads what is
// kept of every device, and up to MostAttention records of a type: ask now and then.
func (e *Engine) Gauges(ctx context.Context, types int) (*Gauges, error) {
	system := Actor{User: "system", Name: "system", Role: Owner}
	devices, err := e.Devices(ctx, system)
	if err != nil {
		return nil, fmt.Errorf("collections: counting devices: %w", err)
	}
	g := &Gauges{Attention: map[string]int{}, Refused: e.refused.len()}
	for _, d := range devices {
		g.device(d)
	}
	names := e.reg.names()
	for _, name := range names[:min(types, len(names))] {
		if g.Attention[name], err = e.CountAttention(ctx, system, name, MostAttention); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// device counts one.
func (g *Gauges) device(d *Device) {
	g.Devices++
	g.DeviceRefused += d.Report.Refused
	if d.Report.Unsent == 0 {
		return
	}
	g.DevicesUnsent++
	g.Unsent += d.Report.Unsent
	g.UnsentMost = max(g.UnsentMost, d.Report.Unsent)
	if old := d.Report.Oldest; old > 0 && (g.UnsentOldest == 0 || old < g.UnsentOldest) {
		g.UnsentOldest = old
	}
}

// After counts the entries of the log that come after a cursor; 0 for one of another
// history, or that cannot be read.
func (e *Engine) After(text string) (entries uint64) {
	at, err := parseCursor(text)
	if err != nil || at == nil || at.Epoch != e.epoch {
		return 0
	}
	for stream, head := range e.feed.position() {
		if head > at.Position[stream] {
			entries += head - at.Position[stream]
		}
	}
	return entries
}

// len is how many are kept.
func (s *refused) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.heads)
}
