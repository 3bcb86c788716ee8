package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// TestCompact: what is old goes, records stay as they are, and a second time there is
// nothing to do.
func TestCompact(t *testing.T) {
	s := atFolder(t)
	s.ok("user", "add", "owner")
	wants(t, s.ok("compact"), "There is no history that is old enough to go.")
	workLongAgo(t, "data")
	wants(t, s.ok("compact", "--keep-history", "always"), "There is no history that is old enough to go.")
	wants(t, s.ok("compact"), "Let go of ", " entries of the log; folded ", " and took 1 record from the trash for good.")
	wants(t, s.ok("compact"), "There is no history that is old enough to go.")
	wants(t, s.ok("export", sampleType), "Replaced twice")
	if _, err := sqlite.Verify(t.Context(), filepath.Join("data", databaseFile)); err != nil {
		t.Errorf("what is left is not sound: %v", err)
	}
}

// workLongAgo writes to a data folder as people did two years ago.
func workLongAgo(t *testing.T, dir string) {
	t.Helper()
	then := func() time.Time { return time.Now().AddDate(-2, 0, 0) }
	store, err := openStore(t.Context(), serverConfig{Data: dir, Now: then})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := collections.Open(t.Context(), collections.Config{Store: store, Now: then})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish(t.Context(), &folderTarget{engine}, sampleType, sampleSchema); err != nil {
		t.Fatal(err)
	}
	write := func(w collections.Write) string {
		t.Helper()
		results, err := engine.WriteAll(t.Context(), operator, sampleType, []collections.Write{w})
		if err != nil || results[0].Error != nil {
			t.Fatal(err, results[0].Error)
		}
		return results[0].ID
	}
	title := func(s string) map[string]any {
		return map[string]any{"title": s, "status": "open", "priority": "normal"}
	}
	kept, gone := write(collections.Write{Value: title("Belt")}), write(collections.Write{Value: title("Hose")})
	write(collections.Write{ID: kept, Modify: true, Value: title("Replaced")})
	write(collections.Write{ID: kept, Modify: true, Value: title("Replaced twice")})
	write(collections.Write{ID: gone, Remove: true})
	if err := engine.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}
