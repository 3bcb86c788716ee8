package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// tale is a few changes each of which leans on the one before.
func tale(t *testing.T) []*crdt.Change {
	d := devices(t, 2, object{"notes": "abc"})
	d[0].types(1, 0, "x")
	meet(d...)
	d[1].types(2, 0, "y") // leans on the x
	meet(d...)
	d[0].types(3, 0, "z")
	meet(d...)
	return []*crdt.Change{d[0].known[0], find(d[0].known, 0xa0, 2), find(d[0].known, 0xa1, 1), find(d[0].known, 0xa0, 3)}
}

func find(changes []*crdt.Change, r crdt.Replica, n uint64) *crdt.Change {
	for _, c := range changes {
		if c.Replica == r && c.N == n {
			return c
		}
	}
	return nil
}

func TestHeld_ReleasedByTheLastThingItWaitsFor(t *testing.T) {
	c := tale(t)
	d := crdt.NewDocument()
	for i := len(c) - 1; i >= 0; i-- {
		effect, err := d.Apply(c[i])
		if err != nil {
			t.Fatal(err)
		}
		if want := map[bool]crdt.Effect{true: crdt.Applied, false: crdt.Held}[i == 0]; effect != want {
			t.Errorf("change %d: effect %v", i, effect)
		}
		if again, _ := d.Apply(c[i]); i > 0 && again != crdt.Held {
			t.Errorf("held change %d again: effect %v", i, again)
		}
		value, meta := d.Encode()
		if d, err = crdt.Decode(value, meta); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.Text("notes"); got != "axyzbc" {
		t.Errorf("the text is %q", got)
	}
	if effect, _ := d.Apply(c[3]); effect != crdt.Duplicate {
		t.Errorf("once more: effect %v", effect)
	}
	equal(t, d, apply(t, crdt.NewDocument(), c...))
}

func TestMissing_NamesWhatIsNotHere(t *testing.T) {
	c := tale(t)
	d := apply(t, crdt.NewDocument(), c[0])
	if ref, missing := d.Missing(c[1]); missing {
		t.Errorf("%v is missing for the next change", ref)
	}
	if ref, _ := d.Missing(c[2]); ref.Element != (crdt.Dot{Replica: 0xa0, Seq: 4}) || ref.Prev != 0 {
		t.Errorf("%v is missing for the y", ref)
	}
	if ref, _ := d.Missing(c[3]); ref.Prev != 2 || ref.Element != (crdt.Dot{}) {
		t.Errorf("%v is missing for the z", ref)
	}
	if _, missing := d.Missing(c[0]); missing {
		t.Error("something is missing for what is here")
	}
}

// A stretch may begin in what is here and end in what is not.
func TestMissing_EndOfAStretch(t *testing.T) {
	d := devices(t, 3, object{"notes": "abc"})
	typed := d[0].types(3, 0, "def")
	d[1].hears(typed)
	cut := d[1].types(2, 2, "") // takes "cd"
	if n := len(cut.Ops[0].Spans); n != 1 {
		t.Fatalf("the cut has %d stretches", n)
	}
	if ref, missing := d[2].doc.Missing(cut); !missing || ref.Element != (crdt.Dot{Replica: 0xa0, Seq: 4}) {
		t.Errorf("%v is missing", ref)
	}
	meet(d...)
	d[2].shows("abef", "notes")
}

func TestHeld_MergeBringsWhatIsWaitedFor(t *testing.T) {
	c := tale(t)
	late := apply(t, crdt.NewDocument(), c[3], c[2])
	early := apply(t, crdt.NewDocument(), c[0], c[1])
	equal(t, merge(t, late, early), apply(t, crdt.NewDocument(), c...))
}

func TestHeld_Bounds(t *testing.T) {
	d := crdt.NewDocument()
	c := *tale(t)[3]
	var err error
	held := 0
	for ; err == nil && held < 5000; held++ {
		one := c
		one.Replica = crdt.Replica(held + 1)
		_, err = d.Apply(&one)
	}
	if err == nil {
		t.Fatal("any number of changes is held")
	}
	before := crdttest.Bytes(d)
	c.Replica = 0xffff
	if _, err := d.Apply(&c); err == nil || before != crdttest.Bytes(d) {
		t.Errorf("one more than can be held: %v", err)
	}
}

// A held change that waits only for something in a field that a reader may not see
// waits for nothing in what the reader gets, which can be written and read.
func TestHeld_WaitsForNothingWithoutTheField(t *testing.T) {
	d := devices(t, 1, object{"title": "Pump", "notes": "abc"})[0]
	unknown := crdt.Dot{Replica: 0xffff, Seq: 7}
	effect, err := d.doc.Apply(&crdt.Change{Replica: 0xb0, N: 1, Stamp: crdt.NewTime(crdt.MaxMillis, 0), Type: "t", Version: 1, Doc: "d", Ops: []crdt.Op{
		{Kind: crdt.OpSet, Path: []string{"title"}, Value: "New pump", Has: true},
		{Kind: crdt.OpInsert, Path: []string{"notes"}, ID: 1, After: unknown, Text: "x"},
	}})
	if err != nil || effect != crdt.Held {
		t.Fatalf("effect %v, error %v", effect, err)
	}
	value, meta := d.doc.Without("notes").Encode()
	if _, err := crdt.Decode(value, meta); err != nil {
		t.Fatal(err)
	}
	if got := d.doc.Without("notes").Value()["title"]; got != "New pump" {
		t.Errorf("the title is %v", got)
	}
	if got := d.doc.Value()["title"]; got != "Pump" {
		t.Errorf("the title of the whole document is %v", got)
	}
}
