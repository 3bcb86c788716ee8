package crdt

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"testing"
)

// What stays of a sequence, run by run. Replica 1 is settled up to its 10th element,
// replica 2 has nothing settled.
func TestCompact_Runs(t *testing.T) {
	dot := func(r Replica, seq uint64) Dot { return Dot{r, seq} }
	floor := marks{1: {n: 1, seq: 10}}
	for _, test := range []struct {
		name    string
		runs    []run
		cuts    []Span
		want    []run
		refused bool
	}{
		{name: "nothing"},
		{
			name: "what shows becomes one run",
			runs: []run{
				{id: dot(1, 1), n: 2, before: dot(1, 9)},
				{id: dot(1, 3), n: 1, after: dot(1, 2), before: dot(1, 5)},
			},
			want: []run{{id: dot(1, 1), n: 3}},
		}, {
			name: "the first that was removed stays, at the start, in between and at the end",
			runs: []run{
				{id: dot(1, 1), n: 2, deleted: true},
				{id: dot(1, 3), n: 1, after: dot(1, 2)},
				{id: dot(1, 4), n: 2, after: dot(1, 3), deleted: true},
				{id: dot(1, 9), n: 1, after: dot(1, 5), deleted: true},
				{id: dot(1, 6), n: 1, after: dot(1, 5)},
				{id: dot(1, 7), n: 2, after: dot(1, 6), deleted: true},
			},
			want: []run{
				{id: dot(1, 1), n: 1, deleted: true},
				{id: dot(1, 3), n: 1, after: dot(1, 1)},
				{id: dot(1, 4), n: 1, after: dot(1, 3), deleted: true},
				{id: dot(1, 6), n: 1, after: dot(1, 4)},
				{id: dot(1, 7), n: 1, after: dot(1, 6), deleted: true},
			},
		}, {
			name: "what a recent change removed stays, with the first that was removed behind it",
			runs: []run{{id: dot(1, 1), n: 10, deleted: true}},
			cuts: []Span{{dot(1, 5), 2}, {dot(1, 4), 1}, {dot(1, 9), 9}},
			want: []run{
				{id: dot(1, 1), n: 1, deleted: true},
				{id: dot(1, 4), n: 4, after: dot(1, 1), deleted: true},
				{id: dot(1, 9), n: 2, after: dot(1, 7), deleted: true},
			},
		}, {
			name: "what is recent keeps its origins, removed or not, and hides no gap",
			runs: []run{
				{id: dot(1, 8), n: 1},
				{id: dot(2, 1), n: 1, after: dot(1, 8), before: dot(1, 9)},
				{id: dot(2, 2), n: 1, after: dot(2, 1), before: dot(1, 9), deleted: true},
				{id: dot(1, 9), n: 4, after: dot(1, 8), deleted: true},
			},
			want: []run{
				{id: dot(1, 8), n: 1},
				{id: dot(2, 1), n: 1, after: dot(1, 8), before: dot(1, 9)},
				{id: dot(2, 2), n: 1, after: dot(2, 1), before: dot(1, 9), deleted: true},
				{id: dot(1, 9), n: 1, after: dot(1, 8), deleted: true},
				{id: dot(1, 11), n: 2, after: dot(1, 10), deleted: true},
			},
			refused: true, // the 11th leans on the 10th
		}, {
			name: "a recent run goes on where a settled one ends",
			runs: []run{{id: dot(1, 9), n: 4}},
			want: []run{{id: dot(1, 9), n: 4}},
		}, {
			name: "before what is gone",
			runs: []run{
				{id: dot(1, 1), n: 3, deleted: true},
				{id: dot(2, 1), n: 1, before: dot(1, 2)},
			},
			want: []run{
				{id: dot(1, 1), n: 1, deleted: true},
				{id: dot(2, 1), n: 1, before: dot(1, 2)},
			},
			refused: true,
		},
	} {
		cuts, gaps := newSpanSet(test.cuts), &gapKeeper{open: true}
		got, ok := compactRuns(test.runs, floor, func(r run, keep func(run)) { gaps.text(r, cuts, keep) })
		if !reflect.DeepEqual(got, test.want) || ok == test.refused {
			t.Errorf("%s: %v\n%+v\nnot\n%+v", test.name, ok, got, test.want)
		}
	}
}

