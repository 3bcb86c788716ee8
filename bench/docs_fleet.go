package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

const (
	docsType    = "work-order"
	docsDevices = 240 // a multiple of docsWorkers: a device's pushes stay in order
	docsWorkers = 8
	docsPush    = 500 // changes in one push
)

// fleet is some hundred devices that push to an engine in this process, over the store
// that is measured.
type fleet struct {
	orders  *orders
	path    string
	devices [docsDevices]device
	now     atomic.Int64 // ms since 1970 UTC, as the server sees it
	store   *sqlite.Store
	engine  *collections.Engine
	plan    *crdt.Plan
	send    func(ctx context.Context, d *device, changes []*crdt.Change) error
}

// device numbers the changes of one replica.
type device struct {
	number  int
	replica crdt.Replica
	n       uint64
	clock   crdt.Clock
}

func newFleet(orders *orders, path string) *fleet {
	f := &fleet{orders: orders, path: path}
	f.send = f.push
	f.now.Store(orders.start)
	for i := range f.devices {
		f.devices[i].number, f.devices[i].replica = i, crdt.Replica(dice(i, 60, 1<<62))<<1|1
	}
	return f
}

var docsOwner = collections.Actor{User: "owner", Name: "owner", Role: collections.Owner}

// open opens the store, and publishes the type where it is not.
func (f *fleet) open(ctx context.Context) (err error) {
	if f.store, err = sqlite.Open(ctx, sqlite.Options{Path: f.path}); err != nil {
		return err
	}
	f.engine, err = collections.Open(ctx, collections.Config{
		Store: f.store, Now: func() time.Time { return time.UnixMilli(f.now.Load()) }})
	if err != nil {
		return errors.Join(err, f.store.Close())
	}
	t, err := f.engine.Type(ctx, docsOwner, docsType, 0)
	if err != nil {
		draft := collections.Draft{Name: docsType, Schema: json.RawMessage(benchType)}
		if _, err := f.engine.SaveDraft(ctx, docsOwner, draft); err != nil {
			return err
		}
		if t, _, err = f.engine.Publish(ctx, docsOwner, docsType, nil); err != nil {
			return err
		}
	}
	f.plan = t.Schema.Plan()
	return nil
}

// close closes the engine with its store.
func (f *fleet) close(ctx context.Context) error { return f.engine.Close(ctx) }

// create makes every order, each by one change of one device.
func (f *fleet) create(ctx context.Context) error {
	return f.each(ctx, "creating", func(ctx context.Context, d *device, from, to int) ([]*crdt.Change, error) {
		changes := make([]*crdt.Change, 0, to-from)
		for i := from; i < to; i++ {
			edit := crdt.NewDocument().Edit(d.replica, f.plan)
			if err := edit.PutAll(f.orders.order(i)); err != nil {
				return nil, err
			}
			changes = append(changes, d.change(f.orders.id(i), f.orders.made(i), 0, edit.Ops()))
		}
		return changes, nil
	})
}

// edit edits every order once: half of them on the device that made it, half on another.
func (f *fleet) edit(ctx context.Context) error {
	return f.each(ctx, "editing", func(ctx context.Context, d *device, from, to int) ([]*crdt.Change, error) {
		keys := make([]collections.Key, 0, to-from)
		for i := from; i < to; i++ {
			keys = append(keys, collections.Key{Type: docsType, ID: f.orders.id(i)})
		}
		records, err := f.store.Records(ctx, keys)
		if err != nil {
			return nil, err
		}
		changes := make([]*crdt.Change, 0, to-from)
		for i, record := range records {
			doc, err := crdt.Decode(record.Value, record.Meta)
			if err != nil {
				return nil, err
			}
			edit := doc.Edit(d.replica, f.plan)
			path, value := f.orders.edit(from+i, doc.Value())
			if err := edit.Put(path, value); err != nil {
				return nil, err
			}
			changes = append(changes, d.change(record.ID, f.orders.edited(from+i), doc.Seen()[d.replica], edit.Ops()))
		}
		return changes, nil
	})
}

func (d *device) change(doc string, at int64, prev uint64, ops []crdt.Op) *crdt.Change {
	d.n++
	return &crdt.Change{Replica: d.replica, N: d.n, Prev: prev, Stamp: d.clock.Next(at), Type: docsType, Version: 1, Doc: doc, Ops: ops}
}

// each has the devices push the changes that make says for orders from … to-1, some
// devices at a time, until all orders had theirs.
func (f *fleet) each(ctx context.Context, doing string, make func(ctx context.Context, d *device, from, to int) ([]*crdt.Change, error)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p := newProgress(doing, f.orders.count)
	var workers sync.WaitGroup
	for w := range docsWorkers {
		workers.Go(func() {
			for push := w; push*docsPush < f.orders.count && ctx.Err() == nil; push += docsWorkers {
				from, to := push*docsPush, min((push+1)*docsPush, f.orders.count)
				d := &f.devices[f.deviceOf(doing, push)]
				changes, err := make(ctx, d, from, to)
				if err == nil {
					err = f.send(ctx, d, changes)
				}
				if err != nil {
					cancel(err)
					return
				}
				p.add(to - from)
			}
		})
	}
	workers.Wait()
	p.end()
	return context.Cause(ctx)
}

// deviceOf is the device of a push: of those of its worker, so that nobody else has it.
func (f *fleet) deviceOf(doing string, push int) int {
	if doing == "editing" && push%2 == 1 {
		push += docsWorkers
	}
	return push % docsDevices
}

// push sends changes and wants each of them taken.
func (f *fleet) push(ctx context.Context, d *device, changes []*crdt.Change) error {
	last := changes[len(changes)-1].Stamp.Millis()
	for now := f.now.Load(); now < last && !f.now.CompareAndSwap(now, last); now = f.now.Load() {
	}
	none := []collections.Subscription{}
	here, err := f.engine.Here(docsOwner, none)
	if err != nil {
		return err
	}
	answer, err := f.engine.Sync(ctx, docsOwner, &collections.SyncRequest{
		Replica: d.replica, Cursor: here, Subscribe: none, Changes: changes, Limit: 1})
	if err != nil {
		return err
	}
	for _, result := range answer.Results {
		if !result.OK {
			return fmt.Errorf("a change was refused: %s", result.Error.Message)
		}
	}
	return nil
}
