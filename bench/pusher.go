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
	doc     string // of the changes that are no creations
	last    uint64 // n of the last change to doc
}

// newPusher makes a device with a cursor at the end of the log and a document of its own.
func newPusher(ctx context.Context, c *caller) (*pusher, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return nil, err
	}
	replica, err := crdt.ParseReplica(fmt.Sprintf("%x", b))
	if err != nil {
		return nil, err
	}
	p := &pusher{caller: c, replica: replica}
	if err := p.catchUp(ctx); err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	p.doc = id.String()
	return p, p.send(ctx, []*crdt.Change{p.change([]crdt.Op{{Kind: crdt.OpCreate},
		{Kind: crdt.OpSet, Path: []string{"title"}, Value: "pushed", Has: true},
		{Kind: crdt.OpSet, Path: []string{"status"}, Value: "open", Has: true},
		{Kind: crdt.OpSet, Path: []string{"priority"}, Value: "low", Has: true}})})
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
	Results []struct {
		OK    bool
		Error *struct{ Message string }
	}
	Changes, Documents []json.RawMessage
	Cursor             string
	More               bool
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

func (p *pusher) sync(ctx context.Context, changes []json.RawMessage) (*answer, error) {
	body := map[string]any{"replica": p.replica, "cursor": p.cursor, "changes": changes, "subscribe": []any{}}
	if changes == nil {
		body["changes"] = []any{}
		delete(body, "subscribe")
	}
	var a answer
	if err := p.caller.call(ctx, http.MethodPost, "/api/_sync", body, &a); err != nil {
		return nil, err
	}
	if changes == nil {
		p.cursor = a.Cursor
	}
	return &a, nil
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
