package client

import (
	"context"
	"encoding/json"
	"math"
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
	Note         string // a sentence that the person should read, "": none; Status keeps it
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
	remade, err := d.take(ctx, &resp, sent, &offset, report)
	return resp.More || queued > len(sent) || remade, err
}

// nextRequest puts together what to send: the oldest pending changes. queued is how
// many wait in all.
func (d *Device) nextRequest(ctx context.Context) (req *request, sent []*crdt.Change, queued int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return nil, nil, 0, err
	}
	read := d.store.read(ctx)
	waiting, err := read.pendingOf("", "")
	if err != nil {
		return nil, nil, 0, err
	}
	pending := waiting
	if d.round.Outdated { // they are made anew first
		pending = nil
	}
	req = &request{Replica: d.me.Replica, Cursor: d.cursor, Subscribe: d.subscribe, Changes: []json.RawMessage{}}
	if len(pending) > 0 {
		if req.Since, err = read.oldestSince(); err != nil {
			return nil, nil, 0, err
		}
	}
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
	req.Device, err = d.report(read, waiting[len(sent):])
	return req, sent, len(pending), err
}

// report is what the device says about itself; rest are the changes that stay behind.
func (d *Device) report(read *tx, rest []*crdt.Change) (r deviceReport, err error) {
	r = deviceReport{Label: d.label, App: d.app, Unsent: len(rest), Types: map[string]int{}}
	if len(rest) > 0 {
		r.Oldest = rest[0].Stamp.Millis()
	}
	for name, t := range d.types {
		r.Types[name] = t.version
	}
	r.Refused, err = read.countRefused()
	return r, err
}

// take writes one answer in one transaction: what became of the changes sent, what
// came, and the cursor. remade says that unsent changes were made anew and wait to be
// sent.
func (d *Device) take(ctx context.Context, resp *response, sent []*crdt.Change, offset *int64, report *Report) (remade bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return false, err
	}
	if resp.Outdated != nil {
		report.Note = resp.Outdated.Message
	}
	in := &intake{Device: d, me: d.me, round: d.round, touched: map[key]*crdt.Document{}, refresh: map[key]bool{}, gone: map[key]bool{}}
	if offset != nil {
		in.me.Offset = *offset
	}
	// Nothing that the answer shows is stamped later than this, and what is done next
	// must come after it, should the device's clock step back.
	in.me.Clock = max(in.me.Clock, crdt.NewTime(resp.Now, math.MaxUint16))
	types := d.types
	err = d.store.write(ctx, func(t *tx) (err error) {
		in.tx = t
		if err := in.answers(resp.Results, sent); err != nil {
			return err
		}
		if err := in.pulled(resp); err != nil {
			return err
		}
		if err := in.finish(resp); err != nil || !in.copied {
			return err
		}
		in.me, err = t.rename(in.me, d.random)
		return err
	})
	if err != nil {
		d.types = types
		return false, err
	}
	d.me, d.round, d.cursor = in.me, in.round, resp.Cursor
	clear(d.views)
	report.NewReplica = report.NewReplica || in.copied
	report.Acknowledged += in.acknowledged
	report.Refused += in.refused
	report.Received += len(resp.Changes) + len(resp.Documents) + len(resp.Forget)
	if in.acknowledged+in.refused+len(resp.Types)+len(resp.Changes)+len(resp.Documents)+len(resp.Forget) > 0 || resp.Reset || in.remade {
		d.wake()
	}
	return in.sendAgain, nil
}

// startOver drops the cursor: the server's history is another one than it was. What
// is confirmed stays on view until the whole sync has ended.
func (d *Device) startOver(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return err
	}
	round := d.round
	if round.Base == "" {
		round.Base = d.cursor
	}
	err := d.store.write(ctx, func(t *tx) error {
		if err := t.setState("round", round); err != nil {
			return err
		}
		return t.setState("cursor", "")
	})
	if err == nil {
		d.cursor, d.round = "", round
	}
	return err
}
