package activity

import (
	"slices"
	"time"
)

// Counts are numbers of things that happened.
type Counts struct {
	Syncs     uint64 `json:"syncs,omitempty"`     // round trips of devices
	Accepted  uint64 `json:"accepted,omitempty"`  // changes that came in
	Refused   uint64 `json:"refused,omitempty"`   // changes that were turned away
	Merged    uint64 `json:"merged,omitempty"`    // accepted ones that met work their author had not seen
	Conflicts uint64 `json:"conflicts,omitempty"` // merged ones that wrote one value where another was written
	Delivered uint64 `json:"delivered,omitempty"` // webhook messages that were taken
	Failed    uint64 `json:"failed,omitempty"`    // attempts to deliver one that were not
}

// add adds other to c.
func (c *Counts) add(other Counts) {
	c.Syncs += other.Syncs
	c.Accepted += other.Accepted
	c.Refused += other.Refused
	c.Merged += other.Merged
	c.Conflicts += other.Conflicts
	c.Delivered += other.Delivered
	c.Failed += other.Failed
}

// Hour is what was counted in one hour.
type Hour struct {
	Start int64 `json:"-"` // ms since 1970 UTC
	Counts
	Devices []uint64 `json:"devices,omitempty"` // replicas that synced, sorted; at most maxDevices of them
}

// maxDevices bounds how many devices of one hour are told apart. Beyond it, the number
// shown is the least that there were.
const maxDevices = 5_000

// join adds other, of the same time, to h.
func (h *Hour) join(other Hour) {
	h.Counts.add(other.Counts)
	if len(other.Devices) == 0 {
		return
	}
	all := slices.Concat(h.Devices, other.Devices)
	slices.Sort(all)
	all = slices.Compact(all)
	h.Devices = all[:min(len(all), maxDevices)]
}

// Sum joins hours: what was counted adds up, and a device that came in several counts
// once. Start is that of the first.
func Sum(hours []Hour) Hour {
	var sum Hour
	if len(hours) > 0 {
		sum.Start = hours[0].Start
	}
	seen := map[uint64]bool{}
	for _, h := range hours {
		sum.Counts.add(h.Counts)
		for _, device := range h.Devices {
			seen[device] = true
		}
	}
	for device := range seen {
		sum.Devices = append(sum.Devices, device)
	}
	slices.Sort(sum.Devices)
	return sum
}

// hourOf gives the start of the hour that a moment is in.
func hourOf(at time.Time) int64 { return at.Truncate(time.Hour).UnixMilli() }

// keyOf is the key of an hour's item: in the order of time.
func keyOf(start int64) string { return time.UnixMilli(start).UTC().Format(keyLayout) }

const keyLayout = "2006-01-02T15"
