package client_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/crdt"
)

// killedFile tells the test binary to be the process that is killed, on that file.
const killedFile = "FIELDSTACK_TEST_KILLED_DEVICE"

func TestMain(m *testing.M) {
	if path := os.Getenv(killedFile); path != "" {
		if err := writeForEver(path); err != nil {
			fmt.Println("ERROR", err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForEver creates and edits documents, and says each time what is done. It ends
// only by being killed.
func writeForEver(path string) error {
	ctx := context.Background()
	d, err := client.Open(ctx, client.Options{Path: path})
	if err != nil {
		return err
	}
	notes := d.Collection("note")
	for i := 0; ; i++ {
		id, err := notes.Create(ctx, map[string]any{"title": fmt.Sprint("note ", i), "count": 0.0})
		if err != nil {
			return err
		}
		fmt.Println("made", id)
		for range 3 {
			if err := notes.Edit(ctx, id, func(e *crdt.Editor) error { return e.Add([]string{"count"}, 1) }); err != nil {
				return err
			}
			fmt.Println("counted", id)
		}
	}
}

// TestKilledDeviceKeepsItsWork kills a process that writes to a device's file, at
// moments of its own choosing, and holds the file against what the process had said
// was done: all of it is there, and changes are numbered without a gap.
func TestKilledDeviceKeepsItsWork(t *testing.T) {
	cycles := 25
	if testing.Short() {
		cycles = 5
	}
	if os.Getenv("FIELDSTACK_SOAK") != "" {
		cycles = 1000
	}
	path := filepath.Join(t.TempDir(), "device.db")
	giveType(t, path, "note", `{"type":"object","title":"Note","properties":{"title":{"type":"string"},"count":{"type":"integer","x-merge":"counter"}}}`)
	want := map[string]float64{}
	for cycle := range cycles {
		killAfter(t, path, time.Duration(cycle*7%60)*time.Millisecond, want)
		checkDevice(t, path, want)
	}
	if len(want) < cycles {
		t.Fatalf("only %d notes in %d cycles: the process was killed before it did anything", len(want), cycles)
	}
}

// killAfter runs the writer, lets it speak once and then live for a while, kills it,
// and notes what it said.
func killAfter(t *testing.T, path string, life time.Duration, want map[string]float64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killedFile+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for first := true; lines.Scan(); first = false {
		verb, id, _ := strings.Cut(lines.Text(), " ")
		switch verb {
		case "made":
			want[id] += 0
		case "counted":
			want[id]++
		default:
			t.Fatalf("the writer said %q", lines.Text())
		}
		if first {
			time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait()
}

// checkDevice opens the file and compares. The last count may be one higher than what
// was said: killed after it was done and before it was said.
func checkDevice(t *testing.T, path string, want map[string]float64) {
	t.Helper()
	ctx := context.Background()
	d, err := client.Open(ctx, client.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for id, count := range want {
		doc, err := d.Collection("note").Get(ctx, id)
		if err != nil {
			t.Fatalf("note %s was made and is gone: %v", id, err)
		}
		if got := doc.Value["count"].(float64); got != count && got != count+1 {
			t.Fatalf("note %s counts %v, and %v was said", id, got, count)
		}
		want[id] = doc.Value["count"].(float64)
	}
	pending, err := d.Pending(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range pending {
		if c.N != uint64(i)+1 {
			t.Fatalf("pending change %d has the number %d", i+1, c.N)
		}
	}
}

// giveType puts a type on a device as a server would have.
func giveType(t *testing.T, path, name, schema string) {
	t.Helper()
	ctx := context.Background()
	server := answer(t, map[string]any{
		"results": []any{}, "changes": []any{}, "documents": []any{}, "forget": []any{}, "cursor": "c", "now": time.Now().UnixMilli(),
		"types": []any{map[string]any{"name": name, "version": 1, "schema": json.RawMessage(schema), "grant": map[string]any{"create": true}}},
	})
	d, err := client.Open(ctx, client.Options{Path: path, URL: server})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}
