package collections

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// TakeBack writes a value that lost a merge again, as a new change of the actor's: all
// that the change at a place of the history lost in one top-level field (the Losses of
// its [FieldEvent]), each where it was. What stands there now stays readable in the
// history. Invalid where nothing was lost, or what was lost cannot be written any more:
// a maximum can only be raised, a row may be gone, the type may have moved on.
func (e *Engine) TakeBack(ctx context.Context, a Actor, typ, id, place, field string) (*Document, error) {
	losses, err := e.lossesAt(ctx, a, Key{typ, id}, place, field)
	if err != nil {
		return nil, err
	}
	return e.writeAs(ctx, a, Key{typ, id}, func(d *drafting) error {
		for _, loss := range losses {
			var err error
			if loss.Wrote == nil {
				err = d.edit().Remove(loss.Path)
			} else {
				err = d.edit().Put(loss.Path, loss.Wrote)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// lossesAt tells what one change lost in a field, as the actor may know it.
func (e *Engine) lossesAt(ctx context.Context, a Actor, key Key, place, field string) ([]Loss, error) {
	g, err := e.grant(a, key.Type)
	if err != nil {
		return nil, err
	}
	if _, err := e.get(ctx, g, key.Type, key.ID); err != nil {
		return nil, err
	}
	t := &teller{}
	entry, doc, err := e.replayTo(ctx, key, place, func(doc *crdt.Document) {
		t.before, t.wasDeleted = doc.Value(), doc.Deleted()
	})
	if err != nil {
		return nil, err
	}
	t.change, t.doc, t.after = entry.Change, doc, doc.Value()
	for _, told := range t.tell(func(key string) bool { return key == field && !g.Hidden[key] }) {
		if len(told.Losses) > 0 {
			return told.Losses, nil
		}
	}
	return nil, Errorf(Invalid, pointer([]string{field}), "Nothing of this field was lost there: reload the page.")
}

// Pick settles a conflict field: the candidate with the id choice becomes its value, and
// the others go to history. seen are the ids of the candidates that whoever picks has
// seen (see [crdt.Disagreement]); Exists when there are others by now, and then nothing
// is written.
func (e *Engine) Pick(ctx context.Context, a Actor, typ, id string, path []string, choice string, seen []string) (*Document, error) {
	return e.writeAs(ctx, a, Key{typ, id}, func(d *drafting) error {
		if hides(d.grant.Hidden, path) {
			return mayNotWrite(path[0])
		}
		candidates := d.candidates(path)
		for _, c := range candidates {
			if !slices.Contains(seen, c.ID.String()) {
				return Errorf(Exists, pointer(path), "Somebody has written to this field meanwhile: look at the values again.")
			}
		}
		at := slices.IndexFunc(candidates, func(c crdt.Candidate) bool { return c.ID.String() == choice })
		switch {
		case at < 0:
			return Errorf(Exists, pointer(path), "Somebody has picked already: look at the record again.")
		case candidates[at].Absent:
			return d.edit().Remove(path)
		}
		return d.edit().Pick(path, candidates[at].Value)
	})
}

// candidates lists the values that a conflict field has, none when it has one.
func (d *drafting) candidates(path []string) []crdt.Candidate {
	for _, disagreement := range d.to.doc.Disagreements() {
		if slices.Equal(disagreement.Path, path) {
			return disagreement.Values
		}
	}
	return nil
}

// Chooser says who brought a candidate of a conflict field in, and when it came.
type Chooser struct {
	By string `json:"by"` // sign-in name; "" where history does not tell any more
	At int64  `json:"at"` // ms since 1970 UTC, when the server accepted it
}

// Choosers says who brought in each candidate of a document's disagreements that the
// actor may see, by the candidate's id. It reads the document's history.
func (e *Engine) Choosers(ctx context.Context, a Actor, typ, id string) (map[string]Chooser, error) {
	d, err := e.Get(ctx, a, typ, id)
	if err != nil {
		return nil, err
	}
	wanted := map[crdt.Stamp][]string{}
	for _, disagreement := range d.Disagreements {
		for _, c := range disagreement.Values {
			wanted[c.Stamp] = append(wanted[c.Stamp], c.ID.String())
		}
	}
	found := map[string]Chooser{}
	if len(wanted) == 0 {
		return found, nil
	}
	err = e.eachOfDocument(ctx, Key{typ, id}, Place{}, func(entry *Entry) (more bool, err error) {
		for _, candidate := range wanted[entry.Change.FullStamp()] {
			found[candidate] = Chooser{By: entry.By, At: entry.At}
		}
		delete(wanted, entry.Change.FullStamp())
		return len(wanted) > 0, nil
	})
	if err != nil && !errors.Is(err, ErrTrimmed) {
		return nil, fmt.Errorf("collections: who chose in %s/%s: %w", typ, id, err)
	}
	return found, nil
}
