package crdttest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Office is a world of devices and a server: a device sends what is pending and gets
// what others made, and nobody but the server says what was done.
type Office struct {
	*World
	Server  *Server
	Devices []*Device

	refused    []*crdt.Change
	strictness int // a rule refuses one change in so many
	folding
}

func newOffice(w *World) *Office {
	o := &Office{World: w, strictness: pick(w.Rand, []int{5, 20, 1 << 30})}
	o.folds, o.knew = w.Rand.IntN(3) == 0, map[crdt.Dot]int{}
	w.network = newNetwork(w.Rand, w.Size.Replicas+1)
	o.Server = &Server{Doc: crdt.NewDocument(), id: w.newID(1), desks: map[crdt.Replica]*desk{}}
	for place := range w.Size.Replicas {
		d := &Device{ID: w.newID(place + 2), Confirmed: crdt.NewDocument(), place: place, clock: newClock(w.Rand)}
		o.Devices = append(o.Devices, d)
		w.whileAlive(5000, func() error { return o.turn(d) })
	}
	w.whileAlive(20_000, o.serve)
	if o.folds {
		w.whileAlive(60_000, o.meeting)
	}
	w.whileAlive(30_000, w.weather)
	return o
}

// place is where the server is.
func (o *Office) place() int { return len(o.Devices) }

// turn lets a device do something of its own accord.
func (o *Office) turn(d *Device) error {
	o.whileAlive(5000, func() error { return o.turn(d) })
	if o.gather || o.network.asleep[d.place] {
		return nil
	}
	switch o.Rand.IntN(16) {
	default:
		return o.edit(d)
	case 0, 1, 2, 3, 4:
		o.sync(d, false)
	case 5:
		o.sync(d, true)
	case 6:
		o.note("%d starts again", d.place)
		var err error
		d.Confirmed, err = reread(d.Confirmed)
		return err
	case 7:
		o.note("the clock of %d %s", d.place, d.clock.misbehave(o.Rand, o.now))
	case 8:
		o.fallAsleep(d.place)
	case 9:
		if !o.folds { // what a restored copy makes anew may lean on what was folded away
			return o.keepOrRestore(d)
		}
	}
	return nil
}

// checkDevice holds what a device has confirmed against the model, now and then: it is
// what the log comes to, as far as the device has heard it and of its own changes as
// far as they were acknowledged.
func (o *Office) checkDevice(d *Device) error {
	if !o.look(16) {
		return nil
	}
	seen := d.Confirmed.Seen()
	heard := slices.DeleteFunc(slices.Clone(o.Server.Log), func(c *crdt.Change) bool { return c.N > seen[c.Replica] })
	if err := isModel(d.Confirmed, Model(heard)); err != nil {
		return fmt.Errorf("device %d: %w", d.place, err)
	}
	return nil
}

// exchange lets every device sync until it has sent all and heard all. The second time
// it hears what the others sent the first.
func (o *Office) exchange() {
	const longerThanAnyMessageTakes = 100_000
	for round := range int64(2) {
		for _, d := range o.Devices {
			o.plan(round*2*longerThanAnyMessageTakes, func() error { o.sync(d, true); return nil })
		}
	}
}

// agree checks that nothing is pending, that all devices have the server's document (to
// the byte, where nobody folded it), which is what the model says of the log, that what was acknowledged is in
// the log as acknowledged and what was refused is not, and that no more was refused
// than a rule forbids and what leans on that.
func (o *Office) agree() error {
	for _, d := range o.Devices {
		if len(d.Pending) > 0 {
			return fmt.Errorf("device %d still has %d changes to send", d.place, len(d.Pending))
		}
		if a, b := o.told(o.Server.Doc), o.told(d.Confirmed); a != b {
			return fmt.Errorf("the server and device %d differ:\n%q\n%q\n%s", d.place, a, b, differenceAt(a, b))
		}
		if err := o.keptWhatItAcknowledged(d); err != nil {
			return err
		}
	}
	o.note("all have %q", Bytes(o.Server.Doc))
	if err := o.refusedForAReason(); err != nil {
		return err
	}
	if !o.folded {
		return agreed(o.Server.Doc, o.Server.Log, true)
	}
	return isModel(o.Server.Doc, Model(o.Server.Log))
}

// keptWhatItAcknowledged looks for all that a device was told is accepted.
func (o *Office) keptWhatItAcknowledged(d *Device) error {
	for _, c := range d.acked {
		found := 0
		for _, logged := range o.Server.Log {
			if logged.Replica == c.Replica && logged.N == c.N && logged.Stamp == c.Stamp {
				found++
			}
		}
		if found != 1 {
			return fmt.Errorf("the acknowledged change %s/%d is %d times in the log", c.Replica, c.N, found)
		}
	}
	return nil
}

// refusedForAReason checks that what no rule forbids was refused only because it leans
// on something that was refused.
func (o *Office) refusedForAReason() error {
	gone, creationGone := map[crdt.Dot]bool{}, false
	for _, c := range o.refused {
		reason := o.Server.desks[c.Replica].answers[c.N-1].refused
		leans := creationGone || slices.ContainsFunc(mentions(c), func(d crdt.Dot) bool { return gone[d] })
		if !errors.Is(reason, errRule) && !leans {
			return fmt.Errorf("change %s/%d leans on nothing that was refused and is refused: %w", c.Replica, c.N, reason)
		}
		for _, d := range makes(c) {
			gone[d] = true
		}
		creationGone = creationGone || has(c, crdt.OpCreate)
	}
	return nil
}
