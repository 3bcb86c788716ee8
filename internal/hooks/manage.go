package hooks

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// Listed is a hook with how it does.
type Listed struct {
	Hook
	State State
}

// List lists the hooks by name.
func (s *Service) List(ctx context.Context, a collections.Actor) ([]*Listed, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	all, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]*Listed, len(all))
	for i, h := range all {
		list[i] = &Listed{Hook: h.Hook}
		if list[i].State, _, err = s.state(ctx, h.ID); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(a, b *Listed) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	return list, nil
}

// Get reads one hook; NotFound.
func (s *Service) Get(ctx context.Context, a collections.Actor, id string) (*Listed, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	h, _, err := s.hook(ctx, id)
	if err != nil {
		return nil, err
	}
	st, _, err := s.state(ctx, id)
	return &Listed{Hook: h.Hook, State: st}, err
}

// Create makes a hook of h's name, address, choices and condition, for the actor's eyes,
// and gives the secret, which is told here and never again. It hears of what happens
// from now on.
func (s *Service) Create(ctx context.Context, a collections.Actor, h Hook) (*Hook, string, error) {
	if err := mayManage(a); err != nil {
		return nil, "", err
	}
	if err := s.check(ctx, a, &h); err != nil {
		return nil, "", err
	}
	all, err := s.all(ctx)
	if err != nil {
		return nil, "", err
	}
	if len(all) >= maxHooks {
		return nil, "", collections.Errorf(collections.TooLarge, "", "A server has at most %d webhooks: remove one that is not needed.", maxHooks)
	}
	secret, err := s.secret()
	if err != nil {
		return nil, "", err
	}
	if h.ID, err = s.newID(); err != nil {
		return nil, "", err
	}
	follower, err := s.Log.Follow(a, "", collections.FollowOptions{})
	if err != nil {
		return nil, "", err
	}
	h.Account, h.By, h.Created = a.User, a.Name, s.millis()
	h.Updated = h.Created
	// The place first: a hook without one would begin wherever the log is when it is found.
	if err := s.save(ctx, kindState, h.ID, 0, State{Cursor: follower.Cursor()}); err != nil {
		return nil, "", err
	}
	if err := s.save(ctx, kindHook, h.ID, 0, stored{Hook: h, Secret: secret}); err != nil {
		return nil, "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.start(h.ID)
	return &h, secret, nil
}

func (s *Service) secret() (string, error) {
	s.chance.Lock()
	defer s.chance.Unlock()
	return newSecret(s.Random)
}

// check says what is wrong with a hook.
func (s *Service) check(ctx context.Context, a collections.Actor, h *Hook) error {
	if err := h.check(s.Private()); err != nil {
		return err
	}
	for _, name := range h.Types {
		t, err := s.Log.Type(ctx, a, name, 0)
		if err != nil {
			return collections.Errorf(collections.Invalid, "types", "There is no type %q.", name)
		}
		if h.Where == nil {
			continue
		}
		if err := h.Where.Check(t.Schema, nil); err != nil {
			return collections.Errorf(collections.Invalid, "where", "The condition does not fit %s: %s", t.Schema.Title(), err)
		}
	}
	if h.Where != nil && len(h.Types) == 0 {
		return collections.Errorf(collections.Invalid, "where", "A condition is about the fields of a type: choose the types that it is for.")
	}
	return nil
}

// Update makes to of a hook, in what differs from from, which is how its author saw it:
// what others changed meanwhile stays. Exists names the field that both changed. The
// hook is the actor's from then on, and is no longer paused.
func (s *Service) Update(ctx context.Context, a collections.Actor, id string, from, to Hook) (*Hook, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	var h *stored
	err := s.pausing(id, func() error {
		var rev uint64
		var err error
		if h, rev, err = s.hook(ctx, id); err != nil {
			return err
		}
		if err := h.merge(from, to); err != nil {
			return err
		}
		if err := s.check(ctx, a, &h.Hook); err != nil {
			return err
		}
		h.Account, h.By, h.Updated = a.User, a.Name, s.millis()
		if err := s.save(ctx, kindHook, id, rev, h); err != nil {
			return changedMeanwhile(err)
		}
		return errors.Join(overState(func() error { return s.refresh(ctx, id) }), s.nudge(ctx, id))
	})
	if err != nil {
		return nil, err
	}
	return &h.Hook, nil
}

// changedMeanwhile says to a person that somebody was faster.
func changedMeanwhile(err error) error {
	if errors.Is(err, collections.ErrStale) {
		return collections.Errorf(collections.Exists, "", "Somebody else changed this webhook at the same moment: look again.")
	}
	return err
}

// merge does to h what turned from into to.
func (h *stored) merge(from, to Hook) error {
	for _, field := range []struct {
		name           string
		mine, was, now bool // changed by the author; the stored one is as it was; … as the author wants it
		set            func()
	}{
		{"name", from.Name != to.Name, h.Name == from.Name, h.Name == to.Name, func() { h.Name = to.Name }},
		{"url", from.URL != to.URL, h.URL == from.URL, h.URL == to.URL, func() { h.URL = to.URL }},
		{"types", !slices.Equal(from.Types, to.Types), slices.Equal(h.Types, from.Types), slices.Equal(h.Types, to.Types), func() { h.Types = to.Types }},
		{"events", !slices.Equal(from.Events, to.Events), slices.Equal(h.Events, from.Events), slices.Equal(h.Events, to.Events), func() { h.Events = to.Events }},
		{"where", !sameCondition(from.Where, to.Where), sameCondition(h.Where, from.Where), sameCondition(h.Where, to.Where), func() { h.Where = to.Where }},
		{"enabled", from.Enabled != to.Enabled, h.Enabled == from.Enabled, h.Enabled == to.Enabled, func() { h.Enabled = to.Enabled }},
	} {
		if !field.mine {
			continue
		}
		if !field.was && !field.now {
			return collections.Errorf(collections.Exists, field.name, "%s changed this meanwhile: look at what is there now, and change it again if it is still wrong.", h.By)
		}
		field.set()
	}
	return nil
}

func sameCondition(a, b *schema.Condition) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, errX := a.MarshalJSON()
	y, errY := b.MarshalJSON()
	return errX == nil && errY == nil && string(x) == string(y)
}

