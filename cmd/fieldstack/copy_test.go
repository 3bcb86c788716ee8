package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// TestCopy_Folder copies a data folder to another, and says what stands in the way.
func TestCopy_Folder(t *testing.T) {
	s := atFolder(t)
	s.ok("import", writeFile(t, "pump.csv", pumps))
	s.ok("user", "add", "owner")
	plain := shell{t: t}
	wants(t, plain.ok("copy", "--from", "data", "--to", "moved"), "Copied and verified: 3 records, 4 entries of the log, and all else, from data to moved.", "Do not serve data any more.")
	there := shell{t: t, where: []string{"--data", "moved"}}
	if got := there.ok("export", "pump"); got != pumps {
		t.Errorf("the copy exports\n%s", got)
	}
	wants(t, there.ok("user", "list"), "owner")
	if _, err := sqlite.Verify(t.Context(), filepath.Join("moved", databaseFile)); err != nil {
		t.Error(err)
	}

	plain.fails([]string{"copy", "--from", "data", "--to", "moved"}, "moved holds something already, which is left as it is: name another --to")
	plain.fails([]string{"copy", "--from", "data"}, "say what is copied with --from and where to with --to")
	plain.fails([]string{"copy", "--from", "data", "--to", "./data/"}, "--from and --to are both ./data/")
	plain.fails([]string{"copy", "--from", "elsewhere", "--to", "new"}, "there is no fieldstack in elsewhere")
	plain.fails([]string{"copy", "--from", "data", "--to", "ftp://x"}, "there is no ftp://")
	for _, name := range []string{"elsewhere", "new"} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s was made by a copy that was refused", name)
		}
	}
	p := startProcess(t, "data", "127.0.0.1:0")
	plain.fails([]string{"copy", "--from", "data", "--to", "new"}, "a server is running on data: stop it first")
	p.stop(t)
}

// copySource makes a data folder with records that were written again and again, accounts,
// and a device that knows it; and gives the device and a token.
func copySource(t *testing.T, data string, records int) (device *client.Device, token string) {
	t.Helper()
	token = prepareKillData(t, data)
	folder, err := (&targetFlags{data: data}).openFolder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.close()
	writes := make([]collections.Write, records)
	for i := range writes {
		writes[i].Value = map[string]any{"title": fmt.Sprintf("valve %d leaks", i), "status": "open", "priority": "low"}
	}
	for start := 0; start < records; start += 500 {
		if _, err := folder.write(t.Context(), sampleType, writes[start:min(start+500, records)]); err != nil {
			t.Fatal(err)
		}
	}
	return openKillDevice(t, token), token
}

// syncAt syncs a device with a server.
func syncAt(t *testing.T, device *client.Device, url string) client.Report {
	t.Helper()
	if err := device.UseServer(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	report, err := device.Sync(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// visit has a device sync with a server, add a record of its own, and gives what came.
func visit(t *testing.T, device *client.Device, program, data string) (first client.Report) {
	t.Helper()
	p := startProgram(t, program, data, "127.0.0.1:0")
	first = syncAt(t, device, p.url)
	value := map[string]any{"title": "made on a device", "status": "open", "priority": "low"}
	if _, err := device.Collection(sampleType).Create(t.Context(), value); err != nil {
		t.Fatal(err)
	}
	if r := syncAt(t, device, p.url); r.Acknowledged != 1 || r.NewReplica {
		t.Errorf("%s took %+v of the device", data, r)
	}
	p.stop(t)
	return first
}

// TestCopy_Killed: a copy that is killed again and again, at random moments, goes on and
// ends whole; until then nobody serves it; and a device goes on with it as if nothing were.
func TestCopy_Killed(t *testing.T) {
	t.Chdir(t.TempDir())
	program := unraced(t)
	records, kills := 2500, 12
	if testing.Short() {
		records, kills = 1500, 8
	}
	device, _ := copySource(t, "data", records)
	if first := visit(t, device, program, "data"); first.Received < records {
		t.Fatalf("the device came to know %d of %d records", first.Received, records)
	}
	cut := killCopies(t, program, kills)
	s := shell{t: t}
	wants(t, s.ok("copy", "--from", "data", "--to", "moved"), fmt.Sprintf("Copied and verified: %d records", records+1))
	t.Logf("%d of %d copies were cut off halfway", cut, kills)
	if cut < kills/4 {
		t.Error("hardly any copy was cut off")
	}
	report, err := sqlite.Verify(t.Context(), filepath.Join("moved", databaseFile))
	if err != nil || report.Records != records+1 {
		t.Errorf("the copy: %+v, %v", report, err)
	}
	before := s.ok("export", sampleType, "--data", "data")
	if after := s.ok("export", sampleType, "--data", "moved"); after != before {
		t.Error("the copy exports something else")
	}
	if again := visit(t, device, program, "moved"); again.Received != 0 || again.RoundTrips != 1 || again.NewReplica || again.Note != "" {
		t.Errorf("the device notices the move: %+v", again)
	}
}

// killCopies begins so many copies and kills each; where one was quick enough to end, its
// target is taken away for the next. It gives how many left half a copy.
func killCopies(t *testing.T, program string, kills int) (cut int) {
	t.Helper()
	longest := 50 * time.Millisecond
	for range kills {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		cmd := exec.CommandContext(ctx, program, "copy", "--from", "data", "--to", "moved")
		cmd.Env = append(os.Environ(), asFieldstack+"=1")
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(rand.N(longest), func() { _ = cmd.Process.Kill() }) // the moment is the point
		err := cmd.Wait()
		killed := !kill.Stop() && err != nil
		cancel()
		switch {
		case err == nil: // it was done
			if err := os.RemoveAll("moved"); err != nil {
				t.Fatal(err)
			}
			longest = max(longest/2, 20*time.Millisecond)
		case !killed:
			t.Fatalf("a copy failed: %v\n%s", err, &said)
		default:
			longest += 50 * time.Millisecond
			cut += halfCopied(t)
		}
	}
	return cut
}

// halfCopied is 1 where there is half a copy, which nobody opens.
func halfCopied(t *testing.T) int {
	t.Helper()
	if !holdsStore("moved") {
		return 0
	}
	store, err := openStore(t.Context(), serverConfig{Data: "moved"})
	if err != nil {
		t.Fatal(err)
	}
	marks, err := store.Items(t.Context(), collections.KindCopy, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	head, err := store.Head(t.Context())
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	if len(marks) == 0 {
		if len(head) > 0 { // it was killed when all was done
			err = os.RemoveAll("moved")
		}
		if err != nil {
			t.Fatal(err)
		}
		return 0
	}
	var said strings.Builder
	if status := run(t.Context(), []string{"serve", "--data", "moved", "--listen", "127.0.0.1:0"}, nil, &said, &said); status != 1 || !strings.Contains(said.String(), "run the same copy again") {
		t.Fatalf("a server on half a copy: status %d, %s", status, said.String())
	}
	return 1
}
