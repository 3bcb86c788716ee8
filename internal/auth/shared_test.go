package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Ensure the link that any of three servers prints works at every other, that however
// many open one at once, one owner is made, whose name alone is taken, and that a server
// that ended takes its link with it.
func TestShared_SetUpOnce(t *testing.T) {
	for range 20 {
		w := newWorld(t)
		servers := []*Service{w.server(), w.server(), w.server()}
		gone := w.server()
		gone.Close()
		_, err := servers[0].SetUp(t.Context(), gone.SetupToken(), "eve", "a good password", here)
		wantCode(t, "the link of a server that ended", err, collections.Unauthorized)
		if w.items.holds(servers[1].SetupToken()) {
			t.Fatal("a set-up token is in the store")
		}
		var made, refused atomic.Int32
		var all sync.WaitGroup
		for i, s := range servers {
			token := servers[(i+1)%3].SetupToken()
			all.Go(func() {
				_, err := s.SetUp(context.Background(), token, fmt.Sprint("owner", i), "a good password", here)
				switch {
				case err == nil:
					made.Add(1)
				case isCode(err, collections.Forbidden):
					refused.Add(1)
				default:
					t.Errorf("server %d: %v", i, err)
				}
			})
		}
		all.Wait()
		if made.Load() != 1 || refused.Load() != 2 || w.items.count(kindAccount) != 1 || w.items.count(kindName) != 1 || w.items.count(kindSetup) != 0 {
			t.Fatalf("%d made an owner, %d were refused, %d accounts, %d names, %d tokens",
				made.Load(), refused.Load(), w.items.count(kindAccount), w.items.count(kindName), w.items.count(kindSetup))
		}
	}
}

// Ensure who died between claiming the first account and writing it holds up nobody.
func TestShared_SetUpAfterOneDied(t *testing.T) {
	w := newWorld(t)
	a, b := w.server(), w.server()
	id, err := a.firstID(t.Context())
	if err == nil {
		err = a.takeName(t.Context(), "olga", id)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.SetUp(t.Context(), b.SetupToken(), "Olga", "a good password", here); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.SignIn(t.Context(), "olga", "a good password", here); err != nil {
		t.Error(err)
	}
}

// Ensure guesses spread over servers are no more than guesses at one, however many come
// at once, and that a right password clears what was counted for its name everywhere.
func TestShared_Throttled(t *testing.T) {
	w := newWorld(t)
	w.account("anna", collections.Worker)
	servers := []*Service{w.server(), w.server(), w.server()}
	var looked atomic.Int32
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			_, _, err := servers[i%3].SignIn(context.Background(), "anna", "a guess", here)
			if isCode(err, collections.Unauthorized) {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if n := looked.Load(); n == 0 || n > freePerName {
		t.Errorf("%d guesses were looked at, want at most %d", n, freePerName)
	}
	w.clock.pass(throttleMemory + time.Minute + longestWait)
	for i := range freePerName {
		_, _, err := servers[i%3].SignIn(t.Context(), "anna", "a guess", here)
		wantCode(t, fmt.Sprint("guess ", i), err, collections.Unauthorized)
	}
	for i, s := range servers {
		_, _, err := s.SignIn(t.Context(), "anna", "anna-password", here)
		var throttled *Throttled
		if !errors.As(err, &throttled) {
			t.Errorf("server %d looked at a password after %d guesses: %v", i, freePerName, err)
		}
	}
	w.clock.pass(firstWait)
	if _, _, err := servers[0].SignIn(t.Context(), "anna", "anna-password", here); err != nil {
		t.Fatal(err)
	}
	for i := range freePerName {
		_, _, err := servers[1].SignIn(t.Context(), "anna", "a guess", there)
		wantCode(t, fmt.Sprint("after the right one, guess ", i), err, collections.Unauthorized)
	}
	w.clock.pass(throttleMemory + longestWait)
	if err := servers[2].Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := w.items.count(kindTries); n > 0 {
		t.Errorf("%d counts were left behind", n)
	}
}

// Ensure two servers that each demote one of the last two owners at once leave one.
func TestShared_LastOwnerStays(t *testing.T) {
	worker := collections.Worker
	for range 50 {
		w := newWorld(t)
		owners := []*Account{w.account("anna", collections.Owner), w.account("olga", collections.Owner)}
		var done atomic.Int32
		var all sync.WaitGroup
		for _, owner := range owners {
			s := w.server()
			all.Go(func() {
				_, err := s.Update(context.Background(), system, owner.ID, AccountChange{Role: &worker})
				if err == nil {
					done.Add(1)
				} else if !isCode(err, collections.Invalid) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done.Load() > 1 {
			t.Fatal("no owner is left")
		}
	}
}

// Ensure who is no longer counted on because that one was about to go is counted on again.
func TestShared_LeavingIsForgotten(t *testing.T) {
	w := newWorld(t)
	worker, owner := collections.Worker, collections.Owner
	anna, olga := w.account("anna", owner), w.account("olga", owner)
	change := func(a *Account, role *collections.Role) error {
		_, err := w.Update(t.Context(), system, a.ID, AccountChange{Role: role})
		return err
	}
	if err := errors.Join(change(anna, &worker), change(anna, &owner), change(olga, &worker)); err != nil {
		t.Errorf("an owner again is not counted on: %v", err)
	}
}

// Ensure a server that the store does not answer goes by nothing that it remembers.
func TestShared_CutOff(t *testing.T) {
	w := newWorld(t)
	w.account("anna", collections.Worker)
	s := w.server()
	text, _, err := s.SignIn(t.Context(), "anna", "anna-password", here)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Authenticate(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	w.items.mu.Lock()
	w.items.fail = errors.New("the network is gone")
	w.items.mu.Unlock()
	for end := time.Now().Add(time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := s.Authenticate(t.Context(), text); err != nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("a second after it was cut off it still lets people in")
		}
	}
}
