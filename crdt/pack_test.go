package crdt_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// pack packs changes, each from memory that is used again for the next, as a reader of
// a log would.
func pack(changes []*crdt.Change) []byte {
	p := crdt.NewPacker()
	var again crdt.Change
	for _, c := range changes {
		ops := again.Ops[:0]
		again = *c
		again.Ops = append(ops, c.Ops...)
		for i := range again.Ops {
			again.Ops[i].Spans = slices.Clone(again.Ops[i].Spans)
			again.Ops[i].Path = slices.Clone(again.Ops[i].Path)
		}
		p.Add(&again)
		for i := range again.Ops {
			clear(again.Ops[i].Spans)
			clear(again.Ops[i].Path)
		}
	}
	return p.Bytes()
}

func unpack(t testing.TB, data []byte) []*crdt.Change {
	t.Helper()
	var changes []*crdt.Change
	for c, err := range crdt.Unpack(data) {
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, c)
	}
	return changes
}

// sameChanges compares changes member by member, and as JSON.
func sameChanges(t testing.TB, got, want []*crdt.Change) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d changes come out of %d", len(got), len(want))
	}
	for i := range want {
		a, b := crdt.AppendChange(nil, got[i]), crdt.AppendChange(nil, want[i])
		if string(a) != string(b) || !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("change %d comes out as\n%s\n%+v\nnot\n%s\n%+v", i, a, *got[i], b, *want[i])
		}
	}
}

// What went in comes out, whatever people did and whatever order it came in: each
// seed's world, then all of them mixed, as if each were a document of its own.
func TestPack_RoundTrip(t *testing.T) {
	var all []*crdt.Change
	random := rand.New(rand.NewPCG(*first, 1))
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		live(t, w, 60)
		sameChanges(t, unpack(t, pack(w.Changes)), w.Changes)
		w.Rand.Shuffle(len(w.Changes), func(i, j int) { w.Changes[i], w.Changes[j] = w.Changes[j], w.Changes[i] })
		sameChanges(t, unpack(t, pack(w.Changes)), w.Changes)
		doc := fmt.Sprintf("0198c0de-0000-7000-8000-%012x", random.Uint64N(1<<20))
		for _, c := range w.Changes {
			c := *c
			c.Doc, c.Version = doc, 1+random.IntN(3)
			all = append(all, &c)
		}
	})
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	data := pack(all)
	sameChanges(t, unpack(t, data), all)
	plain := 0
	for _, c := range all {
		plain += len(crdt.AppendChange(nil, c))
	}
	t.Logf("%d changes: %d bytes of JSON, %d packed", len(all), plain, len(data))
}

// typist makes the small changes that runs are made of, and whatever ends a run.
type typist struct {
	rand *rand.Rand
	crdt.Change
	seq   uint64
	at    crdt.Dot
	cuts  crdt.Dot
	right crdt.Dot
}

func (w *typist) next() *crdt.Change {
	r := w.rand
	w.Prev = w.N
	w.N++
	w.Stamp++
	if r.IntN(20) == 0 {
		w.N += r.Uint64N(3)
		w.Stamp += crdt.Time(r.Uint64N(1 << 40))
	}
	if r.IntN(30) == 0 {
		w.Stamp -= min(w.Stamp, crdt.Time(r.Uint64N(1<<50)))
	}
	if r.IntN(50) == 0 {
		w.Version = 1 + r.IntN(2)
	}
	op := crdt.Op{Kind: crdt.OpCut, Path: []string{"notes"}}
	switch r.IntN(12) {
	case 0:
		w.cuts.Seq = 1 + r.Uint64N(w.seq+1)
		fallthrough
	case 1, 2:
		op.Spans = []crdt.Span{{Start: w.cuts, Len: 1}}
		w.cuts.Seq++
	case 3, 4:
		if w.cuts.Seq > 1 {
			w.cuts.Seq--
		}
		op.Spans = []crdt.Span{{Start: w.cuts, Len: 1 + r.Uint64N(2)*r.Uint64N(2)}}
	case 5:
		w.seq += r.Uint64N(2)
		w.at.Seq = r.Uint64N(w.seq + 1)
		fallthrough
	default:
		text := []string{"a", "b", " ", "é", "👩", "two"}[r.IntN(6)]
		op = crdt.Op{Kind: crdt.OpInsert, Path: op.Path, ID: w.seq + 1, After: w.at, Text: text}
		if op.After.Seq == 0 {
			op.After = crdt.Dot{}
		}
		w.seq += op.Makes()
		w.at.Seq = w.seq
		if r.IntN(20) == 0 {
			w.right.Seq = r.Uint64N(3)
		}
		if w.right.Seq > 0 && w.right != op.After {
			op.Before = w.right
		}
	}
	c := w.Change
	if r.IntN(40) == 0 {
		c.Prev -= min(c.Prev, r.Uint64N(3))
	}
	c.Ops = []crdt.Op{op}
	if r.IntN(40) == 0 {
		c.Ops = append(c.Ops, crdt.Op{Kind: crdt.OpSet, Path: []string{"title"}, Value: "x", Has: true})
	}
	return &c
}

