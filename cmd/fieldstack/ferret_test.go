package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// startFerret starts the server that stands in for MongoDB, until the test ends, and gives
// the name of a database in it.
func startFerret(t *testing.T) (uri string) {
	t.Helper()
	folder := t.TempDir()
	program := buildOnce(t, filepath.Join(sourceFolder, "..", "..", "internal", "mongo", "ferretdb"))
	cmd := exec.Command(program, folder)
	cmd.Stderr = os.Stderr
	stop, err1 := cmd.StdinPipe() // it ends when this is closed, also by our own end
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("FerretDB did not start: %v", err)
	}
	return strings.TrimSpace(line) + "copied"
}

// sourceFolder is where this package is, whatever folder a test goes to.
var sourceFolder = func() string {
	folder, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return folder
}()

// TestCopy_Mongo moves a data folder to a database, killed several times, works on the
// database, and moves it back: a device that knew the folder misses nothing, and is told
// nothing twice.
func TestCopy_Mongo(t *testing.T) {
	t.Chdir(t.TempDir())
	program, uri := unraced(t), startFerret(t)
	const records = 40
	device, _ := copySource(t, "data", records)
	visit(t, device, program, "data")
	s, killed := shell{t: t}, 0
	for killed < 5 && killSoon(t, program, time.Duration(killed+1)*60*time.Millisecond, "data", uri) {
		killed++
	}
	t.Logf("%d copies were killed", killed)
	if killed == 5 {
		wants(t, s.ok("copy", "--from", "data", "--to", uri), fmt.Sprintf("Copied and verified: %d records", records+1), "from data to "+uri)
	}
	s.fails([]string{"copy", "--from", "data", "--to", uri}, uri+" holds something already")
	s.fails([]string{"copy", "--from", uri, "--to", uri}, "--from and --to are both")
	s.fails([]string{"copy", "--from", uri + "-other", "--to", "new"}, "there is no fieldstack in "+uri+"-other")

	writeInMongo(t, uri)
	wants(t, s.ok("copy", "--from", uri, "--to", "back"), fmt.Sprintf("Copied and verified: %d records", records+2), "from "+uri+" to back")
	before, after := s.ok("export", sampleType, "--data", "data"), s.ok("export", sampleType, "--data", "back")
	if !strings.Contains(after, "made in the database") || len(after) <= len(before) {
		t.Error("what came back is not what was there")
	}
	if again := visit(t, device, program, "back"); again.Received != 1 || again.RoundTrips != 1 || again.NewReplica || again.Note != "" {
		t.Errorf("the device was to hear of one new record, and came to know %+v", again)
	}
}

// TestBackup_Mongo takes a backup of a database, and restores it to another and to a folder,
// each with a history of its own.
func TestBackup_Mongo(t *testing.T) {
	t.Chdir(t.TempDir())
	uri := startFerret(t)
	copySource(t, "data", 20)
	s := shell{t: t}
	s.ok("copy", "--from", "data", "--to", uri)
	wants(t, s.ok("backup", "b.parts", "--store", uri), "Backed up and verified: 20 records, with all history, in b.parts.")
	wants(t, s.ok("restore", "b.parts", "--store", uri+"-again"), "Restored and verified: 20 records, with all history, in "+uri+"-again.")
	s.fails([]string{"restore", "b.parts", "--store", uri}, "holds something already")
	wants(t, s.ok("restore", "b.parts", "--data", "again"), "Restored and verified: 20 records, with all history, in again.")
	wants(t, s.ok("copy", "--from", uri+"-again", "--to", "third"), "Copied and verified: 20 records")
	want := s.ok("export", sampleType, "--data", "data")
	for _, folder := range []string{"again", "third"} {
		if s.ok("export", sampleType, "--data", folder) != want {
			t.Errorf("%s exports something else", folder)
		}
		if a, b := storeEpoch(t, "data"), storeEpoch(t, folder); a == b || b == "" {
			t.Errorf("%s has the history %q, and what it was backed up from %q", folder, b, a)
		}
	}
	s.ok("backup", "b.db", "--data", "data")
	s.fails([]string{"restore", "b.db", "--store", uri + "-no"}, "is a backup of a data folder: restore it to one with --data")
	text := []byte(readFile(t, "b.parts"))
	text[len(text)/2] ^= 1
	writeFile(t, "bad.parts", string(text))
	s.fails([]string{"restore", "bad.parts", "--store", uri + "-no"}, "bad.parts is damaged; nothing was restored")
	s.fails([]string{"restore", "bad.parts", "--data", "no"}, "bad.parts is damaged or is no backup; nothing was restored")
	if holdsStore("no") {
		t.Error("a store was made of what is damaged")
	}
}

// storeEpoch names the history of a data folder.
func storeEpoch(t *testing.T, data string) string {
	t.Helper()
	store, err := openStore(t.Context(), serverConfig{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	epoch, err := store.Epoch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return epoch
}

// writeInMongo opens the database as a server does, and makes a record.
func writeInMongo(t *testing.T, uri string) {
	t.Helper()
	store, err := openStoreAt(t.Context(), uri, nil)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := collections.Open(t.Context(), collections.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	value := map[string]any{"title": "made in the database", "status": "open", "priority": "low"}
	_, err = engine.WriteAll(t.Context(), operator, sampleType, []collections.Write{{Value: value}})
	if err := errors.Join(err, engine.Close(context.Background())); err != nil {
		t.Fatal(err)
	}
}

// killSoon begins a copy and kills it after a while, and reports whether it was not done.
func killSoon(t *testing.T, program string, after time.Duration, from, to string) (killed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "copy", "--from", from, "--to", to)
	cmd.Env = append(os.Environ(), asFieldstack+"=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	return cmd.Wait() != nil
}
