package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

func TestRegister_DifferentFieldsBothLive(t *testing.T) {
	d := devices(t, 2, object{"title": "Pump", "number": "WO-1"})
	d[0].puts("Pump 7", "title")
	d[1].puts("WO-2", "number")
	meet(d...)
	d[0].shows(object{"title": "Pump 7", "number": "WO-2"})
}

func TestRegister_NewerStampWinsWhateverComesFirst(t *testing.T) {
	for _, newerFirst := range []bool{false, true} {
		d := devices(t, 3, object{"title": "Pump"})
		older := d[0].puts("older", "title")
		newer := d[1].puts("newer", "title")
		if newerFirst {
			older, newer = newer, older
		}
		d[2].hears(older, newer)
		d[2].shows("newer", "title")
	}
}

func TestRegister_SameTimeIsDecidedByReplica(t *testing.T) {
	d := devices(t, 3, object{"title": "Pump"})
	a := d[0].puts("from a0", "title")
	b := *d[1].puts("from a1", "title")
	b.Stamp = a.Stamp
	for _, order := range [][]*crdt.Change{{a, &b}, {&b, a}} {
		equal(t, apply(t, d[2].doc, order...), apply(t, d[2].doc, a, &b))
		if got := apply(t, d[2].doc, order...).Value()["title"]; got != "from a1" {
			t.Errorf("%v wins", got)
		}
	}
}

func TestRegister_RemovalIsAValueToo(t *testing.T) {
	d := devices(t, 2, object{"title": "Pump"})
	d[0].puts("Pump 7", "title")
	d[1].removes("title") // later
	meet(d...)
	d[0].shows(object{})
	d[0].puts(nil, "title") // null is not absent
	meet(d...)
	d[1].shows(object{"title": nil})
}

func TestRegister_ValueIsOne(t *testing.T) {
	d := devices(t, 2, object{"title": object{"lat": 60.1, "lon": 24.9}})
	d[0].puts(object{"lat": 61.0, "lon": 25.0}, "title")
	d[1].puts(object{"lat": 62.0, "lon": 26.0}, "title")
	meet(d...)
	d[0].shows(object{"lat": 62.0, "lon": 26.0}, "title")
}

func TestRegister_EditorWritesOnce(t *testing.T) {
	d := devices(t, 1, object{"title": "Pump"})[0]
	c := d.does(func(e *crdt.Editor) error {
		e.Put([]string{"title"}, "a")
		e.Put([]string{"number"}, "b")
		return e.Put([]string{"title"}, "c")
	})
	if len(c.Ops) != 2 {
		t.Errorf("two fields take %d operations", len(c.Ops))
	}
	d.shows("c", "title")
	c = d.does(func(e *crdt.Editor) error {
		e.Put([]string{"title"}, "x")
		return e.Put([]string{"title"}, "c")
	})
	if len(c.Ops) != 0 {
		t.Errorf("going back and forth takes %v", c.Ops)
	}
}
