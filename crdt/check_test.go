package crdt_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// Everything that makes a change badly made, each with words of the sentence that
// says so.
func TestCheck_Refusals(t *testing.T) {
	d := devices(t, 1, object{
		"title": "Pump", "who": "anna", "hours": 1.0, "reading": 5.0, "notes": "abc", "tags": array{"a"},
		"place": object{"title": "x"}, "parts": parts("a", "b"),
	})[0]
	row := d.row(0, "parts")
	rowID, _ := crdt.ParseDot(row)
	next := d.doc.NextID(d.id)
	own := func(seq uint64) crdt.Dot { return crdt.Dot{Replica: d.id, Seq: seq} }
	deep := any(1.0)
	for range 40 {
		deep = array{deep}
	}
	path := func(path ...string) []string { return path }
	for _, test := range []struct {
		says string
		ops  []crdt.Op
	}{
		{"no operation \"explode\"", []crdt.Op{{Kind: "explode", Path: path("title")}}},
		{"no operation \"ensure\"", []crdt.Op{{Kind: crdt.OpEnsure, Path: path("tags"), Value: true, As: crdt.Register}}},
		{"takes no path", []crdt.Op{{Kind: crdt.OpDelete, Path: path("title")}}},
		{"1 to 16 keys", []crdt.Op{{Kind: crdt.OpSet}}},
		{"1 to 16 keys", []crdt.Op{{Kind: crdt.OpSet, Path: strings.Split(strings.Repeat("a/", 16)+"a", "/")}}},
		{"at most 256 bytes", []crdt.Op{{Kind: crdt.OpSet, Path: path(strings.Repeat("a", 257))}}},
		{"__proto__", []crdt.Op{{Kind: crdt.OpSet, Path: path("place", "__proto__")}}},
		{"looks like a row", []crdt.Op{{Kind: crdt.OpSet, Path: path(row)}}},
		{"is a text, so it cannot be changed as a register", []crdt.Op{{Kind: crdt.OpSet, Path: path("notes")}}},
		{"is a register, so it cannot be changed as a map", []crdt.Op{{Kind: crdt.OpSet, Path: path("title", "x")}}},
		{"is a max, so it cannot be changed as a min", []crdt.Op{{Kind: crdt.OpLower, Path: path("reading"), Value: 1.0}}},
		{"is a list, so it cannot be changed as a map", []crdt.Op{{Kind: crdt.OpSet, Path: path("parts", "x")}}},
		{"is a counter, so it cannot be changed as a set", []crdt.Op{
			{Kind: crdt.OpAdd, Path: path("new"), Value: 1.0}, {Kind: crdt.OpInclude, Path: path("new"), ID: next, Value: 1.0}}},
		{"is a map, so it cannot be changed as a register", []crdt.Op{
			{Kind: crdt.OpSet, Path: path("new", "x")}, {Kind: crdt.OpSet, Path: path("new")}}},
		{"written twice", []crdt.Op{{Kind: crdt.OpSet, Path: path("title")}, {Kind: crdt.OpUnset, Path: path("title")}}},
		{"not plain JSON", []crdt.Op{{Kind: crdt.OpSet, Path: path("title"), Value: 7}}},
		{"at most 2^53-1", []crdt.Op{{Kind: crdt.OpSet, Path: path("title"), Value: array{1e20}}}},
		{"must be finite", []crdt.Op{{Kind: crdt.OpSet, Path: path("title"), Value: array{math.Inf(1)}}}},
		{"nested 32 deep", []crdt.Op{{Kind: crdt.OpSet, Path: path("title"), Value: deep}}},
		{"valid UTF-8", []crdt.Op{{Kind: crdt.OpSet, Path: path("title"), Value: "\xff"}}},
		{"cannot be used", []crdt.Op{{Kind: crdt.OpSet, Path: path("title"), Value: object{"__proto__": 1.0}}}},
		{"six digits", []crdt.Op{{Kind: crdt.OpAdd, Path: path("hours"), Value: 0.1234567}}},
		{"six digits", []crdt.Op{{Kind: crdt.OpAdd, Path: path("hours"), Value: "1"}}},
		{"takes a number or a text", []crdt.Op{{Kind: crdt.OpRaise, Path: path("reading"), Value: true}}},
		{"no lists or objects", []crdt.Op{{Kind: crdt.OpInclude, Path: path("tags"), ID: next, Value: array{}}}},
		{"true or false", []crdt.Op{{Kind: crdt.OpEnsure, Path: path("tags"), Value: 1.0, As: crdt.Set}}},
		{"must be numbered above", []crdt.Op{{Kind: crdt.OpInclude, Path: path("tags"), ID: next - 1, Value: "b"}}},
		{"must be numbered above", []crdt.Op{{Kind: crdt.OpInclude, Path: path("tags"), Value: "b"}}},
		{"must be numbered above", []crdt.Op{{Kind: crdt.OpInsert, Path: path("notes"), ID: crdt.MaxSeq, Text: "ab"}}},
		{"must be numbered above", []crdt.Op{
			{Kind: crdt.OpInsert, Path: path("notes"), ID: next, Text: "ab"},
			{Kind: crdt.OpInclude, Path: path("tags"), ID: next + 1, Value: "b"}}},
		{"not empty", []crdt.Op{{Kind: crdt.OpInsert, Path: path("notes"), ID: next}}},
		{"not empty", []crdt.Op{{Kind: crdt.OpInsert, Path: path("notes"), ID: next, Text: "\xff"}}},
		{"no element", []crdt.Op{{Kind: crdt.OpInsert, Path: path("notes"), ID: next, Text: "x", After: rowID}}},
		{"no element", []crdt.Op{{Kind: crdt.OpInsert, Path: path("notes"), ID: next, Text: "x", After: own(next + 5)}}},
		{"no element", []crdt.Op{
			{Kind: crdt.OpInsert, Path: path("notes"), ID: next, Text: "x"},
			{Kind: crdt.OpInsert, Path: path("place", "notes"), ID: next + 1, Text: "y", After: own(next)}}},
		{"an element and itself", []crdt.Op{{Kind: crdt.OpPlace, Path: path("parts"), ID: next, After: rowID, Before: rowID}}},
		{"no element", []crdt.Op{{Kind: crdt.OpCut, Path: path("notes"), Spans: []crdt.Span{{Start: rowID, Len: 1}}}}},
		{"a length from 1 on", []crdt.Op{{Kind: crdt.OpCut, Path: path("notes"), Spans: []crdt.Span{{Start: rowID}}}}},
		{"has no row", []crdt.Op{{Kind: crdt.OpDrop, Path: path("parts"), Row: own(1)}}},
		{"has no row", []crdt.Op{{Kind: crdt.OpMove, Path: path("parts"), Row: own(next), ID: next}}},
		{"has no row", []crdt.Op{{Kind: crdt.OpSet, Path: path("parts", own(1).String())}}},
		{"has no row", []crdt.Op{{Kind: crdt.OpSet, Path: path("other", row)}}},
		{"has no row", []crdt.Op{
			{Kind: crdt.OpInsert, Path: path("notes"), ID: next, Text: "x"}, {Kind: crdt.OpSet, Path: path("parts", own(next).String())}}},
		{"named by a replica", []crdt.Op{{Kind: crdt.OpDrop, Path: path("parts")}}},
		{"named by a replica", []crdt.Op{{Kind: crdt.OpExclude, Path: path("tags"), Value: "a", Over: []crdt.Dot{{}}}}},
		{"What a removal saw", []crdt.Op{{Kind: crdt.OpDelete, Saw: crdt.Vector{0: 1}}}},
	} {
		c := &crdt.Change{Replica: d.id, N: 9, Prev: d.doc.Seen()[d.id], Stamp: 1, Ops: test.ops}
		before := crdttest.Bytes(d.doc)
		_, err := d.doc.Apply(c)
		var refusal *crdt.OpError
		if !errors.As(err, &refusal) || !strings.Contains(refusal.Message, test.says) {
			t.Errorf("%v: %v, not %q", test.ops, err, test.says)
			continue
		}
		if refusal.Index != len(test.ops)-1 {
			t.Errorf("%v: blames operation %d", test.ops, refusal.Index)
		}
		if before != crdttest.Bytes(d.doc) {
			t.Errorf("%v: refused, and yet something changed", test.ops)
		}
	}
}

