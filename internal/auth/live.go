package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

const (
	liveSize  = 20_000                 // credentials remembered
	pollEvery = 400 * time.Millisecond // well under the second that law 4 gives
)

// live remembers credentials that hold, so that a request costs no read, and who
// watches them. Every revocation counts up one item in the store: a process that
// sees the count move forgets what it remembers.
type live struct {
	mu       sync.Mutex // guards all below
	changes  uint64     // the count when the memory was last good
	version  uint64     // counts the times that something was forgotten
	entries  map[string]*entry
	watchers map[string][]*watcher // by credential id
}

// entry is one credential with its account, read only but for what mu guards.
type entry struct {
	account    *storedAccount
	mu         sync.Mutex // guards credential.Used and rev
	credential storedCredential
	rev        uint64
}

func (e *entry) identity() *Identity {
	return &Identity{
		Actor: collections.Actor{
			User: e.account.ID, Name: e.account.Name, Role: e.account.Role,
			Scopes: slices.Clone(e.credential.Scopes),
		},
		Credential: e.credential.ID,
		Kind:       e.credential.Kind,
		Label:      e.credential.Label,
	}
}

// watcher is somebody who wants to know at once. Its channel is closed when the
// credential no longer holds.
type watcher struct {
	who     *Identity
	revoked chan struct{}
}

func newLive() *live {
	return &live{entries: make(map[string]*entry), watchers: make(map[string][]*watcher)}
}

// get gives what is remembered of a credential, nil for nothing, and the version to
// give back to put.
func (l *live) get(id string) (*entry, uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entries[id], l.version
}

// put remembers an entry, unless something was forgotten since the version: what was
// read before a revocation must not be remembered after it.
func (l *live) put(id string, e *entry, version uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if version != l.version {
		return
	}
	for other := range l.entries {
		if len(l.entries) < liveSize {
			break
		}
		delete(l.entries, other)
	}
	l.entries[id] = e
}

func (l *live) drop(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version++
	delete(l.entries, id)
}

// forget drops everything and gives those who watch.
func (l *live) forget() []*watcher {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version++
	clear(l.entries)
	var all []*watcher
	for _, list := range l.watchers {
		all = append(all, list...)
	}
	return all
}

// end tells those who watch a credential, and forgets it.
func (l *live) end(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version++
	delete(l.entries, id)
	for _, w := range l.watchers[id] {
		close(w.revoked)
	}
	delete(l.watchers, id)
}

// Watch gives a channel that is closed when who no longer holds: signed out, revoked,
// disabled, or with another role or password. The caller calls stop when it is done.
func (s *Service) Watch(who *Identity) (revoked <-chan struct{}, stop func()) {
	w := &watcher{who: who, revoked: make(chan struct{})}
	l := s.live
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watchers[who.Credential] = append(l.watchers[who.Credential], w)
	return w.revoked, func() { l.leave(w) }
}

func (l *live) leave(w *watcher) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := w.who.Credential
	l.watchers[id] = slices.DeleteFunc(l.watchers[id], func(o *watcher) bool { return o == w })
	if len(l.watchers[id]) == 0 {
		delete(l.watchers, id)
	}
}

// revokedOne acts on the end of one credential, here and, by the count, elsewhere.
func (s *Service) revokedOne(ctx context.Context, id string) error {
	s.live.end(id)
	return s.countChange(ctx)
}

// revokedMany acts on the end of all credentials of some account.
func (s *Service) revokedMany(ctx context.Context) error {
	s.recheck(ctx)
	return s.countChange(ctx)
}

// recheck forgets everything and ends the watchers whose credential no longer holds.
func (s *Service) recheck(ctx context.Context) {
	for _, w := range s.live.forget() {
		_, err := s.known(ctx, w.who.Kind, w.who.Credential)
		if isCode(err, collections.Unauthorized) {
			s.live.end(w.who.Credential)
		}
	}
}

// changes reads the count of revocations.
func (s *Service) changes(ctx context.Context) (uint64, error) {
	item, err := s.items.Item(ctx, kindChanges, "changes")
	if errors.Is(err, collections.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("auth: read the count of revocations: %w", err)
	}
	return item.Rev, nil
}

// countChange counts one revocation up. A stale write means that somebody else
// counted after our revocation was stored, which tells everybody as well.
func (s *Service) countChange(ctx context.Context) error {
	rev, err := s.changes(ctx)
	if err != nil {
		return err
	}
	err = s.save(ctx, kindChanges, "changes", rev, struct{}{})
	if errors.Is(err, collections.ErrStale) {
		return nil
	}
	if err != nil {
		return err
	}
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	if s.live.changes == rev {
		s.live.changes = rev + 1 // our own: acted on already
	}
	return nil
}

// watchStore looks for the revocations of other processes.
func (s *Service) watchStore(ctx context.Context) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
			s.guarded("look for revocations", func() error { return s.poll(ctx) })
		}
	}
}

// poll acts on the revocations of others. A store that does not answer may have some:
// then nothing is remembered, and each request asks the store itself.
func (s *Service) poll(ctx context.Context) error {
	looking, stop := context.WithTimeout(ctx, pollEvery)
	defer stop()
	count, err := s.changes(looking)
	if err != nil {
		s.live.forget()
		return err
	}
	s.live.mu.Lock()
	moved := count != s.live.changes
	s.live.changes = count
	s.live.mu.Unlock()
	if moved {
		s.recheck(ctx)
	}
	return nil
}

// guarded runs work of the background; neither an error nor a panic ends it.
func (s *Service) guarded(what string, work func() error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("auth: panic: "+what, "panic", p)
		}
	}()
	if err := work(); err != nil && !errors.Is(err, context.Canceled) {
		s.log.Warn("auth: "+what, "error", err)
	}
}
