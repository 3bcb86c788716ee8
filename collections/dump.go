package collections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// PartKind says what a part of a dump holds.
type PartKind string

// The kinds of parts, in the order of a dump.
const (
	PartEpoch    PartKind = "epoch"    // the name of the history
	PartMarks    PartKind = "marks"    // items that say how far the records are level with the log
	PartRecords  PartKind = "records"  // documents, without their search words
	PartReplicas PartKind = "replicas" // what is known of replicas
	PartReceipts PartKind = "receipts" // of all changes that have one
	PartStreams  PartKind = "streams"  // where logs begin, and the terms they have seen
	PartEntries  PartKind = "entries"  // of the log
	PartItems    PartKind = "items"    // all other items
)

// Part is a piece of all that a store holds, of one kind.
type Part struct {
	Kind PartKind
	Mark string // Dump goes on from here: after this part

	// First says that this part begins its kind: what came of the kind before is void,
	// as it was read too early.
	First bool

	// Seq says, with entries, how many entries of all streams come before these, with
	// those that were trimmed. It orders them over all streams.
	Seq uint64

	Epoch    string
	Items    []Item // also of PartMarks
	Records  []Record
	Replicas []ReplicaState
	Receipts []Receipt
	Streams  []StreamState
	Entries  []Entry // consecutive ones of one stream
}

// Len counts what is in a part.
func (p *Part) Len() int {
	n := len(p.Items) + len(p.Records) + len(p.Replicas) + len(p.Receipts) + len(p.Streams) + len(p.Entries)
	if p.Kind == PartEpoch {
		n++
	}
	return n
}

// StreamState is what of a stream is in none of its entries.
type StreamState struct {
	Stream string `json:"stream"`
	Floor  uint64 `json:"floor,omitempty"` // the last entry that was trimmed
	Term   uint64 `json:"term,omitempty"`  // the highest it has seen
}

// Dumper is a Store that gives all it holds, page by page. [Dump] reads it in an order
// that is right also while others write.
type Dumper interface {
	Store

	// DumpPart gives what there is of a kind after a mark, "" for the start, in an order
	// of its own in which each comes once: about limit things, fewer where they are
	// large. next is the mark of where it ends, "" at the end. Receipts are those of
	// Receipt, wherever the store has them; streams are those with a floor or a term.
	// Kinds are PartItems (of every kind), PartRecords, PartReplicas, PartReceipts and
	// PartStreams.
	DumpPart(ctx context.Context, kind PartKind, after string, limit int) (part *Part, next string, err error)

	// DumpSize says about how many things there are, to show how far a dump is.
	DumpSize(ctx context.Context) (int64, error)
}

// Loader is a Store that can be made of the parts of another. Nobody else uses it
// meanwhile.
type Loader interface {
	Store

	// LoadPart writes a part as it is, with all its revisions, durably. A part that is
	// written again changes nothing. Streams come before entries, the entries of a
	// stream in their order; anything else may come in any order. Records must have
	// their search words.
	LoadPart(ctx context.Context, part *Part) error

	// Loaded says that all parts are there: the store puts itself in order.
	Loaded(ctx context.Context) error
}

// ErrMoving says that a store let go of history, or had a type published, while it was
// dumped, so that its parts do not fit together.
var ErrMoving = errors.New("collections: history was let go of, or a type was published, while everything was read: begin again")

// KindCopy is the kind of the items that say how far a copy into this store has come. They
// are no part of a dump, and while there is one the store is not to be served.
const KindCopy = "copy"

// ErrHalfCopied is what Open gives for a store that a copy into is not finished.
var ErrHalfCopied = errors.New("collections: a copy into this store was not finished: run the same copy again, which goes on where it was (a restore begins anew), or remove this store")

// checkWhole refuses a store that is half copied.
func checkWhole(ctx context.Context, store Store) error {
	marks, err := store.Items(ctx, KindCopy, "", 1)
	if err != nil {
		return fmt.Errorf("collections: reading whether this store is whole: %w", err)
	}
	if len(marks) > 0 {
		return ErrHalfCopied
	}
	return nil
}

// isMark reports whether items of a kind say how far others are.
func isMark(kind string) bool { return kind == kindEngine || kind == "stream" }

const (
	dumpPage = 1000 // things of a part
	tailPage = 1000
)

// Dump gives each all that a store holds, part by part, from the beginning or after the
// part that had the mark given. Others may write meanwhile: what comes is then what a
// server that was killed could have left behind, and Open brings it level. The order is
// why: the marks, which say how far records are level, are read before the records, and
// the log after all that it tells of. ErrMoving where the store moved too much for that.
//
// A part belongs to each only while it runs.
func Dump(ctx context.Context, store Dumper, mark string, each func(*Part) error) error {
	d := &dumper{ctx: ctx, store: store, each: each}
	if mark != "" {
		if err := json.Unmarshal([]byte(mark), &d.at); err != nil {
			return fmt.Errorf("collections: dump: the mark cannot be read: %w", err)
		}
	}
	for d.at.Stage < len(dumpStages) {
		if err := dumpStages[d.at.Stage](d); err != nil {
			return fmt.Errorf("collections: dump: %w", err)
		}
	}
	return nil
}

