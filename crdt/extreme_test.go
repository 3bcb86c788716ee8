package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

func TestExtreme_MeterReadings(t *testing.T) {
	d := devices(t, 2, object{"reading": 100.0, "first": 100.0})
	d[0].puts(130.0, "reading")
	d[1].puts(120.0, "reading") // later, but less
	d[0].puts(90.0, "first")
	d[1].puts(95.0, "first")
	meet(d...)
	d[0].shows(object{"reading": 130.0, "first": 90.0})
}

func TestExtreme_Dates(t *testing.T) {
	d := devices(t, 2, object{"reading": "2024-02-29", "first": "2024-02-29"})
	d[0].puts("2025-01-01", "reading")
	d[1].puts("2024-12-31", "reading")
	d[0].puts("2023-01-01T00:00:00Z", "first")
	d[1].puts("2023-01-01", "first")
	meet(d...)
	d[0].shows(object{"reading": "2025-01-01", "first": "2023-01-01"})
}

func TestExtreme_NumbersAreLessThanTexts(t *testing.T) {
	d := devices(t, 2, nil)
	d[0].puts(1e300, "reading")
	d[1].puts("", "reading")
	d[0].puts(1e300, "first")
	d[1].puts("", "first")
	meet(d...)
	d[0].shows(object{"reading": "", "first": 1e300})
}

func TestExtreme_GoesOneWay(t *testing.T) {
	d := devices(t, 1, object{"reading": 100.0, "first": 100.0})[0]
	for field, value := range map[string]any{"reading": 99.0, "first": 101.0} {
		e := d.doc.Edit(d.id, crdttest.Plan())
		err := e.Put([]string{field}, value)
		if err == nil {
			t.Errorf("%s can be set to %v", field, value)
		}
		if err := e.Remove([]string{field}); err == nil {
			t.Errorf("%s can be removed", field)
		}
		if len(e.Ops()) != 0 {
			t.Errorf("a refused call leaves %v", e.Ops())
		}
	}
}
