package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// part is a row of the list the tests are about.
func part(title string) object { return object{"title": title} }

func parts(titles ...string) array {
	rows := array{}
	for _, title := range titles {
		rows = append(rows, part(title))
	}
	return rows
}

func (d *device) inserts(i int, title string) {
	d.t.Helper()
	d.does(func(e *crdt.Editor) error {
		_, err := e.InsertRow([]string{"parts"}, i, part(title))
		return err
	})
}

func (d *device) moves(from, to int) {
	d.t.Helper()
	d.does(func(e *crdt.Editor) error {
		return e.MoveRow([]string{"parts"}, d.doc.Rows("parts")[from].ID, to)
	})
}

func (d *device) drops(i int) {
	d.t.Helper()
	d.does(func(e *crdt.Editor) error {
		return e.RemoveRow([]string{"parts"}, d.doc.Rows("parts")[i].ID)
	})
}

// renames edits the contents of a row.
func (d *device) renames(i int, title string) {
	d.t.Helper()
	d.puts(title, "parts", d.row(i, "parts"), "title")
}

func TestList_BothAdditionsStay(t *testing.T) {
	d := devices(t, 2, object{"parts": parts("a", "b")})
	d[0].inserts(1, "x")
	d[0].inserts(2, "y")
	d[1].inserts(1, "p")
	d[1].inserts(2, "q")
	meet(d...)
	d[0].shows(parts("a", "x", "y", "p", "q", "b"), "parts") // neither run is torn apart
}

func TestList_FieldsOfARowMerge(t *testing.T) {
	d := devices(t, 2, object{"parts": array{object{"title": "bolt", "hours": 1.0}}})
	row := d[0].row(0, "parts")
	d[0].puts("nut", "parts", row, "title")
	d[1].does(func(e *crdt.Editor) error { return e.Add([]string{"parts", row, "hours"}, 2) })
	meet(d...)
	d[0].shows(array{object{"title": "nut", "hours": 3.0}}, "parts")
}

func TestList_ConcurrentMovesOfOneRow(t *testing.T) {
	d := devices(t, 2, object{"parts": parts("a", "b", "c", "d")})
	d[0].moves(0, 3)
	d[1].moves(0, 1) // the newer
	meet(d...)
	d[0].shows(parts("b", "a", "c", "d"), "parts")
	d[0].moves(1, 0)
	meet(d...)
	d[1].shows(parts("a", "b", "c", "d"), "parts")
}

func TestList_ConcurrentMovesOfTwoRows(t *testing.T) {
	d := devices(t, 2, object{"parts": parts("a", "b", "c", "d")})
	d[0].moves(0, 3)
	d[1].moves(3, 0)
	meet(d...)
	d[0].shows(parts("d", "b", "c", "a"), "parts")
}

func TestList_MoveAgainstRemove(t *testing.T) {
	d := devices(t, 2, object{"parts": parts("a", "b", "c")})
	d[0].drops(0)
	d[1].moves(0, 2) // a move is no edit of the contents
	meet(d...)
	d[0].shows(parts("b", "c"), "parts")
}

func TestList_RemoveAgainstEdit(t *testing.T) {
	d := devices(t, 2, object{"parts": array{object{"title": "bolt", "hours": 1.0}, part("b")}})
	d[0].drops(0)
	d[0].shows(parts("b"), "parts")
	d[1].renames(0, "nut")
	meet(d...)
	d[0].shows(array{object{"title": "nut", "hours": 1.0}, part("b")}, "parts") // whole, not only what was edited
	d[0].drops(0)                                                               // saw the edit now
	meet(d...)
	d[1].shows(parts("b"), "parts")
}

func TestList_RemoveAfterMoveAndEditBringsItBackWhereItWas(t *testing.T) {
	d := devices(t, 3, object{"parts": parts("a", "b", "c")})
	d[0].drops(0)
	d[1].moves(0, 2)
	d[2].renames(0, "A")
	meet(d...)
	d[0].shows(parts("b", "c", "A"), "parts")
}

func TestList_RemovalsOfTwoDoNotAddUpToMoreThanTheySaw(t *testing.T) {
	d := devices(t, 3, object{"parts": parts("a")})
	d[0].renames(0, "from a0")
	d[1].renames(0, "from a1")
	row := d[2].row(0, "parts")
	d[0].drops(0)
	d[1].drops(0)
	meet(d[0], d[1]) // together they saw both edits
	d[0].shows(array{}, "parts")
	d[2].puts("from a2", "parts", row, "title")
	meet(d...)
	d[0].shows(parts("from a2"), "parts")
}

