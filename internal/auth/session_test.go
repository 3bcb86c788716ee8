package auth

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// TestSession_RevokeKillsAll: whatever ends credentials ends sessions, tokens and
// devices, those who watch them too, within a second, here and in another process.
func TestSession_RevokeKillsAll(t *testing.T) {
	ctx := context.Background()
	worker, disabled, password := collections.Worker, true, "another password"
	for name, end := range map[string]func(w *world, id string, session *Identity) error{
		"disable": func(w *world, id string, _ *Identity) error {
			_, err := w.Update(ctx, system, id, AccountChange{Disabled: &disabled})
			return err
		},
		"role": func(w *world, id string, _ *Identity) error {
			_, err := w.Update(ctx, system, id, AccountChange{Role: &worker})
			return err
		},
		"password by an owner": func(w *world, id string, _ *Identity) error {
			_, err := w.Update(ctx, system, id, AccountChange{Password: &password})
			return err
		},
		"password by oneself": func(w *world, _ string, session *Identity) error {
			_, err := w.ChangePassword(ctx, session, "anna-password", password, here)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.account("boss", collections.Owner)
			account := w.account("anna", collections.Editor)
			other := w.open()
			texts := w.everyKind("anna")
			session, _ := w.Authenticate(ctx, texts[Session])
			var revoked []<-chan struct{}
			for kind, text := range texts {
				for where, s := range map[string]*Service{"here": w.Service, "there": other} {
					who, err := s.Authenticate(ctx, text)
					if err != nil {
						t.Fatalf("%s %s before: %v", kind, where, err)
					}
					c, stop := s.Watch(who)
					defer stop()
					revoked = append(revoked, c)
				}
			}
			bystander, _ := w.signIn("boss")
			if err := end(w, account.ID, session); err != nil {
				t.Fatal(err)
			}
			within := time.After(time.Second)
			for _, c := range revoked {
				select {
				case <-c:
				case <-within:
					t.Fatal("a watcher was not told within a second")
				}
			}
			for kind, text := range texts {
				for where, s := range map[string]*Service{"here": w.Service, "there": other} {
					_, err := s.Authenticate(ctx, text)
					wantCode(t, string(kind)+" "+where, err, collections.Unauthorized)
				}
			}
			if _, err := other.Authenticate(ctx, bystander); err != nil {
				t.Errorf("somebody else's session ended too: %v", err)
			}
		})
	}
}

// everyKind gives one credential of each kind.
func (w *world) everyKind(name string) map[Kind]string {
	w.t.Helper()
	ctx := context.Background()
	session, who := w.signIn(name)
	token, _, err := w.CreateToken(ctx, who, NewToken{Label: "script"})
	if err != nil {
		w.t.Fatal(err)
	}
	code, err := w.CreateCode(ctx, who, "")
	if err != nil {
		w.t.Fatal(err)
	}
	device, _, err := w.Enrol(ctx, code.Text, "tablet", here)
	if err != nil {
		w.t.Fatal(err)
	}
	return map[Kind]string{Session: session, Token: token, Device: device}
}

func TestSession_SignOutEndsOnlyItself(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("anna", collections.Worker)
	first, who := w.signIn("anna")
	second, _ := w.signIn("anna")
	other := w.open()
	if _, err := other.Authenticate(ctx, first); err != nil {
		t.Fatal(err)
	}
	revoked, stop := other.Watch(who)
	defer stop()
	if err := w.SignOut(ctx, who); err != nil {
		t.Fatal(err)
	}
	_, err := w.Authenticate(ctx, first)
	wantCode(t, "signed out", err, collections.Unauthorized)
	select {
	case <-revoked:
	case <-time.After(time.Second):
		t.Error("the other process did not hear of it within a second")
	}
	_, err = other.Authenticate(ctx, first)
	wantCode(t, "signed out, in the other process", err, collections.Unauthorized)
	if _, err := w.Authenticate(ctx, second); err != nil {
		t.Errorf("the other session: %v", err)
	}
}