// Runs of typing end wherever they may: at a stamp, a number, a character of another
// length, somebody else.
func TestPack_RunsOfTyping(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		typists := make([]*typist, 3)
		for i := range typists {
			id := crdt.Replica(i + 1)
			typists[i] = &typist{rand: w.Rand, at: crdt.Dot{Replica: id}, right: crdt.Dot{Replica: id}, cuts: crdt.Dot{Replica: id, Seq: 1},
				Change: crdt.Change{Replica: id, Type: "note", Version: 1, Doc: fmt.Sprint("doc-", i/2), Stamp: crdt.NewTime(1e12, 65500)}}
		}
		var changes []*crdt.Change
		who := typists[0]
		for range 400 {
			if w.Rand.IntN(15) == 0 {
				who = typists[w.Rand.IntN(3)]
			}
			changes = append(changes, who.next())
		}
		sameChanges(t, unpack(t, pack(changes)), changes)
	})
}

// What is added belongs to somebody else, who may be reading it meanwhile.
func TestPack_AddOnlyReads(t *testing.T) {
	row := crdt.Dot{Replica: 7, Seq: 1}.String()
	c := &crdt.Change{Replica: 7, N: 2, Prev: 1, Stamp: 1, Type: "note", Version: 1, Doc: "d", Ops: []crdt.Op{
		{Kind: crdt.OpSet, Path: []string{"parts", row, "qty"}, Value: 1.0, Has: true},
		{Kind: crdt.OpExclude, Path: []string{"tags"}, Value: "a", Has: true, Over: []crdt.Dot{{Replica: 7, Seq: 1}}},
	}}
	p := crdt.NewPacker()
	for range 2 { // the second time the path is known
		before := *c
		ops := slices.Clone(c.Ops)
		p.Add(c)
		for i := range ops {
			if &c.Ops[i].Path[0] != &ops[i].Path[0] {
				t.Errorf("operation %d has another path now", i)
			}
		}
		if !reflect.DeepEqual(before, *c) {
			t.Error("the change is another now")
		}
	}
}

// A Packer goes on after it was asked for its bytes.
func TestPack_GoesOn(t *testing.T) {
	w := crdttest.NewPeers(*first, crdttest.Size{Replicas: 4, Edits: 1 << 20})
	live(t, w, 200)
	p := crdt.NewPacker()
	if got := unpack(t, p.Bytes()); len(got) != 0 {
		t.Errorf("%d changes come out of none", len(got))
	}
	for i, c := range w.Changes {
		p.Add(c)
		if p.Len() != i+1 {
			t.Fatalf("%d changes were added, and Len is %d", i+1, p.Len())
		}
		if i%3 == 0 {
			sameChanges(t, unpack(t, p.Bytes()), w.Changes[:i+1])
		}
	}
}

// Replay gives, to the byte, what applying the changes one by one gives: held ones and
// repeated ones too.
func TestPack_Replay(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		live(t, w, 60)
		changes := w.Shuffled(w.Changes)
		want := apply(t, crdt.NewDocument(), changes...)
		got, err := crdt.Replay(pack(changes))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, got, want)
	})
}

// Texts are replayed in a way of their own, as long as nobody types unseen: so people
// type here, now seeing each other and now not, letters of all widths, into two texts,
// and sometimes they do something else at once.
func TestPack_ReplayTyping(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		r := w.Rand
		docs := []*crdt.Document{crdt.NewDocument(), crdt.NewDocument()}
		var changes []*crdt.Change
		give := func(c *crdt.Change) {
			for _, d := range docs {
				if _, err := d.Apply(c); err != nil {
					t.Fatal(err)
				}
			}
		}
		changes = append(changes, created(t, crdt.NewDocument()))
		give(changes[0])
		together := 300
		if r.IntN(2) == 0 {
			together = r.IntN(300)
		}
		at := 0
		for i := range 300 {
			me := r.IntN(2)
			d, path := docs[me], []string{[]string{"notes", "more"}[r.IntN(40)/39]}
			length := len([]rune(d.Text(path...)))
			if at = min(at, length); r.IntN(12) == 0 {
				at = r.IntN(length + 1)
			}
			c := &crdt.Change{Replica: crdt.Replica(7 + me), N: d.Seen()[crdt.Replica(7+me)] + 1, Stamp: crdt.Time(i + 2)}
			cut := min(r.IntN(3)/2+r.IntN(30)/29, length-at)
			text := []string{"a", "b", "é", "👩", "word"}[r.IntN(5)]
			if cut > 0 && r.IntN(5) > 0 {
				text = ""
			}
			if err := d.Splice(c, path, at, cut, text); err != nil {
				t.Fatal(err)
			}
			at += len([]rune(text))
			if r.IntN(50) == 0 {
				c.Ops = append(c.Ops, crdt.Op{Kind: crdt.OpSet, Path: []string{"title"}, Value: text, Has: true})
			}
			if len(c.Ops) == 0 {
				continue
			}
			changes = append(changes, keep(c))
			if i < together {
				give(keep(c))
			}
		}
		if r.IntN(2) == 0 { // some come too early, and are held
			for range 3 {
				i, j := 1+r.IntN(len(changes)-1), 1+r.IntN(len(changes)-1)
				changes[i], changes[j] = changes[j], changes[i]
			}
		}
		want := apply(t, crdt.NewDocument(), changes...)
		got, err := crdt.Replay(pack(changes))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, got, want)
	})
}

