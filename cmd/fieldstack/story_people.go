package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/fieldstack/fieldstack/client"
)

// storyClock is the true time of the story, shared by the server and by every device
// whose clock is right. It moves when the story says so.
type storyClock struct{ ms atomic.Int64 }

func (c *storyClock) now() time.Time       { return time.UnixMilli(c.ms.Load()) }
func (c *storyClock) pass(d time.Duration) { c.ms.Add(d.Milliseconds()) }
func newStoryClock(start time.Time) *storyClock {
	c := &storyClock{}
	c.ms.Store(start.UnixMilli())
	return c
}

// fieldWorker is a person with a device whose network and clock can fail.
type fieldWorker struct {
	name   string
	device *client.Device
	orders *client.Collection
	net    *flakyNetwork
	ahead  atomic.Int64 // ms by which the device's clock is wrong
}

// flakyNetwork is a connection that can be cut, and that can lose an answer after
// the server has acted on the question.
type flakyNetwork struct {
	cut, loseNext atomic.Bool
	lost          atomic.Int32
}

var errCut = errors.New("no signal")

// RoundTrip implements http.RoundTripper.
func (f *flakyNetwork) RoundTrip(req *http.Request) (*http.Response, error) {
	if f.cut.Load() {
		return nil, errCut
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil && f.loseNext.CompareAndSwap(true, false) {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		f.lost.Add(1)
		return nil, errors.New("the answer was lost on the way")
	}
	return resp, err
}

// enlist gives somebody a device, signs them in there and fetches what they may see.
func (s *story) enlist(ctx context.Context, name string) (_ *fieldWorker, err error) {
	w := &fieldWorker{name: name, net: &flakyNetwork{}}
	w.device, err = client.Open(ctx, client.Options{
		Path: filepath.Join(s.dir, name+".db"), URL: s.server.url, HTTP: &http.Client{Transport: w.net, Timeout: time.Minute},
		Now: func() time.Time { return s.clock.now().Add(time.Duration(w.ahead.Load()) * time.Millisecond) },
	})
	if err != nil {
		return nil, err
	}
	w.orders = w.device.Collection(sampleType)
	if err = w.device.SignIn(ctx, name, name+" in the field"); err == nil {
		_, err = w.device.Sync(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, w.device.Close())
	}
	return w, nil
}

// close closes the devices that there are.
func (s *story) close() {
	for _, w := range []*fieldWorker{s.anna, s.ben, s.cleo} {
		if w != nil {
			_ = w.device.Close()
		}
	}
}
