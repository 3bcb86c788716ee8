package crdt_test

import (
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// device is one replica in a test that tells a story: it edits, and it hears what
// the others did when the story says so.
type device struct {
	t     *testing.T
	id    crdt.Replica
	doc   *crdt.Document
	known []*crdt.Change // made or heard
	n     uint64
	clock *crdt.Clock // shared: what the story tells later is stamped later
}

// devices gives devices that have all seen the same document, in which one of them
// put the value; nil: an empty one.
func devices(t *testing.T, n int, value map[string]any) []*device {
	t.Helper()
	all := make([]*device, n)
	clock := &crdt.Clock{}
	for i := range all {
		all[i] = &device{t: t, id: crdt.Replica(0xa0 + i), doc: crdt.NewDocument(), clock: clock}
	}
	all[0].does(func(e *crdt.Editor) error { return e.PutAll(value) })
	meet(all...)
	return all
}

// does makes a change and gives it back.
func (d *device) does(edit func(e *crdt.Editor) error) *crdt.Change {
	d.t.Helper()
	e := d.doc.Edit(d.id, crdttest.Plan())
	if err := edit(e); err != nil {
		d.t.Fatal(err)
	}
	d.n++
	c := &crdt.Change{
		Replica: d.id, N: d.n, Prev: d.doc.Seen()[d.id], Stamp: d.clock.Next(1_764_000_000_000),
		Type: "work-order", Version: 1, Doc: "0198c0de-0000-7000-8000-000000000001", Ops: e.Ops(),
	}
	d.hears(c)
	return c
}

// puts makes a change that puts one field.
func (d *device) puts(value any, path ...string) *crdt.Change {
	d.t.Helper()
	return d.does(func(e *crdt.Editor) error { return e.Put(path, value) })
}

// removes makes a change that removes one field or row.
func (d *device) removes(path ...string) *crdt.Change {
	d.t.Helper()
	return d.does(func(e *crdt.Editor) error { return e.Remove(path) })
}

// hears takes in changes.
func (d *device) hears(changes ...*crdt.Change) {
	d.t.Helper()
	for _, c := range changes {
		if _, err := d.doc.Apply(c); err != nil {
			d.t.Fatalf("%s: %v", crdt.AppendChange(nil, c), err)
		}
		d.known = append(d.known, c)
	}
}

// shows fails unless the field has this value; nil: it is absent.
func (d *device) shows(want any, path ...string) {
	d.t.Helper()
	var got any = d.doc.Value()
	for _, segment := range path {
		object, _ := got.(map[string]any)
		got = object[segment]
	}
	if crdt.Canonical(got) != crdt.Canonical(want) {
		d.t.Fatalf("%v shows %s, not %s", path, crdt.Canonical(got), crdt.Canonical(want))
	}
}

// row is the id of a row as a path names it.
func (d *device) row(i int, path ...string) string {
	return d.doc.Rows(path...)[i].ID.String()
}

// meet lets all devices hear all they do not know, and checks that their documents
// are then equal and what the model says.
func meet(all ...*device) {
	t := all[0].t
	t.Helper()
	var changes []*crdt.Change
	for _, d := range all {
		changes = append(changes, d.known...)
	}
	for _, d := range all {
		d.hears(changes...)
		if crdttest.Bytes(d.doc) != crdttest.Bytes(all[0].doc) {
			t.Fatalf("devices differ:\n%q\n%q", crdttest.Bytes(d.doc), crdttest.Bytes(all[0].doc))
		}
		d.known = slices.Clone(changes)
	}
	if err := crdttest.Compare(all[0].doc, crdttest.Model(changes)); err != nil {
		t.Fatal(err)
	}
}

type object = map[string]any

type array = []any

func planOfTests() *crdt.Plan { return crdttest.Plan() }