// A change that does not fit is named, though it be in the middle of a run; one that
// comes too early is held.
func TestPack_ReplayRefuses(t *testing.T) {
	typed := func(n uint64, op crdt.Op) *crdt.Change {
		op.Path = []string{"notes"}
		return &crdt.Change{Replica: 7, N: n, Prev: n - 1, Stamp: crdt.Time(n), Type: "note", Version: 1, Doc: "d", Ops: []crdt.Op{op}}
	}
	insert := func(n, id uint64, after uint64) *crdt.Change {
		op := crdt.Op{Kind: crdt.OpInsert, ID: id, Text: "x"}
		if after > 0 {
			op.After = crdt.Dot{Replica: 7, Seq: after}
		}
		return typed(n, op)
	}
	cut := func(n, seq uint64) *crdt.Change {
		return typed(n, crdt.Op{Kind: crdt.OpCut, Spans: []crdt.Span{{Start: crdt.Dot{Replica: 7, Seq: seq}, Len: 1}}})
	}
	begin := []*crdt.Change{insert(1, 1, 0), insert(2, 2, 1), insert(3, 4, 2)} // there is no 3
	for name, test := range map[string]struct {
		more []*crdt.Change
		want string
	}{
		"an element that is missing among those removed": {[]*crdt.Change{cut(4, 4), cut(5, 3), cut(6, 2)}, "/5 "},
		"an element before the first":                    {[]*crdt.Change{insert(4, 5, 3)}, "/4 "},
		"a number that was given":                        {[]*crdt.Change{insert(4, 4, 4)}, "/4 "},
	} {
		changes := append(slices.Clone(begin), test.more...)
		if _, err := replaySlowly(changes); err == nil {
			t.Fatalf("%s: Apply takes it", name)
		}
		if _, err := crdt.Replay(pack(changes)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v does not name change %s", name, err, test.want)
		}
	}
	early := insert(6, 5, 4) // it leans on 5, which is to come
	changes := append(slices.Clone(begin), insert(4, 5, 4), early)
	early.Prev, early.Ops[0].ID, early.Ops[0].After.Seq = 5, 6, 5
	got, err := crdt.Replay(pack(changes))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, apply(t, crdt.NewDocument(), changes...))
	other := *begin[1]
	other.Doc = "other"
	if _, err := crdt.Replay(pack([]*crdt.Change{begin[0], &other})); err == nil {
		t.Error("changes of two documents make one")
	}
}

// A few bytes may not stand for more than there can be: neither memory nor time.
func TestPack_Bombs(t *testing.T) {
	if testing.Short() {
		t.Skip("millions of changes")
	}
	p := crdt.NewPacker()
	c := crdt.Change{Replica: 7, N: 1, Stamp: 1, Type: "note", Version: 1, Doc: "d", Ops: make([]crdt.Op, 1)}
	c.Ops[0] = crdt.Op{Kind: crdt.OpCut, Path: []string{"notes"}, Spans: []crdt.Span{{Start: crdt.Dot{Replica: 7, Seq: 1}, Len: 1}}}
	for !p.Full() {
		p.Add(&c)
		c.Prev, c.N, c.Stamp = c.N, c.N+1, c.Stamp+1
		c.Ops[0].Spans[0].Start.Seq++
	}
	data := p.Bytes()
	n := 0
	for _, err := range crdt.Unpack(data) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != p.Len() {
		t.Fatalf("%d changes come out of %d", n, p.Len())
	}
	for range p.Len() {
		p.Add(&c)
		c.Prev, c.N, c.Stamp = c.N, c.N+1, c.Stamp+1
		c.Ops[0].Spans[0].Start.Seq++
	}
	for _, err := range crdt.Unpack(p.Bytes()) {
		if err != nil {
			return
		}
	}
	t.Error("more comes out than should")
}

// What is not a pack is an error, however little is wrong with it.
func TestPack_Damaged(t *testing.T) {
	w := crdttest.NewPeers(*first, crdttest.Size{Replicas: 4, Edits: 1 << 20})
	live(t, w, 100)
	data := pack(w.Changes)
	for i := range data {
		for _, bad := range [][]byte{data[:i], append(slices.Clone(data[:i]), data[i]^1<<(i%8))} {
			if len(bad) > i {
				bad = append(bad, data[i+1:]...)
			}
			wrong := false
			for _, err := range crdt.Unpack(bad) {
				wrong = err != nil
			}
			if !wrong {
				t.Fatalf("nobody notices that byte %d of %d is wrong or missing", i, len(data))
			}
		}
	}
	for _, err := range crdt.Unpack(append(data, 0)) {
		if err != nil {
			return
		}
	}
	t.Error("nobody notices a byte too many")
}
