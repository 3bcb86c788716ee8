package api

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestPanic_EveryGoroutine: a panic in a handler, in the committer or in the goroutine
// of a live reader ends that piece of work, and the process serves on.
func TestPanic_EveryGoroutine(t *testing.T) {
	w := newWorld(t)
	id := w.order(1, map[string]any{"title": "Pump"})
	cursor := w.sync("olga", 0xaa, "").Cursor
	w.clock.broken.Store(true)
	for path, method := range map[string]string{"/api/order": "GET", "/api/order/" + id: "PATCH", "/api/_types": "GET"} {
		a := w.do("olga", method, path, `{"value":{"title":"x"}}`)
		if a.status < 500 || strings.Contains(a.body, "secret") {
			t.Errorf("%s %s with a broken clock: %d %s", method, path, a.status, a.body)
		}
	}
	w.clock.broken.Store(false)
	l := w.listen("olga", cursor)
	defer l.close()
	w.want("the committer goes on", w.do("olga", "PATCH", "/api/order/"+id, `{"value":{"title":"y"}}`), 200)
	l.next(t)

	// The reader is woken by a write, asks who it is, and panics.
	w.watch.broken.Store(true)
	if _, err := w.engine.Patch(context.Background(), w.actor("olga"), "order", id, map[string]any{"title": "z"}); err != nil {
		t.Fatal(err)
	}
	timeout := time.After(5 * time.Second)
	for open := true; open; {
		select {
		case _, open = <-l.events:
		case <-timeout:
			t.Fatal("the reader that panicked goes on")
		}
	}
	w.watch.broken.Store(false)
	if !strings.Contains(w.log.String(), "stream failed") {
		t.Error("nothing of it is in the log")
	}
	w.want("the server goes on", w.do("olga", "GET", "/api/order/"+id, ""), 200)
	again := w.listen("olga", cursor)
	defer again.close()
	again.next(t)
}
