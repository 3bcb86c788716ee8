package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/fieldstack/fieldstack/crdt"
)

// Bounds of one push; the rest goes in the next round trip.
const (
	maxPushChanges = 500
	maxPushBytes   = 4 << 20
)

// Report is what a Sync did.
type Report struct {
	Acknowledged int  // changes the server took, those that it had already taken included
	Refused      int  // changes it would not take: see Refused
	Received     int  // changes, documents and leavings that came
	NewReplica   bool // the store was a copy: its pending changes went under a new replica id
	RoundTrips   int
}

// Sync pushes what is pending and pulls what is new until both sides are level: one
// round trip where one is enough. After an error everything up to the last answer is
// kept, and nothing is lost: what was sent and not answered is sent again.
func (d *Device) Sync(ctx context.Context) (Report, error) {
	d.syncing.Lock()
	defer d.syncing.Unlock()
	var report Report
	for {
		again, err := d.roundTrip(ctx, &report)
		d.noteReach(err)
		if err != nil || !again {
			return report, err
		}
	}
}

// noteReach remembers for Status whether the server answered.
func (d *Device) noteReach(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.online = err == nil || !HasCode(err, CodeOffline)
	if err == nil {
		d.last = d.now()
	}
}

// roundTrip sends one request and takes its answer in. again says that there is more.
func (d *Device) roundTrip(ctx context.Context, report *Report) (again bool, err error) {
	req, sent, queued, err := d.nextRequest(ctx)
	if err != nil {
		return false, err
	}
	var resp response
	before := d.now()
	err = d.call(ctx, http.MethodPost, "/api/_sync", req, &resp)
	report.RoundTrips++
	switch {
	case HasCode(err, CodeReplicaForked), HasCode(err, CodeReplicaGap):
		report.NewReplica = true
		return true, d.takeNewReplica(ctx, req.Replica)
	case HasCode(err, CodeResync) && req.Cursor != "":
		return true, d.startOver(ctx)
	case err != nil:
		return false, err
	}
	offset := resp.Now - (before.UnixMilli()+d.now().UnixMilli())/2
	if err := d.take(ctx, &resp, sent, &offset, report); err != nil {
		return false, err
	}
	return resp.More || queued > len(sent), nil
}

// nextRequest puts together what to send: the oldest pending changes. queued is how
// many wait in all.
func (d *Device) nextRequest(ctx context.Context) (req *request, sent []*crdt.Change, queued int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return nil, nil, 0, err
	}
	pending, err := d.store.read(ctx).pendingOf("", "")
	if err != nil {
		return nil, nil, 0, err
	}
	req = &request{Replica: d.me.Replica, Cursor: d.cursor, Subscribe: d.subscribe, Changes: []json.RawMessage{}}
	size := 0
	for _, c := range pending {
		text := crdt.AppendChange(nil, c)
		if len(sent) == maxPushChanges || len(sent) > 0 && size+len(text) > maxPushBytes {
			break
		}
		size += len(text)
		req.Changes = append(req.Changes, text)
		sent = append(sent, c)
	}
	return req, sent, len(pending), nil
}

// take writes one answer in one transaction: what became of the changes sent, what
// came, and the cursor.
func (d *Device) take(ctx context.Context, resp *response, sent []*crdt.Change, offset *int64, report *Report) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return err
	}
	in := &intake{Device: d, me: d.me, round: d.round, touched: map[key]*crdt.Document{}, refresh: map[key]bool{}, gone: map[key]bool{}}
	if offset != nil {
		in.me.Offset = *offset
	}
	types := d.types
	err := d.store.write(ctx, func(t *tx) error {
		in.tx = t
		if err := in.answers(resp.Results, sent); err != nil {
			return err
		}
		if err := in.pulled(resp); err != nil {
			return err
		}
		return in.finish(resp)
	})
	if err != nil {
		d.types = types
		return err
	}
	d.me, d.round, d.cursor = in.me, in.round, resp.Cursor
	report.Acknowledged += in.acknowledged
	report.Refused += in.refused
	report.Received += len(resp.Changes) + len(resp.Documents) + len(resp.Forget)
	if in.acknowledged+in.refused+len(resp.Types)+len(resp.Changes)+len(resp.Documents)+len(resp.Forget) > 0 || resp.Reset {
		d.wake()
	}
	return nil
}

// intake is one answer on its way into the store.
type intake struct {
	*Device
	tx                    *tx
	me                    identity
	round                 roundState
	touched               map[key]*crdt.Document // confirmed documents that moved
	refresh               map[key]bool           // documents of which only the view moves
	gone                  map[key]bool           // documents that left
	acknowledged, refused int
}

