package collections

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Subscription is what a device wants of one type.
type Subscription struct {
	Type  string            `json:"type"`
	Where *schema.Condition `json:"where,omitempty"`
}

// SyncRequest is one round trip: push, then pull.
type SyncRequest struct {
	Replica   crdt.Replica
	Cursor    string
	Subscribe []Subscription // nil: every type the actor may know
	Changes   []*crdt.Change
	Since     string   // a cursor: the place that the oldest change not yet answered was made at; "": all at Cursor
	Errors    []*Error // for each of Changes that could not be read: its error, else nil; may be nil
	Limit     int      // documents and changes in the answer, default 1,000, at most MaxPull

	Device     *DeviceReport // what the device says about itself; nil: nothing
	Credential string        // id of what the request proved itself with, kept with the device; "": not known
	Label      string        // … what that is called
	Enrolled   bool          // … which is this one device's
}

// SyncResponse is the answer. Its JSON is the protocol of the design's section 4.
type SyncResponse struct {
	Results   []Result        `json:"results"`
	Reset     bool            `json:"reset,omitempty"` // first page of a whole sync: what is confirmed and not sent again is gone
	Outdated  *Outdated       `json:"outdated,omitempty"`
	Sent      int             `json:"sent,omitempty"`  // in a whole sync: documents so far, this answer's included
	Total     int             `json:"total,omitempty"` // … of about so many, counted when it began; 0: not known
	Types     []TypeWire      `json:"types"`
	Changes   []*ChangeWire   `json:"changes"`
	By        []string        `json:"by,omitempty"` // for each of Changes: the sign-in name of who made it
	At        []int64         `json:"at,omitempty"` // … and when it was accepted, ms since 1970 UTC, server's clock
	Documents []*DocumentWire `json:"documents"`
	Forget    []Key           `json:"forget"`
	Cursor    string          `json:"cursor"`
	More      bool            `json:"more"`
	Now       int64           `json:"now"` // server's clock, ms since 1970 UTC: nothing in the answer is stamped later, so a device whose clock is behind moves it up to this
	Epoch     string          `json:"epoch"`

	// Emptied is when the trash was last emptied up to, ms since 1970 UTC, 0: never. A
	// device that has had a document in the trash for a day longer, by Now, and has heard
	// nothing of it until an answer with no More, drops it: here it is gone for good.
	Emptied int64 `json:"emptied,omitempty"`
}

// Result answers one change.
type Result struct {
	N     uint64    `json:"n"`
	OK    bool      `json:"ok"`
	Stamp crdt.Time `json:"stamp,omitzero"` // accepted: the one the log holds
	Error *Error    `json:"error,omitempty"`
}

// ChangeWire is an accepted change as it travels: the change itself.
type ChangeWire struct{ Change *crdt.Change }

// MarshalJSON is the change's canonical JSON.
func (c *ChangeWire) MarshalJSON() ([]byte, error) { return crdt.AppendChange(nil, c.Change), nil }

// DocumentWire is a whole document as it travels: value and meta are the same
// snapshot, meta base64 in JSON.
type DocumentWire struct {
	Type      string          `json:"type"`
	ID        string          `json:"id"`
	Value     json.RawMessage `json:"value"`
	Meta      []byte          `json:"meta"`
	Deleted   bool            `json:"deleted,omitempty"`
	Created   int64           `json:"created"`
	CreatedBy string          `json:"createdBy"`
	Updated   int64           `json:"updated"`
	UpdatedBy string          `json:"updatedBy"`
}

// Sync pushes and pulls. An error is about the request as a whole (ReplicaForked,
// ReplicaGap, Forbidden, Resync, …); each change has its own answer in Results.
//
// The changes that the request brought are not sent back: their answers say all that
// the log knows of them, but for Prev, which is the replica's change before it in the
// document that was accepted. Others of the same replica are: a device that did not
// make them learns that it is a copy.
func (e *Engine) Sync(ctx context.Context, a Actor, r *SyncRequest) (*SyncResponse, error) {
	p, err := e.pulling(ctx, a, r.Cursor, r.Subscribe, r.Limit)
	if err != nil {
		return nil, err
	}
	p.own, p.knows, p.unsent = r.Replica, e.knows(p.given, r.Since), len(r.Changes) > 0 || r.Since != ""
	results, err := e.push(ctx, a, r, p.knows)
	if err != nil {
		return nil, err
	}
	p.sent = make(map[uint64]bool, len(results))
	for _, result := range results {
		p.sent[result.N] = true
	}
	answer, err := p.pull(ctx)
	if err != nil {
		return nil, err
	}
	answer.Results = results
	e.tell.Synced(a, r.Replica)
	answer.Forget = append(answer.Forget, notHere(r.Changes, results)...)
	e.noteDevice(a, r, answer, p.at.Types)
	return answer, nil
}

// notHere lists the documents that changes were for and that are not there, or not for
// their author: a device that has one still is to drop it.
func notHere(changes []*crdt.Change, results []Result) (keys []Key) {
	refused := map[uint64]bool{}
	for _, result := range results {
		refused[result.N] = result.Error != nil && result.Error.Code == NotFound
	}
	for _, c := range changes {
		if key := (Key{c.Type, c.Doc}); refused[c.N] && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Pull is Sync without changes, for live readers: what the log has after the cursor.
func (e *Engine) Pull(ctx context.Context, a Actor, cursor string, subscribe []Subscription, limit int) (*SyncResponse, error) {
	p, err := e.pulling(ctx, a, cursor, subscribe, limit)
	if err != nil {
		return nil, err
	}
	return p.pull(ctx)
}

// Wait returns when the log may have moved past the cursor, or ctx ends. When the
// engine closes it is Unavailable.
func (e *Engine) Wait(ctx context.Context, cursor string) error {
	at, err := parseCursor(cursor)
	if err != nil {
		return err
	}
	if at == nil || at.Epoch != e.epoch || at.Whole != nil {
		return nil
	}
	return e.feed.wait(ctx, at.Position)
}
