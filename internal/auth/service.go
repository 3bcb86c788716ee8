package auth

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Config is what a Service is made of. Items is required.
type Config struct {
	Items  Items
	Now    func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
	Log    *slog.Logger     // default: discarded
	Cost   Cost             // of new password hashes; default DefaultCost

	// Shared says that other servers have the store as well: attempts to sign in are counted
	// there for all of them, and each one's set-up link works at every other.
	Shared   bool
	Sweeping *collections.Chore // of the server that sweeps; nil: it is alone
}

// Service knows accounts and credentials. Safe for concurrent use.
type Service struct {
	items    Items
	now      func() time.Time
	random   io.Reader
	log      *slog.Logger
	hasher   *hasher
	throttle *throttle
	live     *live
	shared   bool
	sweeping *collections.Chore

	accounts sync.Mutex // held while accounts change, so that law 5 is checked on what is written
	setup    string     // the set-up token of this process

	stop func()
	work sync.WaitGroup // the watch over the store, and the sweeps
}

// Open makes a Service and begins to watch the store for revocations that other
// processes make. It writes nothing, but for what tells other servers of its set-up link.
func Open(ctx context.Context, c Config) (*Service, error) {
	if c.Items == nil {
		return nil, errors.New("auth: no store given")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	random := &lockedReader{reader: c.Random}
	hasher, err := newHasher(c.Cost, random)
	if err != nil {
		return nil, err
	}
	s := &Service{
		items: c.Items, now: c.Now, random: random, log: c.Log,
		hasher: hasher, throttle: newThrottle(c.Now), live: newLive(), shared: c.Shared, sweeping: c.Sweeping,
	}
	if s.setup, err = s.secret(secretBytes); err != nil {
		return nil, err
	}
	if s.live.changes, err = s.changes(ctx); err != nil {
		return nil, err
	}
	if err := s.offerSetup(ctx); err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.work.Go(func() { s.watchStore(watching) })
	// Beside the watch: a long sweep must not hold up what law 4 promises.
	s.work.Go(func() { s.sweeping.Run(watching, s.sweepNowAndThen) })
	return s, nil
}

// Close ends the watch over the store. Watchers are not told anything.
func (s *Service) Close() {
	s.stop()
	s.work.Wait()
	s.withdrawSetup()
}

func (s *Service) millis() int64 { return s.now().UnixMilli() }

// secret gives n random bytes as text of the alphabet a-z2-7.
func (s *Service) secret(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("auth: random: %w", err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)), nil
}

// lockedReader lets many goroutines draw from one source of randomness.
type lockedReader struct {
	mu     sync.Mutex
	reader io.Reader
}

func (r *lockedReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reader.Read(p)
}

// mayManage says whether an actor may manage other people's accounts: an owner who
// came with all of an owner's rights, not with a token made for less.
func mayManage(a collections.Actor) error {
	if a.Role != collections.Owner || a.Scopes != nil {
		return collections.Errorf(collections.Forbidden, "", "Only an owner may manage accounts: ask one.")
	}
	return nil
}
