package collections

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Followed is one change as somebody who follows the log may see it: what it did, and
// the record after it.
type Followed struct {
	Epoch   string // of the history; with Stream and N it names the change, for good
	Stream  string // of the log that it is in
	N       uint64 // its number there
	Cursor  string // the place after it
	At      int64  // ms since 1970 UTC, when the server accepted it
	By      string
	Type    string
	ID      string
	Version int            // of the type, that it was made under
	Did     string         // created, changed, deleted or restored
	Fields  []FieldEvent   // what it did to which field
	Value   map[string]any // of the record, after it
	Deleted bool           // the record is in the trash, after it
	Alarm   bool           // the record needs attention after it and did not before (where asked for)
}

// FollowOptions say what a follower wants to hear of.
type FollowOptions struct {
	Types  []string // nil: all
	Alarms bool     // whether records came to need attention, which costs two validations a change
}

// Follower reads the log from a cursor on, change by change, in the order in which they
// were accepted: for those who send each one on. It is not for concurrent use.
type Follower struct {
	e       *Engine
	actor   Actor
	options FollowOptions
	at      Position
	lost    bool
	known   *followedDocs
}

// followCursor is a place in the log of one history.
type followCursor struct {
	Epoch    string   `json:"e"`
	Position Position `json:"p"`
}

// Follow makes a follower that sees what the actor may see. Its cursor is one that
// Followed or Cursor gave, "" for the end of the log. A cursor of another history, from
// before the server was restored, goes on at the end of the log, and Lost says so.
func (e *Engine) Follow(a Actor, cursor string, o FollowOptions) (*Follower, error) {
	f := &Follower{e: e, actor: a, options: o, at: e.feed.position(), known: newFollowedDocs()}
	if cursor == "" {
		return f, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	c := followCursor{}
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil || c.Position == nil {
		return nil, Errorf(Resync, "cursor", "The cursor cannot be read: start without one.")
	}
	if c.Epoch != e.epoch || c.Position.after(f.at) {
		f.lost = true
		return f, nil
	}
	f.at = c.Position
	return f, nil
}

// Cursor is the place up to which Next has read.
func (f *Follower) Cursor() string { return f.e.followedAt(f.at) }

func (e *Engine) followedAt(p Position) string {
	text, err := json.Marshal(followCursor{e.epoch, p})
	if err != nil {
		panic("collections: a cursor is always JSON: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// Lost reports, once, that changes were passed over that are not there any more: the
// server was restored, or history was folded before they were read.
func (f *Follower) Lost() bool {
	lost := f.lost
	f.lost = false
	return lost
}

// Wait returns when there may be more, or ctx ends; Unavailable when the engine closes.
func (f *Follower) Wait(ctx context.Context) error { return f.e.feed.wait(ctx, f.at) }

// Next reads on and gives at most limit changes, fewer where they are large. None does
// not mean that there are no more: it may have read over what is not for the follower.
// More says whether the log goes on.
func (f *Follower) Next(ctx context.Context, limit int) (list []*Followed, more bool, err error) {
	head := f.e.feed.position()
	f.skipFolded()
	entries, err := f.e.entries(ctx, f.at, head, followPage)
	if errors.Is(err, ErrTrimmed) {
		f.skipFolded()
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	size := 0
	for i := range entries {
		if len(list) == limit || size > followBytes {
			break
		}
		entry := &entries[i]
		told, bytes, err := f.tell(ctx, entry)
		if err != nil {
			return nil, false, err
		}
		f.at = maps.Clone(f.at)
		f.at[entry.Stream] = entry.N
		if told != nil {
			told.Cursor = f.Cursor()
			list, size = append(list, told), size+bytes
		}
	}
	return list, head.after(f.at), nil
}

// skipFolded goes on at the floor, when that has passed the follower.
func (f *Follower) skipFolded() {
	if floor := f.e.floor.Load().N; floor > f.at[mainStream] {
		f.at = maps.Clone(f.at)
		f.at[mainStream], f.lost, f.known = floor, true, newFollowedDocs()
	}
}

// tell gives an entry as the follower sees it, nil for nothing, and about how many bytes
// it holds.
func (f *Follower) tell(ctx context.Context, entry *Entry) (*Followed, int, error) {
	if entry.Kind != EntryChange || f.options.Types != nil && !slices.Contains(f.options.Types, entry.Type) {
		return nil, 0, nil
	}
	grant, err := f.e.grant(f.actor, entry.Type)
	if err != nil {
		return nil, 0, nil // a type that is not for this actor
	}
	doc, err := f.document(ctx, entry)
	if doc == nil || err != nil {
		return nil, 0, err
	}
	t := &teller{change: entry.Change, before: doc.value, wasDeleted: doc.doc.Deleted()}
	wasWrong := f.options.Alarms && f.isWrong(doc, entry.Type)
	if !doc.passed(entry) {
		if _, err := doc.doc.Apply(entry.Change); err != nil {
			return nil, 0, fmt.Errorf("collections: following entry %s %d: %w", entry.Stream, entry.N, err)
		}
		doc.value, doc.upto = doc.doc.Value(), entry.Place
	}
	t.doc, t.after = doc.doc, doc.value
	if !grant.sees(doc.value) {
		return nil, 0, nil
	}
	h := &historian{e: f.e, grant: grant}
	if t.schemas, err = h.schemas(entry.Change); err != nil {
		return nil, 0, err
	}
	told := followed(t, entry, grant)
	if told == nil {
		return nil, 0, nil
	}
	told.Epoch = f.e.epoch
	if told.Alarm, err = f.alarm(ctx, doc, entry, wasWrong); err != nil {
		return nil, 0, err
	}
	size := sizeOf(told)
	f.known.keep(Key{entry.Type, entry.Change.Doc}, doc, size)
	return told, size, nil
}

// followed puts together what a follower hears of a change; nil for nothing.
func followed(t *teller, entry *Entry, grant *Grant) *Followed {
	told := &Followed{
		Stream: entry.Stream, N: entry.N, At: entry.At, By: entry.By, Type: entry.Type, ID: entry.Change.Doc, Version: entry.Change.Version,
		Value: redactValue(t.after, grant.Hidden), Deleted: t.doc.Deleted(),
	}
	for _, event := range t.tell(func(key string) bool { return !grant.Hidden[key] }) {
		switch {
		case event.Field != "":
			told.Fields = append(told.Fields, event)
		case !event.Lost && told.Did != didCreate:
			told.Did = event.Did
		}
	}
	switch {
	case told.Did != "":
	case len(told.Fields) == 0:
		return nil
	default:
		told.Did = didSeveral
	}
	return told
}

// sizeOf says about how many bytes a change takes as JSON.
func sizeOf(told *Followed) int {
	text, err := json.Marshal([]any{told.Value, told.Fields})
	if err != nil {
		return 0
	}
	return len(text)
}
