package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/api"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

// orderSchema is the type that devices work with here: each strategy that a person
// meets is in it.
const orderSchema = `{"type":"object","title":"Work order","required":["title"],"additionalProperties":false,"properties":{
	"title":{"title":"Title","type":"string","minLength":3,"maxLength":200},
	"status":{"title":"Status","enum":["open","in_progress","waiting","done"]},
	"assignee":{"title":"Assigned to","type":"string"},
	"price":{"title":"Price","type":"number"},
	"notes":{"title":"Notes","type":"string","contentMediaType":"text/plain"},
	"tags":{"title":"Tags","type":"array","uniqueItems":true,"items":{"type":"string"}},
	"parts":{"title":"Parts","type":"array","items":{"type":"object","properties":{"part":{"type":"string"},"quantity":{"type":"integer"}}}},
	"hours":{"title":"Hours","type":"number","x-merge":"counter"},
	"meter":{"title":"Meter reading","type":"number","x-merge":"max"}}}`

var owner = collections.Actor{User: "system", Name: "system", Role: collections.Owner}

// backend is a whole server on a loopback address, over a store in memory.
type backend struct {
	testing.TB
	url      string
	engine   *collections.Engine
	accounts *auth.Service
	store    collections.Store
	tokens   map[string]string
	ahead    atomic.Int64 // of everybody's real clock, ns
}

// now is everybody's clock: the server's and each device's.
func (b *backend) now() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())) }

// keeps is how long the server keeps history.
const keeps = 400 * 24 * time.Hour

// pass lets days pass, and the server fold what is old by then.
func (b *backend) pass(days int) {
	b.Helper()
	b.ahead.Add(int64(days) * int64(24*time.Hour))
	_, err := b.engine.Fold(context.Background(), nil)
	b.must(err)
}

func newBackend(t testing.TB) *backend {
	t.Helper()
	ctx := context.Background()
	b := &backend{TB: t, store: storetest.Memory(), tokens: map[string]string{}}
	var err error
	b.engine, err = collections.Open(ctx, collections.Config{Store: b.store, Now: b.now, KeepHistory: keeps})
	b.must(err)
	accounts, err := auth.Open(ctx, auth.Config{Items: b.store, Cost: auth.Cost{Memory: 64, Time: 1, Threads: 1}})
	b.must(err)
	b.accounts = accounts
	server, err := web.New(web.Config{Sessions: accounts, Heartbeat: 200 * time.Millisecond})
	b.must(err)
	b.must(api.Mount(server, b.engine, accounts, api.Options{Pace: time.Millisecond}))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	b.must(err)
	b.url = "http://" + ln.Addr().String()
	served := make(chan error, 1)
	go func() { served <- server.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := errors.Join(server.Shutdown(ctx), <-served); err != nil {
			t.Errorf("shut down: %v", err)
		}
		accounts.Close()
		if err := b.engine.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	for name, role := range map[string]collections.Role{"olga": collections.Owner, "anna": collections.Worker, "ben": collections.Worker} {
		_, err := accounts.Create(ctx, owner, auth.NewAccount{Name: name, Password: "of the person " + name, Role: role})
		b.must(err)
		b.tokens[name], _, err = accounts.SignIn(ctx, name, "of the person "+name, loopback)
		b.must(err)
	}
	b.publish("work-order", orderSchema)
	return b
}

func (b *backend) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *backend) publish(name, schema string) {
	b.Helper()
	ctx := context.Background()
	draft := collections.Draft{Name: name, Schema: []byte(schema)}
	_, err := b.engine.SaveDraft(ctx, owner, draft)
	b.must(err)
	_, _, err = b.engine.Publish(ctx, owner, name, nil)
	b.must(err)
}

// add creates a record as somebody at a desk does.
func (b *backend) add(value map[string]any) (id string) {
	b.Helper()
	doc, err := b.engine.Create(context.Background(), owner, "work-order", "", value)
	b.must(err)
	return doc.ID
}

// device is a device with a network that can be cut.
type device struct {
	testing.TB
	*client.Device
	orders *client.Collection
	net    *network
	path   string
}

// network loses what it is told to lose.
type network struct {
	cut        atomic.Bool
	loseAnswer atomic.Bool  // of the next request
	cutAfter   atomic.Int64 // requests that still get through; below 0: no limit
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	if n.cut.Load() || n.cutAfter.Add(-1) == -1 {
		n.cut.Store(true)
		return nil, errors.New("no signal")
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil && n.loseAnswer.CompareAndSwap(true, false) {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		return nil, errors.New("the answer was lost")
	}
	return resp, err
}

// device opens a device for somebody, with a file of its own.
func (b *backend) device(name string, change ...func(*client.Options)) *device {
	b.Helper()
	d := &device{TB: b.TB, net: &network{}, path: filepath.Join(b.TempDir(), "device.db")}
	d.net.cutAfter.Store(-1 << 40)
	o := client.Options{Now: b.now, Path: d.path, URL: b.url, Token: b.tokens[name], HTTP: &http.Client{Transport: d.net, Timeout: 30 * time.Second}}
	for _, f := range change {
		f(&o)
	}
	d.path = o.Path
	var err error
	d.Device, err = client.Open(context.Background(), o)
	b.must(err)
	b.Cleanup(func() { _ = d.Close() })
	d.orders = d.Collection("work-order")
	return d
}

// sync makes a round trip that must succeed.
func (d *device) sync() client.Report {
	d.Helper()
	r, err := d.Sync(context.Background())
	if err != nil {
		d.Fatalf("sync: %v", err)
	}
	return r
}

func (d *device) get(id string) *client.Document {
	d.Helper()
	doc, err := d.orders.Get(context.Background(), id)
	if err != nil {
		d.Fatal(err)
	}
	return doc
}

func (d *device) edit(id string, f func(*crdt.Editor) error) {
	d.Helper()
	if err := d.orders.Edit(context.Background(), id, f); err != nil {
		d.Fatal(err)
	}
}

func (d *device) update(id, field string, value any) {
	d.Helper()
	if err := d.orders.Update(context.Background(), id, map[string]any{field: value}); err != nil {
		d.Fatal(err)
	}
}

func (d *device) status() client.Status {
	d.Helper()
	s, err := d.Status(context.Background())
	if err != nil {
		d.Fatal(err)
	}
	return s
}

// copyFile copies a device's file as somebody who clones a phone does: after the
// device was closed.
func copyFile(t testing.TB, from string) (to string) {
	t.Helper()
	to = filepath.Join(t.TempDir(), "copy.db")
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(from + suffix)
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(to+suffix, bytes.Clone(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}
