package crdt_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// trace is a recorded editing session of one writer.
type trace struct {
	edits []edit
	end   string
}

type edit struct {
	at, n int
	text  string
}

// readTrace reads one of the recorded sessions, or skips where they are missing.
func readTrace(t testing.TB, name string) trace {
	t.Helper()
	folder := os.Getenv("FIELDSTACK_DATA")
	if folder == "" {
		folder = "../../shared/data"
	}
	file, err := os.Open(filepath.Join(folder, "traces", name+".json.gz"))
	if err != nil {
		t.Skip("no editing traces here")
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		EndContent string
		Txns       []struct{ Patches [][3]any }
	}
	if err := json.NewDecoder(zipped).Decode(&recorded); err != nil {
		t.Fatal(err)
	}
	tr := trace{end: recorded.EndContent}
	for _, txn := range recorded.Txns {
		for _, p := range txn.Patches {
			tr.edits = append(tr.edits, edit{int(p[0].(float64)), int(p[1].(float64)), p[2].(string)})
		}
	}
	return tr
}

// notebook gives a document with an empty text "notes".
func notebook(t testing.TB, r crdt.Replica) *crdt.Document {
	t.Helper()
	d := crdt.NewDocument()
	c := &crdt.Change{Replica: r, N: 1, Stamp: 1, Ops: []crdt.Op{{Kind: crdt.OpCreate}}}
	if _, err := d.Apply(c); err != nil {
		t.Fatal(err)
	}
	return d
}

// replay types a trace into the document, one change an edit, and calls each for it.
func (tr *trace) replay(t testing.TB, d *crdt.Document, each func(c *crdt.Change)) {
	t.Helper()
	path := []string{"notes"}
	c := &crdt.Change{Replica: 7, N: 1, Stamp: 1}
	for _, e := range tr.edits {
		c.N++
		c.Stamp++
		if err := d.Splice(c, path, e.at, e.n, e.text); err != nil {
			t.Fatal(err)
		}
		if each != nil {
			each(c)
		}
	}
	if got := d.Text("notes"); got != tr.end {
		t.Fatalf("the text is not the recorded one: %d bytes, want %d", len(got), len(tr.end))
	}
}

func BenchmarkReplay(b *testing.B) {
	for _, name := range []string{"automerge-paper", "friendsforever_flat"} {
		tr := readTrace(b, name)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				tr.replay(b, notebook(b, 7), nil)
			}
		})
	}
}
