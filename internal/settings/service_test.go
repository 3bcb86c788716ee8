package settings

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

var olga = collections.Actor{User: "u1", Name: "olga", Role: collections.Owner}

func open(t *testing.T, items Items, now func() time.Time) *Service {
	t.Helper()
	s, err := Open(t.Context(), Config{Items: items, Languages: []string{"en", "de"}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantCode(t *testing.T, what string, err error, code collections.Code, field string) {
	t.Helper()
	var e *collections.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field {
		t.Errorf("%s: %v, want %s of %q", what, err, code, field)
	}
}

// TestUpdate_Merges: two owners with the page open each keep what they changed.
func TestUpdate_Merges(t *testing.T) {
	s := open(t, storetest.Memory(), nil)
	saw := s.Values(t.Context())
	for _, to := range []Values{{Name: "Depot North"}, {BackupAt: "03:30", BackupKeep: 3}, {Name: "Depot North"}} {
		if _, err := s.Update(t.Context(), olga, saw, to); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := s.Values(t.Context()), (Values{Name: "Depot North", BackupAt: "03:30", BackupKeep: 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	now, err := s.Update(t.Context(), olga, saw, Values{Name: "Depot South", Language: "de"})
	wantCode(t, "both named it", err, collections.Exists, "name")
	if now.Name != "Depot North" || s.Values(t.Context()).Language != "" {
		t.Errorf("something was written: %+v", now)
	}
}

// TestUpdate_Refuses what makes no sense, naming it, and everybody who is no owner.
func TestUpdate_Refuses(t *testing.T) {
	s := open(t, storetest.Memory(), nil)
	for field, to := range map[string]Values{
		"name": {Name: strings.Repeat("x", maxName+1)}, "language": {Language: "tlh"},
		"backupAt": {BackupAt: "24:00"}, "backupKeep": {BackupKeep: -1},
	} {
		_, err := s.Update(t.Context(), olga, Values{}, to)
		wantCode(t, field, err, collections.Invalid, field)
	}
	for _, a := range []collections.Actor{{Role: collections.Designer}, {Role: collections.Owner, Scopes: []string{"write"}}} {
		_, err := s.Update(t.Context(), a, Values{}, Values{Name: "x"})
		wantCode(t, "no owner", err, collections.Forbidden, "")
	}
}

// TestValues_OtherProcess: what another process set holds here within seconds.
func TestValues_OtherProcess(t *testing.T) {
	var mu sync.Mutex
	at := time.Unix(1000, 0)
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	store := storetest.Memory()
	here, there := open(t, store, now), open(t, store, now)
	if _, err := there.Update(t.Context(), olga, Values{}, Values{Name: "A"}); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	at = at.Add(fresh)
	mu.Unlock()
	if got := here.Values(context.Background()).Name; got != "A" {
		t.Errorf("it is %q here", got)
	}
}

// TestUpdate_AtOnce: owners who save at the same instant each keep what they changed.
func TestUpdate_AtOnce(t *testing.T) {
	store := storetest.Memory()
	var all sync.WaitGroup
	for _, to := range []Values{{Name: "A"}, {Language: "de"}, {PrivateHooks: true}, {BackupAt: "01:00"}, {BackupKeep: 9}} {
		s := open(t, store, nil)
		all.Go(func() {
			if _, err := s.Update(context.Background(), olga, Values{}, to); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, want := open(t, store, nil).Values(t.Context()), (Values{"A", "de", true, "01:00", 9}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Ensure what is set at one server is seen at another within about a second.
func TestShared_SeenSoon(t *testing.T) {
	now := time.UnixMilli(1e12)
	items := storetest.Memory()
	a, b := open(t, items, nil), open(t, items, func() time.Time { return now })
	if _, err := a.Update(t.Context(), olga, Values{}, Values{Name: "Depot"}); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	if got := b.Values(t.Context()).Name; got != "Depot" {
		t.Errorf("a second later the other one says %q", got)
	}
}
