package auth

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// The throttle's measures: so many attempts are free, then each makes the next one
// wait twice as long, from a second up to the longest wait. Who pauses for
// throttleMemory starts anew.
const (
	freePerName    = 5  // from one address at one name
	freePerAddress = 30 // from one address at any name
	firstWait      = time.Second
	longestWait    = 15 * time.Minute
	throttleMemory = 30 * time.Minute
	throttleSize   = 50_000 // keys remembered
)

// Throttled is the answer to who tries too often. It is a *collections.Error to
// errors.As.
type Throttled struct {
	Err   *collections.Error
	Retry time.Duration // until an attempt is looked at again
}

func (t *Throttled) Error() string { return t.Err.Error() }

// Unwrap gives the error that is shown.
func (t *Throttled) Unwrap() error { return t.Err }

// RetryAfter is what the HTTP header of that name says.
func (t *Throttled) RetryAfter() time.Duration { return t.Retry }

// retryLater says with a text of seconds to wait that somebody does.
func retryLater(code collections.Code, text string, wait time.Duration) *Throttled {
	seconds := int(wait.Round(time.Second) / time.Second)
	seconds = max(1, seconds)
	return &Throttled{
		Err:   collections.Errorf(code, "", text, seconds),
		Retry: time.Duration(seconds) * time.Second,
	}
}

// throttle slows down guessing. Attempts are counted when they begin, so that many at
// once are no way around it. Safe for concurrent use; its memory is bounded.
type throttle struct {
	now func() time.Time

	mu   sync.Mutex // guards seen
	seen map[string]attempts
}

type attempts struct {
	count int
	last  time.Time
	until time.Time // no attempt is looked at before
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, seen: make(map[string]attempts)}
}

// attempt is one that was let through; its owner says how it went.
type attempt struct {
	throttle      *throttle
	shared        *Service // where other servers count it as well; nil: they do not
	name, address string
}

// begin counts an attempt at a folded name from an address, or says how long to wait.
func (t *throttle) begin(name string, from netip.Addr) (*attempt, error) {
	a := &attempt{throttle: t, address: "a " + addressKey(from)}
	a.name = a.address + " " + name
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	until := t.seen[a.name].until
	if other := t.seen[a.address].until; other.After(until) {
		until = other
	}
	if wait := until.Sub(now); wait > 0 {
		return nil, retryLater(collections.TooMany, "Too many attempts: try again in %d s.", wait)
	}
	t.count(a.name, freePerName, now)
	t.count(a.address, freePerAddress, now)
	return a, nil
}

// succeeded forgets what led to a right password. The address keeps its other
// attempts: an account of one's own must not buy guesses at those of others.
func (a *attempt) succeeded(ctx context.Context) {
	if a.shared != nil {
		a.shared.forgetTries(ctx, a)
	}
	t := a.throttle
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.seen, a.name)
	if s, ok := t.seen[a.address]; ok {
		s.count--
		s.until = time.Time{}
		t.seen[a.address] = s
	}
}

func (t *throttle) count(key string, free int, now time.Time) {
	s := t.seen[key]
	if now.Sub(s.last) > throttleMemory {
		s = attempts{}
	}
	s.count, s.last = s.count+1, now
	if over := s.count - free; over >= 0 {
		s.until = now.Add(min(firstWait<<min(over, 20), longestWait))
	}
	if _, known := t.seen[key]; !known && len(t.seen) >= throttleSize {
		t.makeRoom(now)
	}
	t.seen[key] = s
}

// makeRoom drops what is past, or else an arbitrary eighth: bounded memory counts for
// more than a perfect one.
func (t *throttle) makeRoom(now time.Time) {
	for key, s := range t.seen {
		if now.Sub(s.last) > throttleMemory {
			delete(t.seen, key)
		}
	}
	for key := range t.seen {
		if len(t.seen) < throttleSize*7/8 {
			return
		}
		delete(t.seen, key)
	}
}

// addressKey is what counts as one address: an IPv6 subscriber has a whole /64.
func addressKey(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
