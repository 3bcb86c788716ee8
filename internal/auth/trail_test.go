package auth

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// TestTrail_Filters compares pages of a filtered trail with the whole one, filtered by
// a loop.
func TestTrail_Filters(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 3))
		for i := range 30 {
			w.clock.pass(time.Duration(random.IntN(3)) * time.Millisecond)
			a := collections.Actor{Name: []string{"Olga", "dana", "eve"}[random.IntN(3)], Role: collections.Owner}
			w.Note(ctx, a, AuditEntry{Area: Areas()[random.IntN(9)], Did: fmt.Sprint("did ", i)})
		}
		all, err := w.Audit(ctx, system, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		some := all[random.IntN(len(all))]
		f := TrailFilter{From: all[len(all)-1].At + random.Int64N(20), To: some.At}
		if random.IntN(2) == 0 {
			f.Who = "OLG"
		}
		if random.IntN(2) == 0 {
			f.Area = some.Area
		}
		var want []string
		for _, e := range all {
			if f.passes(e) {
				want = append(want, e.Place)
			}
		}
		var got []string
		for after := ""; ; {
			page, next, err := w.Trail(ctx, system, f, after, 7)
			if err != nil || len(page) > 7 {
				t.Fatalf("seed %d: %d lines, %v", seed, len(page), err)
			}
			for _, e := range page {
				got = append(got, e.Place)
			}
			if after = next; next == "" {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("seed %d, %+v:\ngot  %v\nwant %v", seed, f, got, want)
		}
	}
}

// TestTrail_OwnersOnly keeps it from everybody else.
func TestTrail_OwnersOnly(t *testing.T) {
	w := newWorld(t)
	for _, a := range []collections.Actor{{Name: "dana", Role: collections.Designer}, {Name: "olga", Role: collections.Owner, Scopes: []string{"read"}}} {
		_, _, err := w.Trail(context.Background(), a, TrailFilter{}, "", 10)
		wantCode(t, a.Name, err, collections.Forbidden)
	}
}

// TestNote_LongTexts are cut at a character, so that one line never fills the trail.
func TestNote_LongTexts(t *testing.T) {
	w := newWorld(t)
	w.Note(context.Background(), system, AuditEntry{Area: AreaRecords, Did: "imported records", About: strings.Repeat("ü", 5000)})
	lines, _, err := w.Trail(context.Background(), system, TrailFilter{Area: AreaRecords}, "", 10)
	if err != nil || len(lines) != 1 {
		t.Fatal(lines, err)
	}
	if about := lines[0].About; len(about) > maxNote+3 || strings.ContainsRune(about, '\uFFFD') {
		t.Errorf("about has %d bytes: %q", len(about), about[len(about)-10:])
	}
}

// TestAreaOf sorts the lines that were written before there were areas.
func TestAreaOf(t *testing.T) {
	for did, want := range map[string]Area{
		"signed in": AreaSignIn, "signed out": AreaSignIn, "set the server up": AreaSignIn, "was refused at sign-in": AreaSignIn,
		"made an enrolment code": AreaTokens, "revoked a token": AreaTokens, "created the account": AreaAccounts, "disabled the account": AreaAccounts,
	} {
		if got := areaOf(did); got != want {
			t.Errorf("%q is %s, want %s", did, got, want)
		}
	}
}
