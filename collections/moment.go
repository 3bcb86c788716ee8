package collections

import (
	"context"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// Moment is a document as it was right after one entry of its history.
type Moment struct {
	Place   string         `json:"place"` // of the entry, as in [Event]
	At      int64          `json:"at"`    // ms since 1970 UTC, when the entry was accepted
	By      string         `json:"by"`
	Value   map[string]any `json:"value"` // as the actor may see it
	Deleted bool           `json:"deleted,omitempty"`
}

// At gives a document as it was after an entry of its history. NotFound where the
// document is not there for the actor; Invalid for a place that is none of this
// document, or that was folded away (see HistoryBegins).
func (e *Engine) At(ctx context.Context, a Actor, typ, id, place string) (*Moment, error) {
	g, err := e.grant(a, typ)
	if err != nil {
		return nil, err
	}
	if _, err := e.get(ctx, g, typ, id); err != nil {
		return nil, err
	}
	entry, doc, err := e.replayTo(ctx, Key{typ, id}, place, nil)
	if err != nil {
		return nil, err
	}
	return &Moment{
		Place: place, At: entry.At, By: entry.By, Deleted: doc.Deleted(),
		Value: redactValue(doc.Value(), g.Hidden),
	}, nil
}

// replayTo makes a document as it was after the entry at a place, and gives that entry.
// before, where it is not nil, is called with the document as it was right before. What
// the log builds on may be folded anew meanwhile: then it begins again.
func (e *Engine) replayTo(ctx context.Context, key Key, place string, before func(*crdt.Document)) (*Entry, *crdt.Document, error) {
	at, err := decodePlace(place)
	if err != nil || at == (Place{}) {
		return nil, nil, noMoment()
	}
	for {
		from, err := e.base(ctx, key)
		if err != nil {
			return nil, nil, err
		}
		entry, doc, err := e.replayFrom(ctx, key, from, at, before)
		if err != nil {
			return nil, nil, err
		}
		now, err := e.base(ctx, key)
		if err != nil {
			return nil, nil, err
		}
		if now.rev != from.rev {
			continue
		}
		if entry == nil {
			return nil, nil, noMoment()
		}
		return entry, doc, nil
	}
}

// replayFrom is replayTo upon a base; the entry is nil where there is none at the place.
func (e *Engine) replayFrom(ctx context.Context, key Key, from *base, at Place, before func(*crdt.Document)) (*Entry, *crdt.Document, error) {
	doc, err := from.document()
	if err != nil {
		return nil, nil, fmt.Errorf("collections: what the history of %s/%s builds on is damaged: %w", key.Type, key.ID, err)
	}
	var found *Entry
	err = e.eachOfDocument(ctx, key, Place{}, func(entry *Entry) (more bool, err error) {
		if from.has(entry.Place) {
			return true, nil
		}
		if entry.Stream == at.Stream && entry.N > at.N {
			return false, nil
		}
		if entry.Place == at {
			found = entry
			if before != nil {
				before(doc)
			}
		}
		if _, err := doc.Apply(entry.Change); err != nil {
			return false, fmt.Errorf("collections: replay entry %s %d: %w", entry.Stream, entry.N, err)
		}
		return found == nil, nil
	})
	return found, doc, err
}

func noMoment() *Error {
	return Errorf(Invalid, "place", "That is no moment of this record's history, or it was folded away: choose one of those that are listed.")
}
