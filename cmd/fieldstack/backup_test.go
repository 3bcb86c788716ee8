package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// TestBackup_UnderWrites: a backup of a server at work holds all that was acknowledged
// before it began, verifies, and becomes a server that people know.
func TestBackup_UnderWrites(t *testing.T) {
	s := atServer(t)
	writeFile(t, "work-order.json", string(sampleSchema))
	s.ok("type", "publish", sampleType, "work-order.json")
	at := newRemote(s.where[1], s.where[3])
	acks := &acknowledged{created: map[string]bool{}, hours: map[string]float64{}}
	stop := writeMeanwhile(t, at, acks)
	for range 20 {
		if err := createOne(t.Context(), at, acks); err != nil {
			t.Fatal(err)
		}
	}
	acks.mu.Lock()
	before := append([]string{}, acks.ids...)
	acks.mu.Unlock()
	wants(t, s.ok("backup", "b.db"), "Backed up and verified: ", " in b.db.")
	stop()

	here := shell{t: t, where: []string{"--data", "restored"}}
	wants(t, here.ok("restore", "b.db"), "Restored and verified: ", " in restored.")
	if _, err := sqlite.Verify(t.Context(), filepath.Join("restored", databaseFile)); err != nil {
		t.Error(err)
	}
	wants(t, here.ok("user", "list"), "owner")
	p := startProcess(t, "restored", "127.0.0.1:0")
	there := newRemote(p.url, s.where[3]) // the token is known there, too
	for _, id := range before {
		var doc struct{ ID string }
		if err := there.call(t.Context(), "GET", "/api/"+sampleType+"/"+id, nil, &doc); err != nil || doc.ID != id {
			t.Fatalf("%s was acknowledged before the backup began: %v", id, err)
		}
	}
	if err := createOne(t.Context(), there, acks); err != nil {
		t.Errorf("the restored server takes no record: %v", err)
	}
	p.stop(t)
}

// writeMeanwhile creates records until it is told to stop.
func writeMeanwhile(t *testing.T, at *remote, acks *acknowledged) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			for ctx.Err() == nil {
				if err := createOne(ctx, at, acks); err != nil && ctx.Err() == nil {
					t.Errorf("while the backup was made: %v", err)
					return
				}
			}
		})
	}
	return func() { cancel(); writers.Wait() }
}

// TestBackup_Folder makes a backup of a data folder, over an older one.
func TestBackup_Folder(t *testing.T) {
	s := atFolder(t)
	s.ok("import", writeFile(t, "pump.csv", pumps))
	writeFile(t, "b.db", "an older backup")
	wants(t, s.ok("backup", "b.db"), "Backed up and verified: 3 records, with all history, in b.db.")
	if _, err := os.Stat("b.db.part"); err == nil {
		t.Error("the part is left behind")
	}
	wants(t, shell{t: t}.ok("restore", "b.db", "--data", "again"), "Restored and verified: 3 records, with all history")
	if got := (shell{t: t}).ok("export", "pump", "--data", "again"); got != pumps {
		t.Errorf("after backup and restore:\n%s", got)
	}
	writeFile(t, "b.db.part", "")
	s.fails([]string{"backup", "b.db"}, "b.db.part is there already", "remove it if none is")
}

// TestRestore_Refuses: a restore makes a server's data of a sound backup only, and
// never in the place of other data.
func TestRestore_Refuses(t *testing.T) {
	s := atFolder(t)
	s.ok("import", writeFile(t, "pump.csv", pumps))
	s.ok("backup", "b.db")
	sound := readFile(t, "b.db")
	before := s.ok("export", "pump")
	s.fails([]string{"restore", "b.db"}, "there is a fieldstack in data already", "name another folder with --data")
	if s.ok("export", "pump") != before {
		t.Error("the refused restore changed the data")
	}
	flipped := []byte(sound)
	at := strings.Index(sound, "P-2")
	flipped[at] ^= 1
	for name, text := range map[string]string{
		"empty": "", "text": "this is no backup", "cut off": sound[:len(sound)/2], "one bit": string(flipped),
	} {
		t.Run(name, func(t *testing.T) {
			bad := writeFile(t, "bad.db", text)
			fresh := shell{t: t, where: []string{"--data", filepath.Join(t.TempDir(), "fresh")}}
			fresh.fails([]string{"restore", bad}, "bad.db is damaged or is no backup; nothing was restored")
			if holdsStore(fresh.where[1]) {
				t.Error("a store was made of it")
			}
			fresh.ok("restore", "b.db")
		})
	}
}