// What a set of spans says of each element is what the spans say.
func TestCompact_SpanSet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	for range 2_000 {
		var spans []Span
		in := map[Dot]bool{{}: true}
		for range r.IntN(5) {
			s := Span{Dot{Replica(1 + r.IntN(2)), 1 + r.Uint64N(20)}, 1 + r.Uint64N(5)}
			spans = append(spans, s)
			for i := range s.Len {
				in[Dot{s.Start.Replica, s.Start.Seq + i}] = true
			}
		}
		set := newSpanSet(spans)
		whole := run{id: Dot{Replica(1 + r.IntN(2)), 1 + r.Uint64N(20)}, n: 1 + r.IntN(20)}
		next := 0
		set.split(whole, func(part run, inside bool) {
			for i := range part.n {
				if d := part.dot(i); d != whole.dot(next) || in[d] != inside || set.holds(d) != inside {
					t.Fatalf("%v: %v is said to be in it: %v", spans, d, inside)
				}
				next++
			}
		})
		if next != whole.n || !set.holds(Dot{}) {
			t.Fatalf("%v: %d elements of %v", spans, next, whole)
		}
	}
}

// What stays known of the removals and edits of a row. Replica 1 is settled up to its
// change 5, replica 2 up to 3.
func TestCompact_Row(t *testing.T) {
	floor := marks{1: {n: 5, seq: 9}, 2: {n: 3, seq: 9}}
	for _, test := range []struct {
		name                 string
		cover, edits         Vector
		wantCover, wantEdits Vector
		gone                 bool
	}{
		{name: "untouched"},
		{name: "edited", edits: Vector{1: 5, 2: 3}},
		{name: "edited just now", edits: Vector{1: 5, 2: 4}, wantEdits: Vector{2: 4}},
		{name: "removed", cover: Vector{1: 5, 2: 3}, edits: Vector{1: 4}, gone: true},
		{name: "removed just now", cover: Vector{1: 5, 2: 4}, edits: Vector{1: 4}, wantCover: Vector{1: 5, 2: 4}},
		{name: "outlived a removal", cover: Vector{1: 3}, edits: Vector{1: 4}},
		{name: "outlives a removal now", cover: Vector{1: 5, 2: 4}, edits: Vector{1: 6, 2: 2},
			wantCover: Vector{1: 5, 2: 4}, wantEdits: Vector{1: 6}},
		{name: "removed by somebody who says not to have seen", cover: Vector{2: 4}, edits: Vector{1: 4},
			wantCover: Vector{2: 4}, wantEdits: Vector{1: 4}},
	} {
		r := &rowState{id: Dot{1, 1}, cover: test.cover, edits: test.edits}
		alive := r.alive()
		if gone := r.settle(floor); gone != test.gone {
			t.Errorf("%s: goes: %v", test.name, gone)
		}
		if !test.gone && (!maps.Equal(r.cover, test.wantCover) || !maps.Equal(r.edits, test.wantEdits) || r.alive() != alive) {
			t.Errorf("%s: cover %v, edits %v", test.name, r.cover, r.edits)
		}
	}
}

// The same for a document.
func TestCompact_Trash(t *testing.T) {
	floor := marks{1: {n: 5}, 2: {n: 3}}
	for _, test := range []struct {
		name                 string
		cover, edits         Vector
		wantCover, wantEdits Vector
	}{
		{name: "never deleted", edits: Vector{1: 2, 3: 1}, wantEdits: Vector{1: 5, 2: 3, 3: 1}},
		{name: "restored", cover: Vector{1: 4, 2: 3}, edits: Vector{1: 5}, wantEdits: Vector{1: 5, 2: 3}},
		{name: "in the trash", cover: Vector{1: 5, 2: 2}, edits: Vector{1: 4}, wantCover: Vector{1: 5, 2: 2}, wantEdits: Vector{1: 5, 2: 2}},
		{name: "deleted just now", cover: Vector{1: 6, 2: 3}, edits: Vector{1: 4, 2: 3}, wantCover: Vector{1: 6, 2: 3}, wantEdits: Vector{1: 5, 2: 3}},
		{name: "restored just now", cover: Vector{1: 5, 2: 3}, edits: Vector{2: 4}, wantEdits: Vector{1: 5, 2: 4}},
		{name: "both just now", cover: Vector{1: 6, 2: 3}, edits: Vector{2: 4}, wantCover: Vector{1: 6, 2: 3}, wantEdits: Vector{1: 5, 2: 4}},
	} {
		d := &Document{cover: test.cover, edits: test.edits}
		deleted := d.Deleted()
		d.settle(floor)
		if !maps.Equal(d.cover, test.wantCover) || !maps.Equal(d.edits, test.wantEdits) || d.Deleted() != deleted {
			t.Errorf("%s: cover %v, edits %v", test.name, d.cover, d.edits)
		}
	}
}
