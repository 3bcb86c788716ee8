package crdt

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChange_Rename(t *testing.T) {
	const old, to, third = 0xaa, 0xbb, 0xcc
	own := func(d Dot) bool { return d.Seq >= 10 }
	row := Dot{old, 10}
	c := &Change{Replica: old, N: 4, Prev: 3, Stamp: 9, Type: "a", Version: 1, Doc: "d", Ops: []Op{
		{Kind: OpInsert, Path: []string{"list", row.String(), "note"}, ID: 12, After: Dot{old, 11}, Before: Dot{old, 9}, Text: "hi"},
		{Kind: OpMove, Path: []string{"list", Dot{old, 9}.String()}, ID: 14, Row: row, After: Dot{third, 11}},
		{Kind: OpAssign, Path: []string{"c"}, ID: 15, Over: []Dot{{old, 9}, {old, 10}, {third, 10}}},
		{Kind: OpCut, Path: []string{"t"}, Spans: []Span{{Dot{old, 7}, 5}, {Dot{third, 9}, 3}, {Dot{old, 11}, 2}}},
		{Kind: OpDelete, Saw: Vector{old: 3}},
	}}
	want := &Change{Replica: to, N: 4, Prev: 3, Stamp: 9, Type: "a", Version: 1, Doc: "d", Ops: []Op{
		{Kind: OpInsert, Path: []string{"list", Dot{to, 10}.String(), "note"}, ID: 12, After: Dot{to, 11}, Before: Dot{old, 9}, Text: "hi"},
		{Kind: OpMove, Path: []string{"list", Dot{old, 9}.String()}, ID: 14, Row: Dot{to, 10}, After: Dot{third, 11}},
		{Kind: OpAssign, Path: []string{"c"}, ID: 15, Over: []Dot{{old, 9}, {to, 10}, {third, 10}}},
		{Kind: OpCut, Path: []string{"t"}, Spans: []Span{{Dot{old, 7}, 3}, {Dot{to, 10}, 2}, {Dot{third, 9}, 3}, {Dot{to, 11}, 2}}},
		{Kind: OpDelete, Saw: Vector{old: 3}},
	}}
	before := AppendChange(nil, c)
	got := c.Rename(to, own)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("renamed otherwise (-want +got):\n%s", diff)
	}
	if after := AppendChange(nil, c); string(before) != string(after) {
		t.Errorf("renaming changed the change it was made from:\n%s\n%s", before, after)
	}
}

// TestChange_RenameNothing: where nothing is the change's own, only its author differs.
func TestChange_RenameNothing(t *testing.T) {
	for _, kind := range allKinds {
		c := &Change{Replica: 0xaa, N: 7, Type: "a", Version: 1, Doc: "d", Ops: []Op{kind.op}}
		want := *c
		want.Replica = 0xdd
		got := c.Rename(0xdd, func(Dot) bool { return false })
		if string(AppendChange(nil, got)) != string(AppendChange(nil, &want)) {
			t.Errorf("%s became %s", kind.text, AppendChange(nil, got))
		}
	}
}
