package collections

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Where several servers share a store, each writes a stream of the log of its own, which
// it holds (see [Hold]). The item of the hold says how far the stream is level: entries up
// to there have all their effect, and only those are read by others.
//
// A server that comes takes a stream that nobody holds, or begins a new one. Of a holder
// that fell silent another takes the stream over: it raises the term, which fences the
// one before off (a batch of an older term is ErrTaken), brings the records level with
// what the stream has, and lets go of it.

// kindStream is the kind of the items that say who holds which stream, by stream.
const kindStream = "stream"

// beatEvery is how often a holder says that it is there, where nothing is written.
const beatEvery = HoldLife / 5

// ownStream is the stream that this engine writes. Safe for concurrent use.
type ownStream struct {
	e     *Engine
	owner string

	moved chan struct{} // has one when the level is to be written

	writing sync.Mutex // held while the hold is written; guards hold
	hold    *Hold      // nil: none

	mu    sync.Mutex // never held for long; guards all below
	name  string     // "": none
	term  uint64
	level uint64 // entries up to here have all their effect
}

func newOwnStream(e *Engine, owner string) *ownStream {
	return &ownStream{e: e, owner: owner, moved: make(chan struct{}, 1)}
}

// claim makes a claim upon a stream for this server.
func (s *ownStream) claim(name string) *Hold {
	return NewHold(s.e.store, kindStream, name, s.owner, s.e.now)
}

// held says which stream is this server's, as far as it knows, and in which term.
func (s *ownStream) held() (name string, term, level uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name, s.term, s.level
}

// set notes which stream is held; a nil hold: none.
func (s *ownStream) set(name string, hold *Hold) {
	s.hold = hold
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name, s.term, s.level = name, 0, 0
	if hold != nil {
		s.term, s.level = hold.Term(), hold.seen.Level
	}
}

// take takes a stream that nobody holds, or a new one, unless one is held already.
func (s *ownStream) take(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	for try := 0; s.hold == nil; try++ {
		if try == levelRetries {
			return errors.New("collections: others took every stream there was: try again")
		}
		names, err := s.free(ctx)
		if err != nil {
			return err
		}
		for _, name := range names {
			hold := s.claim(name)
			taken, err := hold.Try(ctx)
			if err != nil {
				return err
			}
			if taken {
				s.set(name, hold)
				break
			}
		}
	}
	return nil
}

// free lists the streams that nobody holds, and after them the name of a new one.
func (s *ownStream) free(ctx context.Context) ([]string, error) {
	head, err := s.e.store.Head(ctx)
	if err != nil {
		return nil, fmt.Errorf("collections: reading the heads of the log: %w", err)
	}
	known := map[string]bool{} // and whether somebody holds it
	for stream := range head {
		known[stream] = false
	}
	err = eachItem(ctx, s.e.store, kindStream, func(item Item) error {
		h := s.claim(item.Key)
		err := h.note(&item)
		known[item.Key] = !h.free()
		return err
	})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if !known[name] {
			names = append(names, name)
		}
	}
	for n := 1; ; n++ {
		name := fmt.Sprintf("s%d", n)
		if _, there := known[name]; !there {
			return append(names, name), nil
		}
	}
}

// levelled says that entries up to n have all their effect, for others to read them.
func (s *ownStream) levelled(n uint64) {
	s.mu.Lock()
	s.level = max(s.level, n)
	s.mu.Unlock()
	select {
	case s.moved <- struct{}{}:
	default:
	}
}

// say writes the level and beats. ErrLost: somebody else has the stream.
func (s *ownStream) say(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.hold == nil {
		return nil
	}
	_, _, s.hold.seen.Level = s.held()
	err := s.hold.Keep(ctx)
	if errors.Is(err, ErrLost) {
		s.set("", nil)
	}
	return err
}

// keep says the level when it moves, and beats, until ctx ends.
func (s *ownStream) keep(ctx context.Context) {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		case <-s.moved:
		}
		if err := s.say(ctx); err != nil && ctx.Err() == nil {
			s.e.log.Warn("saying how far this server's stream is failed; it is said again", "error", err)
		}
	}
}

// release lets go of the stream, which is level, when nothing more is written to it.
func (s *ownStream) release(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.hold == nil {
		return nil
	}
	_, _, s.hold.seen.Level = s.held()
	err := s.hold.Release(ctx)
	s.set("", nil)
	if errors.Is(err, ErrLost) {
		return nil
	}
	return err
}
