package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

func TestPassword_DefaultCostIsTheOneOfOWASP(t *testing.T) {
	h, err := newHasher(Cost{}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	phc, err := h.hash(context.Background(), "correct horse")
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("hash: %s, %v", phc, err)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct hors": false, "": false} {
		if got, err := h.matches(context.Background(), password, phc); got != want || err != nil {
			t.Errorf("matches %q: %v, %v", password, got, err)
		}
	}
}

func TestPassword_ComposedAndDecomposedAreOne(t *testing.T) {
	w := newWorld(t)
	w.account("ana", collections.Worker)
	p := "pässwörd-é"
	if _, err := w.Update(context.Background(), system, mustID(w, "ana"), AccountChange{Password: &p}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.SignIn(context.Background(), "ana", "pa\u0308sswo\u0308rd-e\u0301", here); err != nil {
		t.Errorf("sign in with the decomposed password: %v", err)
	}
}

func mustID(w *world, name string) string {
	w.t.Helper()
	a, _, err := w.named(context.Background(), name)
	if err != nil || a == nil {
		w.t.Fatalf("no account %s: %v", name, err)
	}
	return a.ID
}

func TestPassword_Check(t *testing.T) {
	for password, want := range map[string]string{
		"1234567":                "7 characters",
		"12345678":               "",
		strings.Repeat("é", 256): "",
		strings.Repeat("é", 257): "257 characters",
		"Anna.Huber":             "is the name",
		"bad\xffbytes":           "valid text",
	} {
		err := checkPassword("anna.huber", password)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", password, err, want)
		}
	}
}

func TestPassword_FewAtATime(t *testing.T) {
	h, err := newHasher(cheap, &lockedReader{reader: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	var now, most atomic.Int32
	full := make(chan struct{})
	var once sync.Once
	h.derive = func(_, _ []byte, _ Cost) []byte {
		n := now.Add(1)
		for {
			m := most.Load()
			if n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		if n == hashesAtOnce {
			once.Do(func() { close(full) })
		}
		<-full // all turns are taken before any is given back
		now.Add(-1)
		return make([]byte, hashBytes)
	}
	var all sync.WaitGroup
	for range 5 * hashesAtOnce {
		all.Go(func() {
			if _, err := h.hash(context.Background(), "x"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() != hashesAtOnce {
		t.Errorf("%d hashes at once, want %d", most.Load(), hashesAtOnce)
	}
}

func TestPassword_NoTurnIsUnavailable(t *testing.T) {
	h, err := newHasher(cheap, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for range hashesAtOnce {
		h.turn <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = h.matches(ctx, "x", "")
	var throttled *Throttled
	if !errors.As(err, &throttled) || !isCode(err, collections.Unavailable) || throttled.RetryAfter() <= 0 {
		t.Errorf("no turn: %v, want Unavailable with a time", err)
	}
}

func TestPassword_DamagedHashIsAnError(t *testing.T) {
	for _, phc := range []string{"x", "$argon2id$v=19$m=64,t=1,p=1$$", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=0,p=1$AAAA$" + strings.Repeat("A", 43)} {
		if _, _, _, err := parsePHC(phc); err == nil {
			t.Errorf("%q was read", phc)
		}
	}
}
