package crdt_test

import (
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

func made(b testing.TB, value object) *crdt.Document {
	d := crdt.NewDocument()
	ops, err := d.Diff(anna, value, orderPlan())
	if err == nil {
		_, err = d.Apply(&crdt.Change{Replica: anna, N: 1, Stamp: 1, Ops: ops})
	}
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func BenchmarkDecode(b *testing.B) {
	value, meta := made(b, order()).Encode()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := crdt.Decode(value, meta); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	d := made(b, order())
	b.ReportAllocs()
	for b.Loop() {
		d.Encode()
	}
}

// What a server does with one change: read, apply, write.
func BenchmarkAccept(b *testing.B) {
	d := made(b, order())
	value, meta := d.Encode()
	e := d.Edit(boris, orderPlan())
	if err := e.Put([]string{"status"}, "done"); err != nil {
		b.Fatal(err)
	}
	c := &crdt.Change{Replica: boris, N: 1, Stamp: 2, Ops: e.Ops()}
	b.ReportAllocs()
	for b.Loop() {
		d, err := crdt.Decode(value, meta)
		if err == nil {
			_, err = d.Apply(c)
		}
		if err != nil {
			b.Fatal(err)
		}
		d.Encode()
	}
}

// A change of one field to a document that is in memory already.
func BenchmarkApply(b *testing.B) {
	d := made(b, order())
	statuses := []any{"open", "under way", "done"}
	c := crdt.Change{Replica: boris, Ops: []crdt.Op{{Kind: crdt.OpSet, Path: []string{"status"}, Has: true}}}
	b.ReportAllocs()
	for b.Loop() {
		c.Prev, c.N, c.Stamp = c.N, c.N+1, c.Stamp+1
		c.Ops[0].Value = statuses[c.N%3]
		if _, err := d.Apply(&c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDiff(b *testing.B) {
	d := made(b, order())
	changed := order()
	changed["status"] = "done"
	for b.Loop() {
		if _, err := d.Diff(boris, changed, orderPlan()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDiffManyRows(b *testing.B) {
	rows := func(unit string) object {
		var rows array
		for i := range 500 {
			rows = append(rows, object{"name": fmt.Sprint("part ", i), "qty": float64(i), "unit": unit})
		}
		return object{"parts": rows}
	}
	d := made(b, rows("pcs"))
	changed := rows("m") // every row
	for b.Loop() {
		if _, err := d.Diff(boris, changed, orderPlan()); err != nil {
			b.Fatal(err)
		}
	}
}

// Typing a text of ten thousand characters, a change for each.
func BenchmarkTyping(b *testing.B) {
	for b.Loop() {
		d := crdt.NewDocument()
		last := crdt.Dot{}
		for i := range uint64(10_000) {
			c := &crdt.Change{Replica: anna, N: i + 1, Prev: i, Stamp: crdt.Time(i + 1), Ops: []crdt.Op{
				{Kind: crdt.OpInsert, Path: []string{"notes"}, ID: i + 1, After: last, Text: "x"},
			}}
			if _, err := d.Apply(c); err != nil {
				b.Fatal(err)
			}
			last = crdt.Dot{Replica: anna, Seq: i + 1}
		}
	}
}

// Two documents of ten thousand rows, of which each side has edited one.
func BenchmarkMerge(b *testing.B) {
	for _, n := range []int{5_000, 10_000} {
		b.Run(fmt.Sprint(n, " rows"), func(b *testing.B) {
			rows := make(array, n)
			for i := range rows {
				rows[i] = object{"name": fmt.Sprint("part ", i)}
			}
			ours := made(b, object{"parts": rows})
			theirs := ours.Clone()
			for r, d := range map[crdt.Replica]*crdt.Document{boris: ours, carla: theirs} {
				row := d.Rows("parts")[int(r%1000)].ID.String()
				c := &crdt.Change{Replica: r, N: 1, Stamp: 2, Ops: []crdt.Op{
					{Kind: crdt.OpSet, Path: []string{"parts", row, "name"}, Value: "new", Has: true},
				}}
				if _, err := d.Apply(c); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := crdt.Merge(ours, theirs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
