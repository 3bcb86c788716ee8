package crdttest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Device keeps what the server acknowledged and, beside it, a queue of what it was not
// told about yet. The person sees both.
type Device struct {
	ID        crdt.Replica
	Confirmed *crdt.Document
	Pending   []*crdt.Change

	place  int
	n      uint64 // of its last change
	cursor int    // so much of the log it has heard
	clock  wrongClock
	acked  []*crdt.Change // what the server said it took
	backup *deviceBackup
}

// deviceBackup is an older copy of a device.
type deviceBackup struct {
	value, meta []byte
	pending     []*crdt.Change
	cursor      int
}

// view is what the person sees. A pending change that leans on a refused one does not
// show; the server will refuse it too.
func (d *Device) view() *crdt.Document {
	doc := d.Confirmed.Clone()
	for _, c := range d.Pending {
		if c.Doc == docID {
			c = following(doc, c)
			if _, missing := doc.Missing(c); !missing {
				_, _ = doc.Apply(c) // an error leaves the document as it was
			}
		}
	}
	return doc
}

// following is c with the last of its replica's changes that doc holds before it: the
// one it was made after may have been refused.
func following(doc *crdt.Document, c *crdt.Change) *crdt.Change {
	next := *c
	if seen := doc.Seen()[c.Replica]; seen < c.N {
		next.Prev = seen
	}
	return &next
}

// edit lets the person make a change, now and then to another document.
func (o *Office) edit(d *Device) error {
	o.edits--
	stamp := d.clock.next(o.now)
	if o.Rand.IntN(8) == 0 {
		d.n++
		d.Pending = append(d.Pending, &crdt.Change{Replica: d.ID, N: d.n, Stamp: stamp, Type: "work-order", Version: 1, Doc: otherID})
		return nil
	}
	c, err := o.compose(d.view(), d.ID, d.n+1, stamp)
	if c == nil || err != nil {
		return err
	}
	d.n++
	o.knows(c, d.cursor)
	o.note("%d makes %s", d.place, crdt.AppendChange(nil, c))
	d.Pending = append(d.Pending, c)
	return nil
}

// sync sends what is pending, or some of it, and where the device is in the log.
func (o *Office) sync(d *Device, all bool) {
	id, cursor, sent := d.ID, d.cursor, slices.Clone(d.Pending)
	if !all {
		sent = sent[:o.Rand.IntN(len(sent)+1)]
	}
	o.send(d.place, o.place(), fmt.Sprintf("%d changes and cursor %d", len(sent), cursor), func() error {
		answers := o.push(id, sent)
		o.reply(d, id, sent[:len(answers)], answers, cursor, all)
		return nil
	})
}

// reply sends answers and what is new in the log: a page of changes or, to a device
// that is far behind, the whole document.
func (o *Office) reply(d *Device, id crdt.Replica, sent []*crdt.Change, answers []answer, cursor int, all bool) {
	s := o.Server
	page := s.Log[cursor:]
	if len(page) > 10 && o.Rand.IntN(2) == 0 {
		value, meta := s.Doc.Encode()
		head := len(s.Log)
		o.send(o.place(), d.place, "answers and the document", func() error {
			return o.heed(d, id, sent, answers, func() error { return o.takeWhole(d, value, meta, head) })
		})
		return
	}
	if !all {
		page = page[:min(len(page), 5)]
	}
	o.send(o.place(), d.place, fmt.Sprintf("answers and %d changes", len(page)), func() error {
		return o.heed(d, id, sent, answers, func() error { return o.takePage(d, page, cursor+len(page)) })
	})
}

// heed takes in what the server answered to what was sent under an id. An answer to
// what the device was before it was restored says nothing to it.
func (o *Office) heed(d *Device, id crdt.Replica, sent []*crdt.Change, answers []answer, news func() error) error {
	if id != d.ID {
		return nil
	}
	for i, c := range sent {
		at := slices.IndexFunc(d.Pending, func(p *crdt.Change) bool { return p.N == c.N })
		if at < 0 {
			continue // answered before
		}
		d.Pending = slices.Delete(slices.Clone(d.Pending), at, at+1)
		if answers[i].refused != nil || c.Doc != docID {
			continue
		}
		accepted := *following(d.Confirmed, c)
		accepted.Stamp = answers[i].stamp
		d.acked = append(d.acked, &accepted)
		if err := d.confirm(&accepted); err != nil {
			return err
		}
	}
	return news()
}

// confirm applies an accepted change.
func (d *Device) confirm(c *crdt.Change) error {
	if _, err := d.Confirmed.Apply(c); err != nil {
		return fmt.Errorf("device %d: an accepted change is refused: %w", d.place, err)
	}
	d.clock.logical.Observe(c.Stamp)
	return nil
}

func (o *Office) takePage(d *Device, page []*crdt.Change, cursor int) error {
	for _, c := range page {
		if err := d.confirm(c); err != nil {
			return err
		}
	}
	d.cursor = max(d.cursor, cursor)
	return o.checkDevice(d)
}

func (o *Office) takeWhole(d *Device, value, meta []byte, cursor int) error {
	theirs, err := crdt.Decode(value, meta)
	if err != nil {
		return err
	}
	if d.Confirmed, err = o.merged(d.Confirmed, theirs); err != nil {
		return err
	}
	d.cursor = max(d.cursor, cursor)
	return o.checkDevice(d)
}

// keepOrRestore copies a device, or makes it what the copy was. Then it is a new
// replica, which made all that is pending anew.
func (o *Office) keepOrRestore(d *Device) (err error) {
	if d.backup == nil {
		o.note("%d is copied", d.place)
		value, meta := d.Confirmed.Encode()
		d.backup = &deviceBackup{value, meta, d.Pending, d.cursor}
		return nil
	}
	b, old := d.backup, d.ID
	d.backup, d.ID, d.cursor, d.n = nil, o.newID(int(d.ID&0xffff)+o.Size.Replicas), b.cursor, 0
	o.note("%d is restored from its copy and calls itself %s", d.place, d.ID)
	if d.Confirmed, err = crdt.Decode(b.value, b.meta); err != nil {
		return err
	}
	d.Pending = nil
	for _, c := range b.pending {
		d.n++
		d.Pending = append(d.Pending, d.renamed(c, old, b.pending))
		o.Changes = append(o.Changes, d.Pending[d.n-1])
	}
	return nil
}

// renamed is a pending change as the device under its new id made it.
func (d *Device) renamed(c *crdt.Change, old crdt.Replica, pending []*crdt.Change) *crdt.Change {
	var made []crdt.Dot
	for _, p := range pending {
		if p.Doc == c.Doc {
			made = append(made, makes(p)...)
		}
	}
	next := c.Rename(d.ID, func(e crdt.Dot) bool { return slices.Contains(made, e) })
	next.N, next.Prev = d.n, d.n-1
	for i := range next.Ops {
		if saw := next.Ops[i].Saw; saw != nil {
			next.Ops[i].Saw = d.sawRenamed(saw, old)
		}
	}
	return next
}

// sawRenamed is what a removal among renamed changes saw: of the old replica no more
// than the server has told of it, of the new one all before it.
func (d *Device) sawRenamed(saw crdt.Vector, old crdt.Replica) crdt.Vector {
	saw = maps.Clone(saw)
	if saw[old] = min(saw[old], d.Confirmed.Seen()[old]); saw[old] == 0 {
		delete(saw, old)
	}
	if d.n > 1 {
		saw[d.ID] = d.n - 1
	}
	return saw
}
