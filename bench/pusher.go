package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/fieldstack/fieldstack/crdt"
)

// pusher is as much of a device as a load needs: it numbers changes, sends them, and
// checks that each was taken.
type pusher struct {
	caller  *caller
	replica crdt.Replica
	n       uint64
	clock   crdt.Clock
	cursor  string
	doc     string            // of the changes that are no creations
	last    uint64            // n of the last change to doc
	seen    map[string]uint64 // … to each document, where there are several
}

// newPusher makes a device with a cursor at the end of the log and a document of its own.
func newPusher(ctx context.Context, c *caller) (*pusher, error) {
	reader := &pusher{caller: c, replica: 1}
	if err := reader.catchUp(ctx); err != nil {
		return nil, err
	}
	return newPusherAt(ctx, c, reader.cursor)
}

// newPusherAt makes a device that has a cursor, and a document of its own.
func newPusherAt(ctx context.Context, c *caller, cursor string) (*pusher, error) {
	replica, err := newReplica()
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	p := &pusher{caller: c, replica: replica, cursor: cursor, doc: id.String()}
	return p, p.send(ctx, []*crdt.Change{p.change([]crdt.Op{{Kind: crdt.OpCreate},
		{Kind: crdt.OpSet, Path: []string{"title"}, Value: "pushed", Has: true},
		{Kind: crdt.OpSet, Path: []string{"status"}, Value: "open", Has: true},
		{Kind: crdt.OpSet, Path: []string{"priority"}, Value: "low", Has: true}})})
}

func newReplica() (crdt.Replica, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return 0, err
	}
	return crdt.ParseReplica(fmt.Sprintf("%x", b))
}

// change makes the next change to the device's document.
func (p *pusher) change(ops []crdt.Op) *crdt.Change {
	p.n++
	c := &crdt.Change{Replica: p.replica, N: p.n, Prev: p.last, Stamp: p.clock.Next(time.Now().UnixMilli()),
		Type: "work-order", Version: 1, Doc: p.doc, Ops: ops}
	p.last = p.n
	return c
}

// push sends n changes of one field each.
func (p *pusher) push(ctx context.Context, n int) error {
	changes := make([]*crdt.Change, n)
	for i := range changes {
		if i%2 == 0 {
			changes[i] = p.change([]crdt.Op{{Kind: crdt.OpAdd, Path: []string{"hours"}, Value: 0.5, Has: true}})
		} else {
			changes[i] = p.change([]crdt.Op{{Kind: crdt.OpSet, Path: []string{"site"}, Value: fmt.Sprint("site ", p.n), Has: true}})
		}
	}
	return p.send(ctx, changes)
}

// answer is the part of a sync answer that a load looks at.
type answer struct {
	Results            []result
	Changes, Documents []json.RawMessage
	Cursor             string
	More               bool
}

// result answers one change.
type result struct {
	OK    bool
	Error *struct{ Message string }
}

func (p *pusher) send(ctx context.Context, changes []*crdt.Change) error {
	texts := make([]json.RawMessage, len(changes))
	for i, c := range changes {
		texts[i] = crdt.AppendChange(nil, c)
	}
	a, err := p.sync(ctx, texts)
	if err != nil {
		return err
	}
	if len(a.Results) != len(changes) {
		return fmt.Errorf("%d answers to %d changes", len(a.Results), len(changes))
	}
	for _, r := range a.Results {
		if !r.OK {
			return fmt.Errorf("a change was refused: %s", r.Error.Message)
		}
	}
	return nil
}

// sync pushes changes as a device that wants no documents, or, with none, pulls as one
// that wants all.
func (p *pusher) sync(ctx context.Context, changes []json.RawMessage) (*answer, error) {
	var subscribe []any
	if changes != nil {
		subscribe = []any{}
	}
	a, err := p.exchange(ctx, changes, subscribe)
	if err == nil {
		p.cursor = a.Cursor
	}
	return a, err
}

// exchange sends changes with what the device subscribes to, nil for everything.
func (p *pusher) exchange(ctx context.Context, changes []json.RawMessage, subscribe []any) (*answer, error) {
	if changes == nil {
		changes = []json.RawMessage{}
	}
	body := map[string]any{"replica": p.replica, "cursor": p.cursor, "changes": changes}
	if subscribe != nil {
		body["subscribe"] = subscribe
	}
	var a answer
	return &a, p.caller.call(ctx, http.MethodPost, "/api/_sync", body, &a)
}

// catchUp reads to the end of the log.
func (p *pusher) catchUp(ctx context.Context) error {
	for {
		a, err := p.sync(ctx, nil)
		if err != nil || !a.More {
			return err
		}
	}
}

// pull reads what is new and gives how many documents moved.
func (p *pusher) pull(ctx context.Context) (int, error) {
	a, err := p.sync(ctx, nil)
	if err != nil {
		return 0, err
	}
	return len(a.Changes) + len(a.Documents), nil
}

// setAll sets the site of the documents of several devices, in one push.
func (p *pusher) setAll(ctx context.Context, others []*pusher, site string) error {
	changes := make([]*crdt.Change, len(others))
	for i, o := range others {
		p.n++
		changes[i] = &crdt.Change{Replica: p.replica, N: p.n, Prev: p.before(o.doc), Stamp: p.clock.Next(time.Now().UnixMilli()),
			Type: docsType, Version: 1, Doc: o.doc, Ops: []crdt.Op{{Kind: crdt.OpSet, Path: []string{"site"}, Value: site, Has: true}}}
	}
	return p.send(ctx, changes)
}

// before gives the number of the device's change before the newest one to a document,
// and notes that one.
func (p *pusher) before(doc string) uint64 {
	if p.seen == nil {
		p.seen = map[string]uint64{p.doc: p.last}
	}
	prev := p.seen[doc]
	p.seen[doc] = p.n
	return prev
}
