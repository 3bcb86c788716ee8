package crdttest

import (
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// folding is what an office must know so that its server may compact the document.
type folding struct {
	folds  bool             // the server does so now and then
	folded bool             // it has
	gather bool             // everybody syncs and nobody edits
	knew   map[crdt.Dot]int // by change, how much of the log its author had heard
}

// meeting lets all devices send and hear everything, after which the server has much to
// fold.
func (o *Office) meeting() error {
	o.note("everybody syncs")
	o.gather = true
	o.network.mend()
	o.exchange()
	o.plan(400_000, func() error {
		o.gather, o.network.whole = false, false
		o.whileAlive(60_000, o.meeting)
		return o.fold()
	})
	return nil
}

// knows notes how much of the log the author of a change had heard.
func (f *folding) knows(c *crdt.Change, heard int) {
	f.knew[crdt.Dot{Replica: c.Replica, Seq: c.N}] = heard
}

func (f *folding) heardBy(c *crdt.Change) int { return f.knew[crdt.Dot{Replica: c.Replica, Seq: c.N}] }

// fold lets the server compact its document at the highest place in the log that every
// device has passed, in all that it may still send too, and whoever made what comes
// behind that place. The value stays as it is.
func (o *Office) fold() error {
	floor := o.floor()
	before := shown(o.Server.Doc)
	o.note("the server folds what %d changes did", floor)
	if err := o.Server.Doc.Compact(o.Server.Log[floor:]); err != nil {
		return fmt.Errorf("compacting: %w", err)
	}
	o.folded = true
	if after := shown(o.Server.Doc); after != before {
		return fmt.Errorf("compacting makes\n%s\nof\n%s", after, before)
	}
	return nil
}

// told is what of a document must be the same for all: its bytes, or what it shows where
// some copies were compacted and others not.
func (o *Office) told(d *crdt.Document) string {
	if o.folded {
		return shown(d)
	}
	return Bytes(d)
}

// shown is what a document shows.
func shown(d *crdt.Document) string {
	return fmt.Sprint(crdt.Canonical(d.Value()), d.Exists(), d.Deleted(), d.Disagreements())
}

// floor is that place.
func (o *Office) floor() int {
	floor := len(o.Server.Log)
	for _, d := range o.Devices {
		floor = min(floor, d.cursor)
		for _, c := range d.Pending {
			if c.Doc == docID {
				floor = min(floor, o.heardBy(c))
			}
		}
	}
	for at := len(o.Server.Log) - 1; at >= floor; at-- {
		if heard := o.heardBy(o.Server.Log[at]); heard < floor {
			floor, at = heard, len(o.Server.Log)
		}
	}
	return floor
}