// dumpStages are what a dump does one after the other; each moves on to the next.
var dumpStages = []func(d *dumper) error{
	(*dumper).epoch, (*dumper).marks,
	dumpPages(PartRecords), dumpPages(PartReplicas), dumpPages(PartReceipts),
	(*dumper).streams, (*dumper).entries, (*dumper).items,
}

// dumpMark is where a dump goes on.
type dumpMark struct {
	Stage    int      `json:"stage"`
	After    string   `json:"after,omitempty"` // within the stage
	Floor    Position `json:"floor,omitempty"` // when the dump began
	FloorRev uint64   `json:"floorRev,omitempty"`
	At       Position `json:"at,omitempty"`   // entries up to here were given
	Upto     Position `json:"upto,omitempty"` // and are to be given
}

type dumper struct {
	ctx   context.Context
	store Dumper
	each  func(*Part) error
	at    dumpMark
}

// give hands a part out, after which the dump is at the mark.
func (d *dumper) give(part *Part) error {
	mark, err := json.Marshal(d.at)
	if err != nil {
		return err
	}
	part.Mark = string(mark)
	return d.each(part)
}

// stageDone moves on to the next stage.
func (d *dumper) stageDone() { d.at.Stage, d.at.After = d.at.Stage+1, "" }

func (d *dumper) epoch() (err error) {
	if d.at.Floor, d.at.FloorRev, err = d.floor(); err != nil {
		return err
	}
	epoch, err := d.store.Epoch(d.ctx)
	if err != nil {
		return err
	}
	d.stageDone()
	return d.give(&Part{Kind: PartEpoch, First: true, Epoch: epoch})
}

// floor is where the log begins, and which revision the engine's own mark of it has.
func (d *dumper) floor() (Position, uint64, error) {
	floor, err := d.store.Floor(d.ctx)
	if err != nil {
		return nil, 0, err
	}
	item, err := d.store.Item(d.ctx, kindEngine, keyFloor)
	if errors.Is(err, ErrNotFound) {
		return floor, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	return floor, item.Rev, nil
}

func (d *dumper) marks() error {
	part := &Part{Kind: PartMarks, First: true}
	err := d.eachPage(PartItems, "", func(page *Part, _ string) error {
		for _, item := range page.Items {
			if isMark(item.Kind) {
				part.Items = append(part.Items, item)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.stageDone()
	return d.give(part)
}

// eachPage reads the pages of a kind after a mark; next is where each ends.
func (d *dumper) eachPage(kind PartKind, after string, f func(page *Part, next string) error) error {
	for {
		page, next, err := d.store.DumpPart(d.ctx, kind, after, dumpPage)
		if err != nil {
			return err
		}
		page.Kind, page.First = kind, after == ""
		if err := f(page, next); err != nil {
			return err
		}
		if after = next; next == "" {
			return nil
		}
	}
}

// dumpPages is a stage that gives all there is of a kind.
func dumpPages(kind PartKind) func(d *dumper) error {
	return func(d *dumper) error {
		return d.eachPage(kind, d.at.After, func(page *Part, next string) error {
			if d.at.After = next; next == "" {
				d.stageDone()
			}
			return d.give(page)
		})
	}
}

func (d *dumper) streams() error {
	part := &Part{Kind: PartStreams, First: true}
	err := d.eachPage(PartStreams, "", func(page *Part, _ string) error {
		part.Streams = append(part.Streams, page.Streams...)
		return nil
	})
	if err != nil {
		return err
	}
	d.at.At = maps.Clone(d.at.Floor)
	if d.at.At == nil {
		d.at.At = Position{}
	}
	d.stageDone()
	return d.give(part)
}

// items gives all items that are no marks. Where a dump goes on, it reads the log on first
// and gives all of them anew: only so nothing was published in between.
func (d *dumper) items() error {
	again := d.at
	err := d.eachPage(PartItems, "", func(page *Part, next string) error {
		page.Items = slices.DeleteFunc(page.Items, func(i Item) bool { return isMark(i.Kind) || i.Kind == KindCopy })
		if d.at.Stage--; next == "" {
			if err := d.unmoved(); err != nil {
				return err
			}
			d.at.Stage += 2
		}
		err := d.give(page)
		if next != "" {
			d.at = again
		}
		return err
	})
	return err
}

// unmoved reports as ErrMoving that history was let go of, or a type was published after
// the log was read.
func (d *dumper) unmoved() error {
	floor, rev, err := d.floor()
	if err != nil {
		return err
	}
	if !maps.Equal(floor, d.at.Floor) || rev != d.at.FloorRev {
		return ErrMoving
	}
	head, err := d.store.Head(d.ctx)
	if err != nil {
		return err
	}
	for stream, n := range head {
		for at := d.at.At[stream]; at < n; {
			entries, err := d.store.Log(d.ctx, stream, at, tailPage)
			if err != nil {
				return err
			}
			if len(entries) == 0 || slices.ContainsFunc(entries, func(e Entry) bool { return e.Kind != EntryChange }) {
				return ErrMoving
			}
			at = entries[len(entries)-1].N
		}
	}
	return nil
}
