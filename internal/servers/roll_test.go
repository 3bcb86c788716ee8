package servers

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

func open(t *testing.T, store Items, name string, ahead time.Duration) *Roll {
	t.Helper()
	r, err := Open(t.Context(), Config{
		Items: store, Self: Server{ID: name + ".1", Name: name, Version: "test"},
		Now: func() time.Time { return time.Now().Add(ahead) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func shut(t *testing.T, r *Roll) {
	t.Helper()
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// Ensure each server sees which are there, whatever their clocks say, that one which
// stops is gone and one which dies is silent, and then gone.
func TestRoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := storetest.Memory()
		a, b, c := open(t, store, "a", 0), open(t, store, "b", 24*time.Hour), open(t, store, "c", -time.Hour)
		time.Sleep(time.Minute)
		for _, r := range []*Roll{a, b, c} {
			wantSeen(t, r, "abc", "")
		}
		hold := collections.NewHold(store, collections.KindChore, "webhooks", "b.1", time.Now)
		if mine, err := hold.Try(t.Context()); err != nil || !mine {
			t.Fatal(mine, err)
		}
		list, err := a.List(t.Context())
		if err != nil || !list[0].Here || list[1].Here || !slices.Equal(list[1].Chores, []string{"webhooks"}) || list[0].Chores != nil {
			t.Errorf("%+v (%v)", list, err)
		}
		shut(t, c)
		wantSeen(t, a, "ab", "")
		b.stop() // it dies
		b.work.Wait()
		time.Sleep(silence - time.Second)
		wantSeen(t, a, "ab", "")
		time.Sleep(5 * time.Second)
		wantSeen(t, a, "ab", "b")
		time.Sleep(keepSilent)
		wantSeen(t, a, "a", "")
		shut(t, a)
		if left, err := store.Items(t.Context(), kindServer, "", 10); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v (%v)", left, err)
		}
	})
}

// wantSeen checks the names of those on the list, and of the silent ones.
func wantSeen(t *testing.T, r *Roll, all, silent string) {
	t.Helper()
	list, err := r.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var gotAll, gotSilent string
	for _, s := range list {
		gotAll += s.Name
		if s.Silent {
			gotSilent += s.Name
		}
	}
	if gotAll != all || gotSilent != silent {
		t.Errorf("%s sees %q, silent %q; want %q, silent %q", r.Self.Name, gotAll, gotSilent, all, silent)
	}
}

// Ensure a server that is taken off by mistake comes back, and one that is alone writes
// nothing.
func TestRoll_ComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := storetest.Memory()
		alone, err := Open(t.Context(), Config{Items: store, Self: Server{ID: "x", Name: "x"}, Now: time.Now, Alone: true})
		if err != nil {
			t.Fatal(err)
		}
		wantSeen(t, alone, "x", "")
		shut(t, alone)
		a := open(t, store, "a", 0)
		wantSeen(t, a, "a", "")
		if err := store.DeleteItem(t.Context(), kindServer, "a.1"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * usualEvery)
		wantSeen(t, a, "a", "")
		shut(t, a)
	})
}
