package collections_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Ensure readers that pull and wait, pull and wait, hear of everything that writers do
// meanwhile: a wake-up that is lost would leave them waiting for ever.
func TestWait_NoLostWakeUps(t *testing.T) {
	const readers, writers, each = 8, 4, 40
	d := openDepot(t)
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	var people sync.WaitGroup
	for range readers {
		people.Go(func() {
			cursor, seen := "", map[string]bool{}
			for len(seen) < writers*each {
				answer, err := d.Pull(ctx, eve, cursor, nil, 10)
				if err != nil {
					t.Errorf("pull: %v", err)
					return
				}
				for _, wire := range answer.Documents {
					seen[wire.ID] = true
				}
				for _, wire := range answer.Changes {
					seen[wire.Change.Doc] = true
				}
				cursor = answer.Cursor
				if answer.More {
					continue
				}
				if len(seen) == writers*each {
					return
				}
				if err := d.Wait(ctx, cursor); err != nil {
					t.Errorf("waiting with %d of %d: %v", len(seen), writers*each, err)
					return
				}
			}
		})
	}
	for w := range writers {
		people.Go(func() {
			for i := range each {
				value := map[string]any{"title": fmt.Sprint(w, i)}
				if _, err := d.Create(ctx, olga, "order", docID(1000*w+i), value); err != nil {
					t.Errorf("create: %v", err)
				}
			}
		})
	}
	people.Wait()
}

// Ensure Wait returns at once when there is something, and otherwise only for a reason.
func TestWait_Returns(t *testing.T) {
	d := openDepot(t)
	d.order(1, `{"title":"x"}`)
	d.order(2, `{"title":"x"}`)
	v := d.device(eve, 0xf0)
	v.pull(1)
	if err := d.Wait(t.Context(), v.cursor); err != nil {
		t.Errorf("in the middle of a whole sync: %v", err)
	}
	if err := d.Wait(t.Context(), ""); err != nil {
		t.Errorf("with no cursor: %v", err)
	}
	v.sync()
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := d.Wait(gone, v.cursor); !errors.Is(err, context.Canceled) {
		t.Errorf("when the reader is gone: %v", err)
	}
	d.patch(olga, "order", docID(1), `{"title":"y"}`)
	if err := d.Wait(t.Context(), v.cursor); err != nil {
		t.Errorf("behind: %v", err)
	}
	v.sync()
	woken := make(chan error, 1)
	go func() { woken <- d.Wait(context.Background(), v.cursor) }()
	d.rule("order", `{"roles":{"editor":{"hidden":["secret"]}}}`)
	if err := <-woken; err != nil {
		t.Errorf("when rules change: %v", err)
	}
	v.sync()
	go func() { woken <- d.Wait(context.Background(), v.cursor) }()
	if err := d.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	wantCode(t, <-woken, collections.Unavailable)
}
