package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// insertion is the change that a synced keystroke is: one character behind another.
func insertion() *crdt.Change {
	return &crdt.Change{
		Replica: boris, N: 42, Prev: 41, Stamp: crdt.NewTime(1_764_000_000_000, 0),
		Type: "work-order", Version: 2, Doc: "01938a3c-51d2-77e0-8b01-1b448f0a93c5",
		Ops: []crdt.Op{{
			Kind: crdt.OpInsert, Path: []string{"notes"}, ID: 118, Text: "x",
			After: crdt.Dot{Replica: boris, Seq: 117}, Before: crdt.Dot{Replica: anna, Seq: 31},
		}},
	}
}

// creation is the change that a filled-in form is: a record of twelve fields.
func creation(tb testing.TB) *crdt.Change {
	ops, err := crdt.NewDocument().Diff(anna, order(), orderPlan())
	if err != nil {
		tb.Fatal(err)
	}
	c := insertion()
	c.Replica, c.N, c.Prev, c.Ops = anna, 1, 0, ops
	return c
}

func BenchmarkParseChange(b *testing.B) {
	parse := func(b *testing.B, c *crdt.Change) {
		text := crdt.AppendChange(nil, c)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := crdt.ParseChange(text, crdt.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("insertion", func(b *testing.B) { parse(b, insertion()) })
	b.Run("creation", func(b *testing.B) { parse(b, creation(b)) })
}

func BenchmarkAppendChange(b *testing.B) {
	appendTo := func(b *testing.B, c *crdt.Change) {
		var text []byte
		b.ReportAllocs()
		for b.Loop() {
			text = crdt.AppendChange(text[:0], c)
		}
	}
	b.Run("insertion", func(b *testing.B) { appendTo(b, insertion()) })
	b.Run("creation", func(b *testing.B) { appendTo(b, creation(b)) })
}
