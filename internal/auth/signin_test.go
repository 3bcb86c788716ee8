package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// TestLogin_SameAnswer: an unknown name, a wrong password and a disabled account
// answer alike and cost one password hash each.
func TestLogin_SameAnswer(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("anna", collections.Worker)
	gone := w.account("gone", collections.Worker)
	disabled := true
	if _, err := w.Update(ctx, system, gone.ID, AccountChange{Disabled: &disabled}); err != nil {
		t.Fatal(err)
	}
	var hashes atomic.Int32
	w.hasher.derive = func(p, salt []byte, c Cost) []byte {
		hashes.Add(1)
		if c != cheap {
			t.Errorf("a hash at the cost %v", c)
		}
		return argon2id(p, salt, c)
	}
	for _, c := range []struct{ name, password string }{
		{"anna", "not it at all"}, {"nobody", "anna-password"}, {"gone", "gone-password"},
		{"gone", "wrong"}, {"", ""}, {"a\x00b", "x"}, {"x\xff", "x"}, {strings.Repeat("n", 200), "x"},
	} {
		hashes.Store(0)
		_, _, err := w.SignIn(ctx, c.name, c.password, here)
		if err != error(errWrong) {
			t.Errorf("%q with %q: %v, want the one answer", c.name, c.password, err)
		}
		if hashes.Load() != 1 {
			t.Errorf("%q with %q: %d hashes, want 1", c.name, c.password, hashes.Load())
		}
	}
}

// TestBoot_NoDefaultSecret: before set-up there is nothing anybody could sign in
// with, nothing is stored, and the set-up token is another one in each process.
func TestBoot_NoDefaultSecret(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	if len(w.items.items) != 0 {
		t.Errorf("opening wrote %d items", len(w.items.items))
	}
	other := w.open()
	if w.SetupToken() == other.SetupToken() || len(w.SetupToken()) != secretLen {
		t.Errorf("set-up tokens %q and %q", w.SetupToken(), other.SetupToken())
	}
	for _, name := range []string{"admin", "owner", "root", "system", ""} {
		for _, password := range []string{"", "admin", "password", w.SetupToken()} {
			_, _, err := w.SignIn(ctx, name, password, here)
			w.clock.pass(time.Hour)
			wantCode(t, name+" "+password, err, collections.Unauthorized)
		}
	}
	_, err := w.SetUp(ctx, other.SetupToken(), "anna", "a good password", here)
	wantCode(t, "the token of another process", err, collections.Unauthorized)
	if _, err = w.SetUp(ctx, w.SetupToken(), "anna", "a good password", here); err != nil {
		t.Fatal(err)
	}
	_, err = w.SetUp(ctx, w.SetupToken(), "eve", "a good password", here)
	wantCode(t, "set up twice", err, collections.Forbidden)
	_, err = other.SetUp(ctx, other.SetupToken(), "eve", "a good password", here)
	wantCode(t, "set up twice in another process", err, collections.Forbidden)
	if w.items.holds(w.SetupToken()) {
		t.Error("the set-up token is in the store")
	}
}

func TestSetUp_OnceWhenManyTry(t *testing.T) {
	w := newWorld(t)
	var made atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if _, err := w.SetUp(context.Background(), w.SetupToken(), fmt.Sprint("owner", i), "a good password", here); err == nil {
				made.Add(1)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 || w.items.count(kindAccount) != 1 {
		t.Errorf("%d set up, %d accounts, want 1", made.Load(), w.items.count(kindAccount))
	}
}

// TestSession_FreshIdAtLogin: no two sign-ins share an id, and none is kept readable.
func TestSession_FreshIdAtLogin(t *testing.T) {
	w := newWorld(t)
	w.account("anna", collections.Worker)
	seen := map[string]bool{}
	for range 20 {
		text, who := w.signIn("anna")
		_, id, secret, ok := split(text)
		if !ok || seen[text] || seen[id] || seen[secret] || who.Credential != id {
			t.Fatalf("credential %q repeats or is malformed", text)
		}
		seen[text], seen[id], seen[secret] = true, true, true
		if w.items.holds(secret) {
			t.Fatal("the secret is in the store")
		}
	}
}

func TestLogin_ThrottledPerNameAndAddress(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("anna", collections.Worker)
	attempt := func() error {
		_, _, err := w.SignIn(ctx, "anna", "wrong wrong", here)
		return err
	}
	for i := range freePerName {
		wantCode(t, fmt.Sprint("attempt ", i), attempt(), collections.Unauthorized)
	}
	wait := firstWait
	for range 14 {
		err := attempt()
		var throttled *Throttled
		if !errors.As(err, &throttled) || throttled.RetryAfter() != wait || !isCode(err, collections.TooMany) {
			t.Fatalf("want to wait %v, got %v", wait, err)
		}
		_, _, err = w.SignIn(ctx, "anna", "anna-password", here)
		wantCode(t, "the right password while waiting", err, collections.TooMany)
		if _, _, err := w.SignIn(ctx, "anna", "anna-password", there); err != nil {
			t.Fatalf("another address is held back: %v", err)
		}
		w.clock.pass(wait)
		wantCode(t, "after the wait", attempt(), collections.Unauthorized)
		wait = min(2*wait, longestWait)
	}
	w.clock.pass(wait)
	if _, _, err := w.SignIn(ctx, "anna", "anna-password", here); err != nil {
		t.Fatalf("the right password after the wait: %v", err)
	}
	wantCode(t, "after success", attempt(), collections.Unauthorized)
}

// Guesses at many names from one address are held back, and an account of one's own
// does not buy more of them.
func TestLogin_ThrottledPerAddress(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("eve", collections.Worker)
	guesses := 0
	for i := range 4 * freePerAddress {
		if _, _, err := w.SignIn(ctx, fmt.Sprint("name", i), "password1", here); isCode(err, collections.TooMany) {
			break
		}
		guesses++
		_, _, _ = w.SignIn(ctx, "eve", "eve-password", here)
	}
	if guesses != freePerAddress {
		t.Errorf("%d guesses, want %d", guesses, freePerAddress)
	}
}

func TestLogin_ManyAtOnceAreNoWayAround(t *testing.T) {
	w := newWorld(t)
	w.account("anna", collections.Worker)
	var looked atomic.Int32
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			_, _, err := w.SignIn(context.Background(), "anna", fmt.Sprint("guess ", i), here)
			if isCode(err, collections.Unauthorized) {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if looked.Load() != freePerName {
		t.Errorf("%d guesses were looked at, want %d", looked.Load(), freePerName)
	}
}

func TestThrottle_MemoryIsBounded(t *testing.T) {
	c := &clock{at: time.Unix(1e9, 0)}
	th := newThrottle(c.Now)
	for i := range 3 * throttleSize {
		_, _ = th.begin(fmt.Sprint(i), here)
		c.pass(longestWait)
	}
	if len(th.seen) > throttleSize {
		t.Errorf("%d keys, want at most %d", len(th.seen), throttleSize)
	}
}

func TestLogin_BringsOldHashesUp(t *testing.T) {
	w := newWorld(t)
	a := w.account("anna", collections.Worker)
	dearer := Cost{Memory: 128, Time: 1, Threads: 1}
	w.hasher.cost = dearer
	text, _ := w.signIn("anna")
	stored, _, _ := w.Service.account(context.Background(), a.ID)
	if w.hasher.outdated(stored.Password) {
		t.Error("the hash stayed as it was")
	}
	if _, err := w.Authenticate(context.Background(), text); err != nil {
		t.Errorf("the session ended with it: %v", err)
	}
	w.signIn("anna")
}