func TestList_PutKeepsIdentity(t *testing.T) {
	d := devices(t, 1, object{"parts": parts("a", "b", "c", "d")})[0]
	before := d.doc.Rows("parts")
	d.puts(parts("d", "a", "B", "new", "c"), "parts")
	d.shows(parts("d", "a", "B", "new", "c"), "parts")
	after := d.doc.Rows("parts")
	for i, was := range map[int]int{0: 3, 1: 0, 2: 1, 4: 2} {
		if after[i].ID != before[was].ID {
			t.Errorf("row %d is not the row %d it was", i, was)
		}
	}
}

func TestList_PutWritesLittle(t *testing.T) {
	d := devices(t, 1, object{"parts": parts("a", "b", "c", "d", "e")})[0]
	for _, test := range []struct {
		parts array
		kinds []crdt.Kind
	}{
		{parts("a", "b", "c", "d", "e"), nil},
		{parts("b", "c", "d", "e", "a"), []crdt.Kind{crdt.OpMove}},
		{parts("a", "b", "c", "e"), []crdt.Kind{crdt.OpDrop}},
		{parts("a", "b", "x", "d", "e"), []crdt.Kind{crdt.OpSet}},
		{parts("a", "b", "x", "c", "d", "e"), []crdt.Kind{crdt.OpPlace, crdt.OpSet}},
	} {
		e := d.doc.Edit(d.id, planOfTests())
		if err := e.Put([]string{"parts"}, test.parts); err != nil {
			t.Fatal(err)
		}
		var kinds []crdt.Kind
		for _, op := range e.Ops() {
			kinds = append(kinds, op.Kind)
		}
		if len(kinds) != len(test.kinds) {
			t.Errorf("%v takes %v, not %v", test.parts, kinds, test.kinds)
			continue
		}
		for i := range kinds {
			if kinds[i] != test.kinds[i] {
				t.Errorf("%v takes %v, not %v", test.parts, kinds, test.kinds)
			}
		}
	}
}

func TestList_RowsThatAreNoObjects(t *testing.T) {
	d := devices(t, 2, object{"readings": array{1.0, object{}, "x", array{}}})
	d[0].puts(2.0, "readings", d[0].row(0, "readings"))
	d[1].puts("y", "readings", d[1].row(2, "readings"))
	meet(d...)
	d[0].shows(array{2.0, object{}, "y", array{}}, "readings")
}

func TestList_RowsOfRows(t *testing.T) {
	d := devices(t, 2, object{"parts": array{object{"steps": array{object{"name": "open"}}}}})
	row := d[0].row(0, "parts")
	d[0].does(func(e *crdt.Editor) error {
		_, err := e.InsertRow([]string{"parts", row, "steps"}, 1, object{"name": "close"})
		return err
	})
	d[1].does(func(e *crdt.Editor) error {
		step := d[1].row(0, "parts", row, "steps")
		return e.Splice([]string{"parts", row, "steps", step, "name"}, 4, 0, " wide")
	})
	meet(d...)
	d[0].shows(array{object{"steps": array{object{"name": "open wide"}, object{"name": "close"}}}}, "parts")
}

// A maximum in a row cannot go down, so a row that would need that is another row.
func TestList_PutReplacesRowsItCannotChange(t *testing.T) {
	d := devices(t, 1, object{"parts": array{object{"reading": 9.0}}})[0]
	was := d.row(0, "parts")
	d.puts(array{object{"reading": 5.0}}, "parts")
	d.shows(array{object{"reading": 5.0}}, "parts")
	if d.row(0, "parts") == was {
		t.Error("the maximum of a row went down")
	}
}

// A clock that stands still gives two moves one stamp: the later counts, and a merge
// with somebody who saw only the first does not bring that one back.
func TestList_MovesOfOneStamp(t *testing.T) {
	d := devices(t, 2, object{"parts": parts("a", "b", "c")})
	d[0].moves(0, 2)
	d[1].hears(d[0].known...)
	e := d[0].doc.Edit(d[0].id, planOfTests())
	if err := e.MoveRow([]string{"parts"}, d[0].doc.Rows("parts")[2].ID, 1); err != nil {
		t.Fatal(err)
	}
	d[0].hears(&crdt.Change{Replica: d[0].id, N: 9, Prev: 2, Stamp: d[0].clock.Last, Ops: e.Ops()})
	d[0].shows(parts("b", "a", "c"), "parts")
	equal(t, merge(t, d[0].doc, d[1].doc), d[0].doc)
	equal(t, merge(t, d[1].doc, d[0].doc), d[0].doc)
}
