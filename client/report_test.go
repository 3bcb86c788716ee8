package client_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/client"
)

// Ensure who looks after devices sees what waits on this one, also when it was cut off in
// the middle of sending.
func TestDeviceReport(t *testing.T) {
	b := newBackend(t)
	d := b.device("anna", func(o *client.Options) { o.Label, o.App = "Anna's van", "van 1.0" })
	d.sync()
	d.net.cut.Store(true)
	begun := b.now().UnixMilli()
	for i := range 520 {
		_, err := d.orders.Create(ctx, map[string]any{"title": fmt.Sprint("Order ", i)})
		b.must(err)
	}
	d.net.cut.Store(false)
	d.net.cutAfter.Store(1)
	if _, err := d.Sync(ctx); err == nil {
		t.Fatal("the second request got through")
	}
	devices, err := b.engine.Devices(ctx, owner)
	b.must(err)
	if len(devices) != 1 {
		t.Fatalf("%d devices", len(devices))
	}
	r := devices[0].Report
	if devices[0].Name != "anna" || r.Label != "Anna's van" || r.App != "van 1.0" || r.Unsent != 20 || r.Refused != 0 || r.Types["work-order"] != 1 {
		t.Errorf("half sent: %s says %+v", devices[0].Name, r)
	}
	if r.Oldest < begun || r.Oldest > begun+time.Minute.Milliseconds() {
		t.Errorf("the oldest was made at %d, want about %d", r.Oldest, begun)
	}
	d.net.cutAfter.Store(-1 << 40)
	d.net.cut.Store(false)
	d.sync()
	devices, err = b.engine.Devices(ctx, owner)
	b.must(err)
	if r := devices[0].Report; r.Unsent != 0 || r.Oldest != 0 {
		t.Errorf("all sent: it says %+v", r)
	}
}