// answers moves each answered change out of the queue: acknowledged ones to the
// confirmed document, with the stamp that the log holds; refused ones to their list.
func (in *intake) answers(results []result, sent []*crdt.Change) error {
	byN := map[uint64]*crdt.Change{}
	for _, c := range sent {
		byN[c.N] = c
	}
	for _, r := range results {
		c := byN[r.N]
		if c == nil {
			continue
		}
		k := key{c.Type, c.Doc}
		in.refresh[k] = true
		if err := in.tx.exec(`DELETE FROM pending WHERE n = ?`, c.N); err != nil {
			return err
		}
		if !r.OK {
			in.refused++
			if err := in.tx.refuse(c, r.Error, in.now().UnixMilli()); err != nil {
				return err
			}
			continue
		}
		in.acknowledged++
		accepted := *c
		accepted.Stamp = r.Stamp
		if err := in.apply(&accepted, true); err != nil {
			return err
		}
	}
	return nil
}

// pulled takes in what the log and the snapshot brought.
func (in *intake) pulled(resp *response) error {
	for _, w := range resp.Types {
		if err := in.learnType(in.tx, w); err != nil {
			return err
		}
	}
	if resp.Reset {
		in.round.Current++
		in.round.Partial = true
	}
	for _, w := range resp.Documents {
		doc, err := crdt.Decode(w.Value, w.Meta)
		if err != nil {
			return offline(fmt.Errorf("document %s/%s: %w", w.Type, w.ID, err))
		}
		in.touched[key{w.Type, w.ID}] = doc
		delete(in.gone, key{w.Type, w.ID})
	}
	for _, text := range resp.Changes {
		c, err := crdt.ParseChange(text, ownLimits)
		if err != nil {
			return offline(fmt.Errorf("a change of the log: %w", err))
		}
		if err := in.apply(c, false); err != nil {
			return err
		}
	}
	for _, k := range resp.Forget {
		in.gone[k] = true
		delete(in.touched, k)
	}
	return nil
}

// apply takes one accepted change into its confirmed document. An acknowledged change
// of our own follows the last of ours that the document holds: the server says the
// same of it, and one in between may have been refused.
func (in *intake) apply(c *crdt.Change, own bool) error {
	k := key{c.Type, c.Doc}
	doc := in.touched[k]
	if doc == nil {
		var err error
		if doc, err = in.tx.confirmed(c.Type, c.Doc); err != nil {
			return err
		}
		in.touched[k] = doc
	}
	if own {
		c = follow(doc, c)
	}
	if _, err := doc.Apply(c); err != nil {
		return fmt.Errorf("client: change %s/%d to %s/%s: %w", c.Replica, c.N, c.Type, c.Doc, err)
	}
	// The server has bounded the stamp; a device ahead of it must still come after.
	in.me.Clock = max(in.me.Clock, c.Stamp)
	return nil
}

// finish writes the documents, ends a whole sync if this was its last page, and
// writes the cursor.
func (in *intake) finish(resp *response) error {
	for k, doc := range in.touched {
		delete(in.refresh, k)
		if err := in.tx.putConfirmed(k.Type, k.ID, doc, in.round.Current); err != nil {
			return err
		}
	}
	for k := range in.gone {
		if err := in.forget(k); err != nil {
			return err
		}
	}
	for k := range in.refresh {
		if err := in.tx.refresh(k.Type, k.ID); err != nil {
			return err
		}
	}
	if in.round.Partial && !resp.More {
		if err := in.sweep(); err != nil {
			return err
		}
		in.round.Partial = false
	}
	if err := in.tx.setState("round", in.round); err != nil {
		return err
	}
	if err := in.tx.setState("me", in.me); err != nil {
		return err
	}
	return in.tx.setState("cursor", resp.Cursor)
}

// forget drops the confirmed part of a document that has left what this person may
// see. Pending changes to it stay, to be answered by the server.
func (in *intake) forget(k key) error {
	if err := in.tx.exec(`UPDATE documents SET value = NULL, meta = NULL WHERE type = ? AND id = ?`, k.Type, k.ID); err != nil {
		return err
	}
	return in.tx.refresh(k.Type, k.ID)
}

// sweep forgets what a whole sync did not bring again.
func (in *intake) sweep() error {
	var left []key
	err := in.tx.each(func(scan func(...any) error) error {
		var k key
		err := scan(&k.Type, &k.ID)
		left = append(left, k)
		return err
	}, `SELECT type, id FROM documents WHERE meta IS NOT NULL AND round < ?`, in.round.Current)
	if err != nil {
		return err
	}
	for _, k := range left {
		if err := in.forget(k); err != nil {
			return err
		}
	}
	return nil
}

// startOver drops the cursor: the server's history is another one than it was. What
// is confirmed stays on view until the whole sync has ended.
func (d *Device) startOver(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return err
	}
	err := d.store.write(ctx, func(t *tx) error { return t.setState("cursor", "") })
	if err == nil {
		d.cursor = ""
	}
	return err
}
