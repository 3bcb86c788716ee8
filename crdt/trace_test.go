package crdt_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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

// typed is the document a trace ends in.
func (tr *trace) typed(t testing.TB) *crdt.Document {
	d := notebook(t, 7)
	tr.replay(t, d, nil)
	return d
}

func BenchmarkTraceEncode(b *testing.B) {
	tr := readTrace(b, "automerge-paper")
	d := tr.typed(b)
	for b.Loop() {
		d.Encode()
	}
}

func BenchmarkTraceDecode(b *testing.B) {
	tr := readTrace(b, "automerge-paper")
	value, meta := tr.typed(b).Encode()
	b.ReportMetric(float64(len(meta)), "meta-bytes")
	for b.Loop() {
		if _, err := crdt.Decode(value, meta); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTraceMerge(b *testing.B) {
	tr := readTrace(b, "automerge-paper")
	d := tr.typed(b)
	other := d.Clone()
	if err := other.Splice(&crdt.Change{Replica: 8, N: 1, Stamp: 1 << 40}, []string{"notes"}, 5000, 3, "abc"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := crdt.Merge(d, other); err != nil {
			b.Fatal(err)
		}
	}
}

// Apply of a change to a long text.
func BenchmarkTraceApply(b *testing.B) {
	tr := readTrace(b, "automerge-paper")
	var changes []*crdt.Change
	d := notebook(b, 7)
	tr.replay(b, d, func(c *crdt.Change) {
		copied := *c
		copied.Ops = append([]crdt.Op(nil), c.Ops...)
		for i := range copied.Ops {
			copied.Ops[i].Spans = append([]crdt.Span(nil), copied.Ops[i].Spans...)
		}
		changes = append(changes, &copied)
	})
	for b.Loop() {
		d := notebook(b, 7)
		for _, c := range changes {
			if _, err := d.Apply(c); err != nil {
				b.Fatal(err)
			}
		}
		if d.Text("notes") != tr.end {
			b.Fatal("another text")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(changes)), "ns/change")
}

// BenchmarkFlat makes random local edits in a text, and in one ten times as long.
func BenchmarkFlat(b *testing.B) {
	tr := readTrace(b, "automerge-paper")
	for _, times := range []int{1, 10} {
		b.Run(fmt.Sprint("x", times), func(b *testing.B) {
			d := tr.typed(b)
			c := &crdt.Change{Replica: 7, N: 1 << 30, Stamp: 1 << 40}
			length := len([]rune(tr.end))
			for k := 1; k < times; k++ {
				for _, e := range tr.edits {
					c.N++
					if err := d.Splice(c, []string{"notes"}, length+e.at, e.n, e.text); err != nil {
						b.Fatal(err)
					}
				}
				length += len([]rune(tr.end))
			}
			rng := rand.New(rand.NewPCG(1, 2))
			at := 0
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				if i%8 == 0 {
					at = rng.IntN(length - 10)
				}
				c.N++
				n, text := 0, "x"
				if i%2 == 0 {
					n, text = 1, ""
				}
				if err := d.Splice(c, []string{"notes"}, at, n, text); err != nil {
					b.Fatal(err)
				}
				at++
			}
		})
	}
}
