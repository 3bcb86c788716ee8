package crdt_test

import (
	"compress/gzip"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/fieldstack/fieldstack/crdt"
)

// typedAlone gives the changes of a recorded session of one writer, one for each edit.
func typedAlone(t testing.TB, name string) (changes []*crdt.Change, end string) {
	tr := readTrace(t, name)
	d := crdt.NewDocument()
	changes = append(changes, created(t, d))
	tr.replay(t, d, func(c *crdt.Change) { changes = append(changes, keep(c)) })
	return changes, tr.end
}

// keep copies a change whose memory is used again.
func keep(c *crdt.Change) *crdt.Change {
	kept := *c
	kept.Type, kept.Version, kept.Doc = "paper", 1, "0198c0de-0000-7000-8000-000000000001"
	kept.Ops = slices.Clone(c.Ops)
	for i := range kept.Ops {
		if op := &kept.Ops[i]; op.Kind == crdt.OpCut {
			op.Spans = slices.Clone(op.Spans)
		} else {
			op.Spans = nil
		}
	}
	return &kept
}

// created makes a document exist.
func created(t testing.TB, d *crdt.Document) *crdt.Change {
	c := keep(&crdt.Change{Replica: 7, N: 1, Stamp: 1, Ops: []crdt.Op{{Kind: crdt.OpCreate}}})
	if _, err := d.Apply(c); err != nil {
		t.Fatal(err)
	}
	return c
}

// typedTogether gives the changes of a recorded session of several writers, each made
// against the document as that writer had it, in the order of the record.
func typedTogether(t *testing.T, name string) (changes []*crdt.Change, end string) {
	var recorded struct {
		EndContent string
		NumAgents  int
		Txns       []struct {
			Parents []int
			Agent   int
			Patches [][3]any
		}
	}
	readShared(t, filepath.Join("traces", name+".json.gz"), &recorded)
	docs := make([]*crdt.Document, recorded.NumAgents)
	first := created(t, crdt.NewDocument())
	for i := range docs {
		docs[i] = apply(t, crdt.NewDocument(), first)
	}
	changes = append(changes, first)
	made := make([][]*crdt.Change, len(recorded.Txns))
	var catchUp func(d *crdt.Document, txn int)
	catchUp = func(d *crdt.Document, txn int) {
		for _, c := range made[txn] {
			if c.N <= d.Seen()[c.Replica] {
				return // and so is all it was made after
			}
		}
		for _, parent := range recorded.Txns[txn].Parents {
			catchUp(d, parent)
		}
		for _, c := range made[txn] {
			if _, err := d.Apply(c); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, txn := range recorded.Txns {
		d := docs[txn.Agent]
		for _, parent := range txn.Parents {
			catchUp(d, parent)
		}
		for _, p := range txn.Patches {
			me := crdt.Replica(7 + txn.Agent)
			c := &crdt.Change{Replica: me, N: d.Seen()[me] + 1, Stamp: crdt.Time(len(changes) + 1)}
			if err := d.Splice(c, []string{"notes"}, int(p[0].(float64)), int(p[1].(float64)), p[2].(string)); err != nil {
				t.Fatal(err)
			}
			made[i] = append(made[i], keep(c))
			changes = append(changes, keep(c))
		}
	}
	return changes, recorded.EndContent
}

// readShared reads a zipped JSON file of the shared data into v, or skips the test.
func readShared(t testing.TB, name string, v any) {
	folder := os.Getenv("FIELDSTACK_DATA")
	if folder == "" {
		folder = "../../shared/data"
	}
	file, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		t.Skip("no shared data here")
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err == nil {
		err = json.NewDecoder(zipped).Decode(v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// How small the history of a real document is, all text that was ever typed in it
// included, and that it is the history: change for change, and replayed to the text
// that was recorded.
func TestPack_Traces(t *testing.T) {
	t.Run("one writer", func(t *testing.T) {
		changes, end := typedAlone(t, "automerge-paper")
		holdsHistory(t, changes, end, 74_700)
	})
	t.Run("two writers", func(t *testing.T) {
		changes, end := typedTogether(t, "friendsforever")
		holdsHistory(t, changes, end, 18_900)
	})
}

func holdsHistory(t *testing.T, changes []*crdt.Change, end string, most int) {
	p := crdt.NewPacker()
	for _, c := range changes {
		p.Add(c)
	}
	data := p.Bytes()
	t.Logf("%d changes in %d bytes", p.Len(), len(data))
	logColumns(t, p)
	if len(data) > most {
		t.Errorf("the pack takes %d bytes; it used to take less than %d", len(data), most)
	}
	i := 0
	var got, want []byte
	for c, err := range crdt.Unpack(data) {
		if err != nil {
			t.Fatal(err)
		}
		got, want = crdt.AppendChange(got[:0], c), crdt.AppendChange(want[:0], changes[i])
		if string(got) != string(want) {
			t.Fatalf("out comes\n%s\nnot\n%s", got, want)
		}
		i++
	}
	if i != len(changes) {
		t.Fatalf("%d changes come out of %d", i, len(changes))
	}
	d, err := crdt.Replay(data)
	if err != nil {
		t.Fatal(err)
	}
	if d.Text("notes") != end {
		t.Fatal("the document does not end in the text that was recorded")
	}
}

// logColumns says what the bytes are spent on.
func logColumns(t *testing.T, p *crdt.Packer) {
	if !testing.Verbose() {
		return
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		t.Fatal(err)
	}
	columns := crdt.PackedColumns(p)
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if column := columns[name]; len(column) > 0 {
			t.Logf("%16s %8d bytes, %8d compressed alone", name, len(column), len(encoder.EncodeAll(column, nil)))
		}
	}
}
