package crdt_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// A text that was written over a long time by one person, edit by edit as it was
// recorded: how much meta there is before and after compaction.
func TestCompact_SizeOfRecordedText(t *testing.T) {
	edits := recordedEdits(t, "automerge-paper")
	if testing.Short() {
		edits = edits[:20_000]
	}
	const r = crdt.Replica(1)
	d := crdt.NewDocument()
	for i := 0; i < len(edits); i += 5_000 { // one change each, as an editor is made for one
		e := d.Edit(r, crdttest.Plan())
		for _, edit := range edits[i:min(i+5_000, len(edits))] {
			if err := e.Splice([]string{"notes"}, int(edit[0].(float64)), int(edit[1].(float64)), edit[2].(string)); err != nil {
				t.Fatal(err)
			}
		}
		n := d.Seen()[r] + 1
		if _, err := d.Apply(&crdt.Change{Replica: r, N: n, Prev: n - 1, Stamp: crdt.NewTime(int64(n), 0), Ops: e.Ops()}); err != nil {
			t.Fatal(err)
		}
	}
	value, before := d.Encode()
	if err := d.Compact(nil); err != nil {
		t.Fatal(err)
	}
	again, after := d.Encode()
	if string(again) != string(value) {
		t.Fatal("compaction changes the text")
	}
	t.Logf("%d edits: value %d bytes, meta %d before and %d after", len(edits), len(value), len(before), len(after))
	if len(after) > len(before)*3/4 {
		t.Error("compaction saves less than a quarter")
	}
}

// recordedEdits are the edits of a recorded session: position, how many characters
// go, what is typed.
func recordedEdits(t *testing.T, name string) [][]any {
	dir := os.Getenv("FIELDSTACK_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(dir, "traces", name+".json.gz"))
	if err != nil {
		t.Skip("no recorded edits here: set FIELDSTACK_DATA")
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var trace struct {
		Txns []struct{ Patches [][]any }
	}
	if err := json.NewDecoder(zip).Decode(&trace); err != nil {
		t.Fatal(err)
	}
	var edits [][]any
	for _, txn := range trace.Txns {
		edits = append(edits, txn.Patches...)
	}
	return edits
}