func TestSession_Expiry(t *testing.T) {
	ctx := context.Background()
	t.Run("idle", func(t *testing.T) {
		w := newWorld(t)
		w.account("anna", collections.Worker)
		text, _ := w.signIn("anna")
		w.clock.pass(SessionIdle - time.Second)
		if _, err := w.Authenticate(ctx, text); err != nil {
			t.Fatalf("just before: %v", err)
		}
		w.clock.pass(SessionIdle)
		_, err := w.Authenticate(ctx, text)
		wantCode(t, "idle for 12 h", err, collections.Unauthorized)
	})
	t.Run("absolute", func(t *testing.T) {
		w := newWorld(t)
		w.account("anna", collections.Worker)
		text, _ := w.signIn("anna")
		for past := time.Duration(0); past+10*time.Hour < SessionAbsolute; past += 10 * time.Hour {
			w.clock.pass(10 * time.Hour)
			if _, err := w.Authenticate(ctx, text); err != nil {
				t.Fatalf("after %v: %v", past, err)
			}
		}
		w.clock.pass(10 * time.Hour)
		_, err := w.Authenticate(ctx, text)
		wantCode(t, "after 30 days", err, collections.Unauthorized)
	})
	t.Run("token", func(t *testing.T) {
		w := newWorld(t)
		w.account("anna", collections.Worker)
		_, who := w.signIn("anna")
		until := w.clock.Now().Add(time.Hour).UnixMilli()
		text, _, err := w.CreateToken(ctx, who, NewToken{Label: "x", Expires: until})
		if err != nil {
			t.Fatal(err)
		}
		forever, _, _ := w.CreateToken(ctx, who, NewToken{Label: "y"})
		w.clock.pass(time.Hour - time.Millisecond)
		if _, err := w.Authenticate(ctx, text); err != nil {
			t.Error(err)
		}
		w.clock.pass(time.Millisecond)
		_, err = w.Authenticate(ctx, text)
		wantCode(t, "past its expiry", err, collections.Unauthorized)
		w.clock.pass(10 * 365 * 24 * time.Hour)
		if _, err := w.Authenticate(ctx, forever); err != nil {
			t.Error(err)
		}
	})
}

// A request costs no read, and at most one write a minute.
func TestSession_CostsNothing(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("anna", collections.Worker)
	text, who := w.signIn("anna")
	if _, err := w.Authenticate(ctx, text); err != nil {
		t.Fatal(err)
	}
	before := w.items.readCount()
	for range 100 {
		w.clock.pass(time.Second)
		if _, err := w.Authenticate(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	if reads := w.items.readCount() - before; reads != 0 {
		t.Errorf("100 requests cost %d reads", reads)
	}
	item, _ := w.items.Item(ctx, kindSession, who.Credential)
	if writes := item.Rev - 1; writes != 1 {
		t.Errorf("100 seconds of requests cost %d writes, want 1", writes)
	}
}

func TestAuthenticate_Refuses(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	w.account("anna", collections.Worker)
	session, _ := w.signIn("anna")
	other, _ := w.signIn("anna")
	for name, text := range map[string]string{
		"nothing":             "",
		"short":               session[:len(session)-1],
		"long":                session + "a",
		"other kind":          "fst_" + session[4:],
		"device kind":         "fsd_" + session[4:],
		"no kind":             "xxx_" + session[4:],
		"other one's secret":  session[:prefixLen+idLen] + other[prefixLen+idLen:],
		"letter case changed": session[:len(session)-1] + "A",
	} {
		_, err := w.Authenticate(ctx, text)
		wantCode(t, name, err, collections.Unauthorized)
	}
	w.items.fail = errors.New("disk on fire")
	if _, err := w.Authenticate(ctx, other); err == nil || isCode(err, collections.Unauthorized) {
		t.Errorf("a failing store answers %v, want its own error: who is signed in stays so", err)
	}
}

// What was read before a revocation is not remembered after it.
func TestLive_NoStaleMemory(t *testing.T) {
	l := newLive()
	_, version := l.get("x")
	l.forget()
	l.put("x", &entry{}, version)
	if e, _ := l.get("x"); e != nil {
		t.Error("a stale entry was remembered")
	}
}
