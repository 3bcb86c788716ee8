package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

func (d *device) deletes() *crdt.Change {
	d.t.Helper()
	return d.does(func(e *crdt.Editor) error { e.Delete(); return nil })
}

func (d *device) restores() *crdt.Change {
	d.t.Helper()
	return d.does(func(e *crdt.Editor) error { e.Restore(); return nil })
}

func (d *device) deleted(want bool) {
	d.t.Helper()
	if d.doc.Deleted() != want {
		d.t.Fatalf("deleted is %v", !want)
	}
}

func TestTrash_DeleteAndRestore(t *testing.T) {
	d := devices(t, 2, object{"title": "Pump"})
	d[0].deletes()
	meet(d...)
	d[1].deleted(true)
	d[1].shows("Pump", "title") // the value waits in the trash
	d[1].restores()
	meet(d...)
	d[0].deleted(false)
}

func TestTrash_EditBeatsDelete(t *testing.T) {
	d := devices(t, 2, object{"title": "Pump"})
	d[0].deletes()
	d[1].puts("Pump 7", "title")
	meet(d...)
	d[0].deleted(false)
	d[0].deletes() // saw the edit now
	meet(d...)
	d[1].deleted(true)
}

func TestTrash_EditOfADeletedDocumentRestoresIt(t *testing.T) {
	d := devices(t, 1, object{"title": "Pump"})[0]
	d.deletes()
	d.puts("Pump 7", "title")
	d.deleted(false)
}

func TestTrash_TwoDeletionsEachSeeTheirOwnEdit(t *testing.T) {
	d := devices(t, 2, object{"title": "Pump"})
	d[0].puts("a", "title")
	d[0].deletes()
	d[1].puts("b", "title")
	d[1].deletes()
	meet(d...)
	d[0].deleted(true) // every edit was seen by one of them
}

func TestTrash_DeletionOfADeletedDocumentIsNoEdit(t *testing.T) {
	d := devices(t, 2, object{"title": "Pump"})
	d[0].deletes()
	d[1].deletes()
	d[1].deletes()
	meet(d...)
	d[0].deleted(true)
	if c := d[0].deletes(); len(c.Ops) != 0 {
		t.Errorf("deleting again takes %v", c.Ops)
	}
}

func TestTrash_DeletionCoversItsOwnChange(t *testing.T) {
	d := devices(t, 1, object{"title": "Pump"})[0]
	d.does(func(e *crdt.Editor) error {
		e.Delete()
		return e.Put([]string{"title"}, "last words")
	})
	d.deleted(true)
	d.does(func(e *crdt.Editor) error { e.Delete(); e.Restore(); return nil })
	d.deleted(false)
}