func TestCheck_NumbersOfTheChange(t *testing.T) {
	d := crdt.NewDocument()
	for _, c := range []crdt.Change{{N: 1}, {Replica: 1, N: crdt.MaxSeq + 1}, {Replica: 1, N: 5, Prev: 5}, {Replica: 1, N: 5, Prev: 6}} {
		if _, err := d.Apply(&c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}

// What an operation points at may be made by the operations before it.
func TestCheck_OperationsLeanOnThoseBefore(t *testing.T) {
	const r = crdt.Replica(1)
	dot := func(seq uint64) crdt.Dot { return crdt.Dot{Replica: r, Seq: seq} }
	d := crdt.NewDocument()
	_, err := d.Apply(&crdt.Change{Replica: r, N: 1, Stamp: 1, Ops: []crdt.Op{
		{Kind: crdt.OpPlace, Path: []string{"parts"}, ID: 2},
		{Kind: crdt.OpPlace, Path: []string{"parts"}, ID: 5, After: dot(2)},
		{Kind: crdt.OpMove, Path: []string{"parts"}, Row: dot(2), ID: 6, After: dot(5)},
		{Kind: crdt.OpInsert, Path: []string{"parts", dot(5).String(), "notes"}, ID: 7, Text: "abc"},
		{Kind: crdt.OpInsert, Path: []string{"parts", dot(5).String(), "notes"}, ID: 10, Text: "x", After: dot(8), Before: dot(9)},
		{Kind: crdt.OpCut, Path: []string{"parts", dot(5).String(), "notes"}, Spans: []crdt.Span{{Start: dot(7), Len: 2}}},
		{Kind: crdt.OpDrop, Path: []string{"parts"}, Row: dot(2)},
		{Kind: crdt.OpAssign, Path: []string{"who"}, ID: 11, Value: "a", Has: true},
		{Kind: crdt.OpAssign, Path: []string{"who"}, ID: 12, Value: "b", Has: true, Over: []crdt.Dot{dot(11)}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := crdt.Canonical(d.Value()), `{"parts":[{"notes":"xc"}],"who":"b"}`; got != want {
		t.Errorf("the value is %s, not %s", got, want)
	}
}
