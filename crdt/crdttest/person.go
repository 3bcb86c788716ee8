package crdttest

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// Every world is about this one document; changes to others only use up numbers.
const (
	docID   = "0198c0de-0000-7000-8000-000000000001"
	otherID = "0198c0de-0000-7000-8000-000000000002"
)

// compose lets a person make a random change to the document they see, which may
// turn out empty: then it is nil. The change is read back from its JSON, as it would
// be anywhere else, and brings about what the editor showed.
func (w *World) compose(seen *crdt.Document, as crdt.Replica, n uint64, stamp crdt.Time) (*crdt.Change, error) {
	e := seen.Edit(as, Plan())
	var c *crdt.Change
	var err error
	if seen.Exists() && w.Rand.IntN(6) == 0 {
		c, err = w.typeInPlace(seen, e, changeTo(seen, as, n, stamp, nil))
	} else {
		RandomEdits(w.Rand, e, seen)
		c = changeTo(seen, as, n, stamp, e.Ops())
	}
	if err != nil || len(c.Ops) == 0 {
		return nil, err
	}
	c, err = crdt.ParseChange(crdt.AppendChange(nil, c), crdt.Limits{})
	if err != nil {
		return nil, fmt.Errorf("a change of the editor is not well made: %w", err)
	}
	if err := isWhatWasSeen(seen, c, crdt.Canonical(e.Value())); err != nil {
		return nil, err
	}
	w.Changes = append(w.Changes, c)
	return c, nil
}

// typeInPlace types into some text of a copy of the document, and into e. Both make the
// same change, and the copy comes out as if it had been given that.
func (w *World) typeInPlace(seen *crdt.Document, e *crdt.Editor, c *crdt.Change) (*crdt.Change, error) {
	path := []string{"notes"}
	if rows := seen.Rows("parts"); len(rows) > 0 && w.Rand.IntN(2) == 0 {
		path = []string{"parts", pick(w.Rand, rows).ID.String(), "notes"}
	}
	length := utf8.RuneCountInString(seen.Text(path...))
	at := w.Rand.IntN(length + 1)
	n, text := w.Rand.IntN(min(3, length-at)+1), randomText(w.Rand)
	typed := seen.Clone()
	if err := typed.Splice(c, path, at, n, text); err != nil {
		return nil, err
	}
	if err := e.Splice(path, at, n, text); err != nil {
		return nil, err
	}
	edited := *c
	edited.Ops = e.Ops()
	if a, b := crdt.AppendChange(nil, c), crdt.AppendChange(nil, &edited); !bytes.Equal(a, b) {
		return nil, fmt.Errorf("typing in place gives\n%s\nand the editor\n%s", a, b)
	}
	given := seen.Clone()
	if _, err := given.Apply(c); err != nil {
		return nil, err
	}
	if a, b := Bytes(typed), Bytes(given); a != b && len(c.Ops) > 0 {
		return nil, fmt.Errorf("typing in place gives\n%q\nand its change\n%q\n%s", a, b, differenceAt(a, b))
	}
	return c, nil
}

// changeTo puts a change to a document together.
func changeTo(d *crdt.Document, as crdt.Replica, n uint64, stamp crdt.Time, ops []crdt.Op) *crdt.Change {
	return &crdt.Change{
		Replica: as, N: n, Prev: d.Seen()[as], Stamp: stamp,
		Type: "work-order", Version: 1, Doc: docID, Ops: ops,
	}
}

// isWhatWasSeen checks that a change with the newest stamp brings about the value
// that the editor showed.
func isWhatWasSeen(d *crdt.Document, c *crdt.Change, wanted string) error {
	d, newest := d.Clone(), *c
	newest.Stamp = crdt.NewTime(crdt.MaxMillis, 0)
	if _, err := d.Apply(&newest); err != nil {
		return fmt.Errorf("a change of the editor is refused: %w", err)
	}
	if got := crdt.Canonical(d.Value()); got != wanted {
		return fmt.Errorf("the editor showed\n%s\nand its change gives\n%s", wanted, got)
	}
	return nil
}

// reread writes a document down and reads it again; it must stay what it is.
func reread(d *crdt.Document) (*crdt.Document, error) {
	value, meta := d.Encode()
	again, err := crdt.Decode(value, meta)
	if err != nil {
		return nil, fmt.Errorf("a document cannot be read again: %w\nvalue %s\nmeta %x", err, value, meta)
	}
	if Bytes(again) != string(value)+"\n"+string(meta) {
		return nil, fmt.Errorf("a document changes by being read again:\n%s\n%x\n%q", value, meta, Bytes(again))
	}
	return again, nil
}

// merged merges two documents. Now and then it also holds the merge against its law:
// the order does not matter, and a second time changes nothing.
func (w *World) merged(a, b *crdt.Document) (*crdt.Document, error) {
	ab, err := crdt.Merge(a, b)
	if err != nil || !w.look(4) {
		return ab, err
	}
	ba, err := crdt.Merge(b, a)
	if err != nil {
		return nil, err
	}
	again, err := crdt.Merge(ab, b)
	if err != nil {
		return nil, err
	}
	if Bytes(ab) != Bytes(ba) || Bytes(ab) != Bytes(again) {
		return nil, fmt.Errorf("merging gives\n%q\nthe other way\n%q\nand once more\n%q", Bytes(ab), Bytes(ba), Bytes(again))
	}
	return ab, nil
}
