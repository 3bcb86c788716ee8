package api

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Ensure that only so many are in, that who waits comes in when another leaves, and that
// who is too many or waits too long is told when to come back.
func TestTurns(t *testing.T) {
	turns := newTurns(1, 1, time.Minute, time.Now)
	leave, err := turns.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	came := make(chan func())
	go func() {
		leave, err := turns.take(context.Background())
		if err != nil {
			t.Error(err)
		}
		came <- leave
	}()
	for turns.waiting.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	_, err = turns.take(t.Context())
	var known *collections.Error
	var waits interface{ RetryAfter() time.Duration }
	if !errors.As(err, &known) || known.Code != collections.Unavailable || !errors.As(err, &waits) || waits.RetryAfter() < time.Second {
		t.Fatalf("one too many is answered %v", err)
	}
	select {
	case <-came:
		t.Fatal("two are in")
	default:
	}
	leave()
	(<-came)()

	turns = newTurns(1, 1, time.Millisecond, time.Now)
	if leave, err = turns.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer leave()
	if _, err := turns.take(t.Context()); !errors.As(err, &waits) {
		t.Fatalf("who waited for too long is answered %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newFullTurns(t).take(ended); !errors.Is(err, context.Canceled) {
		t.Fatalf("who left is answered %v", err)
	}
}

// newFullTurns has nobody waiting and its only place taken.
func newFullTurns(t *testing.T) *turns {
	t.Helper()
	turns := newTurns(1, 1, time.Minute, time.Now)
	if _, err := turns.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	return turns
}
