package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// tries counts attempts where all servers on the store see them. Their clocks need not
// agree: who is ahead of another waits so much less.
type tries struct {
	Count int   `json:"count"`
	Last  int64 `json:"last"`            // ms since 1970 UTC
	Until int64 `json:"until,omitempty"` // no attempt is looked at before
}

// past reports whether it may be forgotten.
func (t *tries) past(now int64) bool {
	return now-max(t.Last, t.Until) > throttleMemory.Milliseconds()
}

// add counts one more, of which so many are free.
func (t *tries) add(free int, now int64) {
	if t.past(now) {
		*t = tries{}
	}
	t.Count, t.Last = t.Count+1, now
	if over := t.Count - free; over >= 0 {
		t.Until = now + min(firstWait<<min(over, 20), longestWait).Milliseconds()
	}
}

// triesKey is where attempts are counted. Names and addresses cannot be read from it.
func triesKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// begin counts an attempt at a folded name from an address, or says how long to wait:
// here, and where other servers count as well, for all of them.
func (s *Service) begin(ctx context.Context, name string, from netip.Addr) (*attempt, error) {
	a, err := s.throttle.begin(name, from)
	if err != nil || !s.shared {
		return a, err
	}
	a.shared = s
	if err := s.countTry(ctx, a.name, freePerName); err != nil {
		return nil, err
	}
	return a, s.countTry(ctx, a.address, freePerAddress)
}

// countTry counts one attempt in the store.
func (s *Service) countTry(ctx context.Context, key string, free int) error {
	for range casTries {
		var t tries
		rev, err := s.load(ctx, kindTries, triesKey(key), &t)
		if err != nil && !errors.Is(err, collections.ErrNotFound) {
			return err
		}
		now := s.millis()
		if wait := time.Duration(t.Until-now) * time.Millisecond; wait > 0 {
			return retryLater(collections.TooMany, "Too many attempts: try again in %d s.", wait)
		}
		t.add(free, now)
		if err = s.save(ctx, kindTries, triesKey(key), rev, t); !errors.Is(err, collections.ErrStale) {
			return err
		}
	}
	// So many at once are no person's.
	return retryLater(collections.TooMany, "Too many attempts: try again in %d s.", firstWait)
}

// forgetTries does in the store what succeeded does. What cannot be written is counted
// on: the next attempts wait sooner.
func (s *Service) forgetTries(ctx context.Context, a *attempt) {
	err := s.items.DeleteItem(ctx, kindTries, triesKey(a.name))
	for range casTries {
		var t tries
		rev, missing := s.load(ctx, kindTries, triesKey(a.address), &t)
		if missing != nil {
			break
		}
		t.Count, t.Until = max(0, t.Count-1), 0
		stale := s.save(ctx, kindTries, triesKey(a.address), rev, t)
		if stale == nil {
			break
		}
	}
	if err != nil {
		s.log.Warn("auth: forget attempts", "error", err)
	}
}
