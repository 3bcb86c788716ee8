package crdt

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// traceFile reads one of the shared editing traces into v, or skips the test.
func traceFile(t testing.TB, name string, v any) {
	t.Helper()
	data := os.Getenv("FIELDSTACK_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(data, "traces", name))
	if err != nil {
		t.Skipf("no trace: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err == nil {
		err = json.NewDecoder(z).Decode(v)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// patch is one edit of a trace: at a position, so many removed, this inserted.
type patch struct {
	at, removed int
	text        string
}

func (p *patch) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&p.at, &p.removed, &p.text})
}

// onePersonsTrace plays a trace of one person, every edit a change of its own. The
// changes share memory: each is good until the next.
func onePersonsTrace(t testing.TB, name string) (changes iter.Seq[*Change], end string) {
	var trace struct {
		EndContent string
		Txns       []struct{ Patches []patch }
	}
	traceFile(t, name, &trace)
	const me = Replica(0xa11a)
	return func(yield func(*Change) bool) {
		visible := []uint64{} // elements that can be seen
		behind := []uint64{0} // by element, what stands directly behind it; 0: the start or end
		dot := func(seq uint64) Dot {
			if seq == 0 {
				return Dot{}
			}
			return Dot{me, seq}
		}
		spans := []Span{}
		c := Change{Replica: me, Type: "paper", Version: 1, Doc: "0198c0de-0000-7000-8000-000000000001",
			Ops: make([]Op, 1), Stamp: NewTime(1_764_000_000_000, 0)}
		for _, txn := range trace.Txns {
			for _, p := range txn.Patches {
				after := uint64(0)
				if p.at > 0 {
					after = visible[p.at-1]
				}
				before := behind[after]
				c.Ops = c.Ops[:0]
				if p.removed > 0 {
					spans = spans[:0]
					for _, seq := range visible[p.at : p.at+p.removed] {
						spans = appendSpan(spans, Span{dot(seq), 1})
					}
					visible = slices.Delete(visible, p.at, p.at+p.removed)
					c.Ops = append(c.Ops, Op{Kind: OpCut, Path: []string{"body"}, Spans: spans})
				}
				if p.text != "" {
					id := uint64(len(behind))
					c.Ops = append(c.Ops, Op{Kind: OpInsert, Path: []string{"body"}, ID: id,
						After: dot(after), Before: dot(before), Text: p.text})
					made := []uint64{}
					for range p.text {
						made = append(made, uint64(len(behind)))
						behind = append(behind, uint64(len(behind)+1))
					}
					behind[len(behind)-1] = before
					behind[after] = id
					visible = slices.Insert(visible, p.at, made...)
				}
				c.Prev, c.N, c.Stamp = c.N, c.N+1, c.Stamp+1
				if !yield(&c) {
					return
				}
			}
		}
	}, trace.EndContent
}

// severalPeoplesTrace plays a trace of several people as it happened.
func severalPeoplesTrace(t testing.TB, name string) (changes []*Change, end string) {
	var trace struct {
		EndContent string
		NumAgents  int
		Txns       []struct {
			Parents []int
			Agent   int
			Patches []patch
		}
	}
	traceFile(t, name, &trace)
	docs := make([]*Document, trace.NumAgents)
	has := make([]map[int]bool, trace.NumAgents)
	for i := range docs {
		docs[i], has[i] = NewDocument(), map[int]bool{}
	}
	made := make([][]*Change, len(trace.Txns))
	var catchUp func(agent, txn int)
	catchUp = func(agent, txn int) {
		if has[agent][txn] {
			return
		}
		for _, parent := range trace.Txns[txn].Parents {
			catchUp(agent, parent)
		}
		for _, c := range made[txn] {
			if _, err := docs[agent].Apply(c); err != nil {
				t.Fatal(err)
			}
		}
		has[agent][txn] = true
	}
	stamp := NewTime(1_764_000_000_000, 0)
	for i, txn := range trace.Txns {
		for _, parent := range txn.Parents {
			catchUp(txn.Agent, parent)
		}
		d := docs[txn.Agent]
		for _, p := range txn.Patches {
			me := Replica(0xa11a + txn.Agent*0x1000)
			stamp += 1
			c := &Change{Replica: me, N: d.seen[me].n + 1, Prev: d.seen[me].n, Stamp: stamp,
				Type: "paper", Version: 1, Doc: "0198c0de-0000-7000-8000-000000000001"}
			seq := &sequence{}
			if f, ok := d.find([]string{"body"}).(*textField); ok {
				seq = &f.seq
			}
			after, before := seq.neighbours(p.at)
			if p.removed > 0 {
				c.Ops = append(c.Ops, Op{Kind: OpCut, Path: []string{"body"}, Spans: seq.spans(nil, p.at, p.removed)})
			}
			if p.text != "" {
				c.Ops = append(c.Ops, Op{Kind: OpInsert, Path: []string{"body"}, ID: d.NextID(me), After: after, Before: before, Text: p.text})
			}
			if _, err := d.Apply(c); err != nil {
				t.Fatal(err)
			}
			made[i] = append(made[i], c)
			changes = append(changes, c)
		}
		has[txn.Agent][i] = true
	}
	return changes, trace.EndContent
}

var packColumnNames = [...]string{
	"shapes", "shapeTexts", "more", "replicas", "names", "docs", "docTexts", "sorts", "ns", "prevs", "paths", "ids",
	"dotReplicas", "dots", "counts", "lengths", "saw", "stampRuns", "stampMillis", "stampCounters", "textLengths", "text", "values",
}

// How small the history of a real document is, all text that was ever typed in it
// included, and that it is the history: change for change, and replayed to the text
// that was recorded.
func TestPack_Traces(t *testing.T) {
	if testing.Short() {
		t.Skip("the traces are long")
	}
	t.Run("one person", func(t *testing.T) {
		changes, end := onePersonsTrace(t, "automerge-paper.json.gz")
		holdsTrace(t, changes, end, 76_000)
	})
	t.Run("two people", func(t *testing.T) {
		changes, end := severalPeoplesTrace(t, "friendsforever.json.gz")
		holdsTrace(t, slices.Values(changes), end, 19_500)
	})
}

func holdsTrace(t *testing.T, changes iter.Seq[*Change], end string, most int) {
	p := NewPacker()
	var want, got []byte
	for c := range changes {
		p.Add(c)
		want = append(AppendChange(want, c), '\n')
	}
	data := p.Bytes()
	t.Logf("%d changes in %d bytes", p.Len(), len(data))
	for i, column := range p.coder.out {
		if len(column) > 0 {
			t.Logf("%16s %8d bytes, %8d compressed alone", packColumnNames[i], len(column), len(packEncoder().EncodeAll(column, nil)))
		}
	}
	if len(data) > most {
		t.Errorf("the pack takes %d bytes; it used to take at most %d", len(data), most)
	}
	for c, err := range Unpack(data) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(AppendChange(got, c), '\n')
	}
	if !bytes.Equal(got, want) {
		t.Fatal("other changes come out than went in")
	}
	d, err := Replay(data)
	if err != nil {
		t.Fatal(err)
	}
	if d.Text("body") != end {
		t.Fatal("the document does not end in the text that was recorded")
	}
}
