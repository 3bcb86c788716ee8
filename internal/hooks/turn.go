package hooks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// lookEvery is how often the server that sends looks for what owners changed at others.
const lookEvery = time.Second

// send sends, until ctx ends: it is this server's turn.
func (s *Service) send(ctx context.Context) {
	s.mu.Lock()
	s.sending = ctx
	s.mu.Unlock()
	defer s.halt()
	for {
		if err := s.bringUp(ctx); err != nil && ctx.Err() == nil {
			s.Journal.Warn("webhooks could not be read; they go on as they were", "error", err)
		}
		if rest(ctx, lookEvery) != nil {
			return
		}
	}
}

// bringUp has each hook worked for as it is in the store now.
func (s *Service) bringUp(ctx context.Context) error {
	items, err := s.Items.Items(ctx, kindHook, "", 1000)
	if err != nil {
		return fmt.Errorf("hooks: list: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	there := map[string]bool{}
	for _, item := range items {
		there[item.Key] = true
		w := s.workers[item.Key]
		if w != nil {
			if read := w.hookRev.Load(); read == 0 || read >= item.Rev {
				continue
			}
			s.end(item.Key)
		}
		s.start(item.Key)
	}
	for id := range s.workers {
		if !there[id] {
			s.end(id)
		}
	}
	return nil
}

// halt ends all workers: it is another server's turn.
func (s *Service) halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sending = nil
	for _, w := range s.workers {
		w.cancel()
	}
	for id := range s.workers {
		s.end(id)
	}
}

// end ends a hook's worker, if there is one. The caller holds mu.
func (s *Service) end(id string) {
	if w := s.workers[id]; w != nil {
		w.cancel()
		<-w.done
		delete(s.workers, id)
	}
}

// nudge makes the server that sends read a hook again, with how far it has got.
func (s *Service) nudge(ctx context.Context, id string) error {
	if s.Chore == nil {
		return nil
	}
	h, rev, err := s.hook(ctx, id)
	if err != nil {
		return err
	}
	// Whoever wrote it meanwhile has done as much.
	if err := s.save(ctx, kindHook, id, rev, h); err != nil && !errors.Is(err, collections.ErrStale) {
		return err
	}
	return nil
}
