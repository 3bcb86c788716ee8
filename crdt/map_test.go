package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

func TestMap_TwoFillAnEmptyAddress(t *testing.T) {
	d := devices(t, 2, nil)
	d[0].puts(object{"title": "Harbour street"}, "place")
	d[1].puts("anna", "place", "who")
	meet(d...)
	d[0].shows(object{"title": "Harbour street", "who": "anna"}, "place")
}

func TestMap_KeysMergeOneByOne(t *testing.T) {
	d := devices(t, 2, object{"extra": object{"a": 1.0, "b": 2.0}})
	d[0].puts(object{"a": 1.0, "c": 3.0}, "extra") // b goes
	d[1].puts(5.0, "extra", "a")
	meet(d...)
	d[0].shows(object{"a": 5.0, "c": 3.0}, "extra")
}

func TestMap_RemovalSparesWhatItDidNotSee(t *testing.T) {
	d := devices(t, 2, object{"place": object{"title": "Harbour", "tags": array{"sea"}}})
	d[0].removes("place")
	d[0].shows(object{})
	d[1].does(func(e *crdt.Editor) error { return e.Include([]string{"place", "tags"}, "wind") })
	meet(d...)
	d[0].shows(object{"tags": array{"wind"}}, "place")
}

// An empty field shows or not, and the newer word counts.
func TestMap_EmptyFieldsShowWhenPutAndHideWhenRemoved(t *testing.T) {
	empty := object{"place": object{}, "parts": array{}, "tags": array{}, "notes": "", "hours": 0.0}
	d := devices(t, 2, empty)
	d[0].shows(empty)
	for field := range empty {
		d[0].removes(field)
	}
	d[0].shows(object{})
	for field, value := range empty {
		d[1].puts(value, field) // nothing changes for it
	}
	meet(d...)
	d[1].shows(object{})
	for field, value := range empty {
		d[1].puts(value, field)
	}
	meet(d...)
	d[0].shows(empty)
}

func TestMap_RefusesKeysThatCouldBeMistaken(t *testing.T) {
	d := devices(t, 1, nil)[0]
	for _, key := range []string{"__proto__", "00000000000000a0.7", string(make([]byte, 300)), "\xff"} {
		e := d.doc.Edit(d.id, planOfTests())
		if err := e.Put([]string{"place", key}, 1.0); err == nil {
			t.Errorf("a field can be called %q", key)
		}
		if err := e.PutAll(object{"place": object{key: 1.0}}); err == nil {
			t.Errorf("a field can be called %q", key)
		}
	}
}

// Whether a field shows is a register of its own, never taken for another field.
func TestMap_ShowingIsNoFieldOfAnotherName(t *testing.T) {
	for _, mark := range []string{"?", "!", "\x00"} {
		d := devices(t, 1, object{"tags": array{}, mark + "tags": 1.0})[0]
		d.shows(object{"tags": array{}, mark + "tags": 1.0})
	}
}
