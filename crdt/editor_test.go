package crdt_test

import (
	"errors"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

func TestEditor_CreatesWhatDoesNotExist(t *testing.T) {
	ops := crdt.NewDocument().Edit(1, planOfTests()).Ops()
	if len(ops) != 1 || ops[0].Kind != crdt.OpCreate {
		t.Errorf("a new document begins with %v", ops)
	}
}

// A call that is refused adds nothing, however far it had come.
func TestEditor_RefusedCallsAddNothing(t *testing.T) {
	d := devices(t, 1, object{"title": "Pump", "reading": 5.0, "tags": array{"a"}, "parts": parts("a")})[0]
	calls := map[string]func(e *crdt.Editor) error{
		"a lower maximum": func(e *crdt.Editor) error {
			return e.PutAll(object{"title": "new", "reading": 4.0})
		},
		"no list": func(e *crdt.Editor) error { return e.Put([]string{"parts"}, "x") },
		"a bad row": func(e *crdt.Editor) error {
			_, err := e.InsertRow([]string{"parts"}, 0, object{"title": "x", "tags": "no set"})
			return err
		},
		"a row too far": func(e *crdt.Editor) error {
			_, err := e.InsertRow([]string{"parts"}, 2, object{})
			return err
		},
		"a row that is not there": func(e *crdt.Editor) error { return e.RemoveRow([]string{"parts"}, crdt.Dot{Replica: 1, Seq: 1}) },
		"in a row that is not there": func(e *crdt.Editor) error {
			return e.Put([]string{"parts", "0000000000000001.1", "title"}, "x")
		},
		"in a row of a list that is not there": func(e *crdt.Editor) error {
			return e.Put([]string{"readings", "0000000000000001.1"}, "x")
		},
		"a move too far":    func(e *crdt.Editor) error { return e.MoveRow([]string{"parts"}, d.doc.Rows("parts")[0].ID, 1) },
		"no plain value":    func(e *crdt.Editor) error { return e.Put([]string{"title"}, 7) },
		"not a counter":     func(e *crdt.Editor) error { return e.Add([]string{"title"}, 1) },
		"not a text":        func(e *crdt.Editor) error { return e.Splice([]string{"title"}, 0, 0, "x") },
		"not a conflict":    func(e *crdt.Editor) error { return e.Pick([]string{"title"}, "x") },
		"no record":         func(e *crdt.Editor) error { return e.Put(nil, "x") },
		"the whole record":  func(e *crdt.Editor) error { return e.Remove(nil) },
		"below a register":  func(e *crdt.Editor) error { return e.Put([]string{"title", "x"}, 1.0) },
		"no row of a list":  func(e *crdt.Editor) error { return e.Put([]string{"parts", "first"}, 1.0) },
		"excluding from it": func(e *crdt.Editor) error { return e.Exclude([]string{"title"}, "a") },
	}
	for name, call := range calls {
		e := d.doc.Edit(d.id, planOfTests())
		if err := e.Include([]string{"tags"}, "b"); err != nil {
			t.Fatal(err)
		}
		before, value := len(e.Ops()), crdt.Canonical(e.Value())
		var refusal *crdt.OpError
		if err := call(e); !errors.As(err, &refusal) {
			t.Errorf("%s: %v", name, err)
		}
		if len(e.Ops()) != before || crdt.Canonical(e.Value()) != value {
			t.Errorf("%s: refused, and yet something was added", name)
		}
	}
}

func TestEditor_LeavesItsDocumentAlone(t *testing.T) {
	d := devices(t, 1, object{"notes": "abc", "parts": parts("a", "b"), "tags": array{"a"}})[0]
	before := crdttest.Bytes(d.doc)
	e := d.doc.Edit(d.id, planOfTests())
	if err := e.PutAll(object{"notes": "xbz", "parts": parts("b", "A"), "tags": array{"b"}, "title": "new"}); err != nil {
		t.Fatal(err)
	}
	if before != crdttest.Bytes(d.doc) {
		t.Error("editing changed the document")
	}
}

func TestEditor_WithoutAPlanEverythingStaysWhatItWas(t *testing.T) {
	d := devices(t, 1, object{"notes": "abc", "tags": array{"a"}, "place": object{"hours": 1.0}, "parts": array{object{"reading": 1.0}}})[0]
	e := d.doc.Edit(d.id, nil)
	if err := e.PutAll(object{
		"notes": "abcd", "tags": array{"a", "b"}, "place": object{"hours": 3.0}, "new": array{1.0}, "parts": array{object{"reading": 2.0}},
	}); err != nil {
		t.Fatal(err)
	}
	kinds := map[crdt.Kind]int{}
	for _, op := range e.Ops() {
		kinds[op.Kind]++
	}
	for _, kind := range []crdt.Kind{crdt.OpInsert, crdt.OpInclude, crdt.OpAdd, crdt.OpSet, crdt.OpRaise} {
		if kinds[kind] != 1 {
			t.Errorf("%d operations %q", kinds[kind], kind)
		}
	}
}
