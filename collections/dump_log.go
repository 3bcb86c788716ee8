package collections

import (
	"errors"
	"maps"
	"slices"
)

// entries gives the log of all streams, each entry after those that it builds on: up to the
// heads as they are, and then what came meanwhile, which is little.
func (d *dumper) entries() error {
	if d.at.At == nil {
		d.at.At = Position{}
	}
	first := maps.Equal(d.at.At, d.at.Floor)
	for range 2 {
		head, err := d.store.Head(d.ctx)
		if err != nil {
			return err
		}
		d.at.Upto = head
		if first, err = d.entriesUpto(first); err != nil {
			return err
		}
	}
	d.at.Upto = nil
	d.stageDone()
	return nil
}

// entriesUpto goes from stream to stream as long as that brings any of them further. What is
// left then builds on entries that came after the heads were read.
func (d *dumper) entriesUpto(first bool) (bool, error) {
	for moved := true; moved; {
		moved = false
		for _, stream := range slices.Sorted(maps.Keys(d.at.Upto)) {
			for d.at.At[stream] < d.at.Upto[stream] {
				entries, err := d.ready(stream)
				if err != nil {
					return first, err
				}
				if len(entries) == 0 {
					break
				}
				part := &Part{Kind: PartEntries, First: first, Entries: entries, Seq: d.seq()}
				d.at.At[stream] = entries[len(entries)-1].N
				moved, first = true, false
				if err := d.give(part); err != nil {
					return first, err
				}
			}
		}
	}
	return first, nil
}

// seq counts the entries so far.
func (d *dumper) seq() (n uint64) {
	for _, at := range d.at.At {
		n += at
	}
	return n
}

// ready reads the next entries of a stream that build on nothing that is still to come.
func (d *dumper) ready(stream string) ([]Entry, error) {
	at := d.at.At[stream]
	entries, err := d.store.Log(d.ctx, stream, at, int(min(dumpPage, d.at.Upto[stream]-at)))
	if errors.Is(err, ErrTrimmed) {
		return nil, ErrMoving
	}
	if err != nil {
		return nil, err
	}
	for i := range entries {
		for other, n := range entries[i].After {
			if other != stream && d.at.At[other] < n {
				return entries[:i], nil
			}
		}
	}
	return entries, nil
}