// refresh lets a hook try again at once. Its worker does not run.
func (s *Service) refresh(ctx context.Context, id string) error {
	st, rev, err := s.state(ctx, id)
	if err != nil {
		return err
	}
	st.Failures, st.Since, st.Next, st.Fault, st.Paused = 0, 0, 0, "", ""
	return s.save(ctx, kindState, id, rev, st)
}

// overState does what reads how far a hook has got and writes that again: anew, where the
// server that sends wrote it meanwhile.
func overState(do func() error) (err error) {
	for range 10 {
		if err = do(); !errors.Is(err, collections.ErrStale) {
			return err
		}
	}
	return err
}

// Resume lets a hook that is paused or waiting try again at once.
func (s *Service) Resume(ctx context.Context, a collections.Actor, id string) error {
	return s.moved(ctx, a, id, func() error { return overState(func() error { return s.refresh(ctx, id) }) })
}

// Skip passes over the change that the hook's endpoint does not take, for good, and
// goes on with the next.
func (s *Service) Skip(ctx context.Context, a collections.Actor, id string) error {
	return s.moved(ctx, a, id, func() error { return overState(func() error { return s.skip(ctx, id) }) })
}

// skip does it, while the hook's worker does not run here.
func (s *Service) skip(ctx context.Context, id string) error {
	st, rev, err := s.state(ctx, id)
	if err != nil {
		return err
	}
	if st.Past == "" {
		return collections.Errorf(collections.Exists, "", "Nothing waits to be passed over: the message was taken meanwhile.")
	}
	next := State{Cursor: st.Past, Taken: st.Taken}
	return s.save(ctx, kindState, id, rev, next)
}

// moved changes a hook's state while its worker does not run.
func (s *Service) moved(ctx context.Context, a collections.Actor, id string, do func() error) error {
	if err := mayManage(a); err != nil {
		return err
	}
	if _, _, err := s.hook(ctx, id); err != nil {
		return err
	}
	return s.pausing(id, func() error {
		if err := do(); err != nil {
			return err
		}
		return s.nudge(ctx, id)
	})
}

// Remove removes a hook and all that is known of it; one that is not there is no error.
func (s *Service) Remove(ctx context.Context, a collections.Actor, id string) error {
	if err := mayManage(a); err != nil {
		return err
	}
	return s.pausing(id, func() error {
		err := errors.Join(s.Items.DeleteItem(ctx, kindHook, id), s.Items.DeleteItem(ctx, kindState, id))
		return errors.Join(err, s.prune(ctx, id, 0))
	})
}

// secretLife is how long the old secret signs as well after a new one was made.
const secretLife = 24 * time.Hour

// NewSecret makes a new secret for a hook and gives it; for a day, messages are signed
// with the one before as well.
func (s *Service) NewSecret(ctx context.Context, a collections.Actor, id string) (string, error) {
	if err := mayManage(a); err != nil {
		return "", err
	}
	secret, err := s.secret()
	if err != nil {
		return "", err
	}
	return secret, s.pausing(id, func() error {
		h, rev, err := s.hook(ctx, id)
		if err != nil {
			return err
		}
		h.Old, h.OldUntil, h.Secret = h.Secret, s.millis()+secretLife.Milliseconds(), secret
		return changedMeanwhile(s.save(ctx, kindHook, id, rev, h))
	})
}
