package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

func (d *device) includes(v any) {
	d.t.Helper()
	d.does(func(e *crdt.Editor) error { return e.Include([]string{"tags"}, v) })
}

func (d *device) excludes(v any) {
	d.t.Helper()
	d.does(func(e *crdt.Editor) error { return e.Exclude([]string{"tags"}, v) })
}

func TestSet_AllAdditionsStay(t *testing.T) {
	d := devices(t, 2, object{"tags": array{"pump"}})
	d[0].includes("leak")
	d[1].includes("night")
	d[1].includes("leak")
	meet(d...)
	d[0].shows(array{"leak", "night", "pump"}, "tags")
}

func TestSet_RemovalRemovesWhatItsAuthorSaw(t *testing.T) {
	d := devices(t, 2, object{"tags": array{"leak", "pump"}})
	d[0].excludes("leak")
	d[1].excludes("leak")
	d[1].includes("leak") // again, unseen by the first
	meet(d...)
	d[0].shows(array{"leak", "pump"}, "tags")
	d[0].excludes("leak") // saw it now
	meet(d...)
	d[1].shows(array{"pump"}, "tags")
}

func TestSet_ConcurrentAdditionsGoTogether(t *testing.T) {
	d := devices(t, 2, nil)
	d[0].includes("leak")
	d[1].includes("leak")
	meet(d...)
	d[0].excludes("leak")
	meet(d...)
	d[1].shows(array{}, "tags")
}

func TestSet_ShowsInOneOrder(t *testing.T) {
	want := array{nil, false, true, -1.0, 2.0, 10.0, "", "a", "b", "\U0001d11e", "\uffee"}
	d := devices(t, 1, object{"tags": array{"\uffee", "b", 10.0, "\U0001d11e", true, nil, "a", 2.0, "", false, -1.0}})[0]
	d.shows(want, "tags")
}

func TestSet_RefusesWhatIsNoSet(t *testing.T) {
	d := devices(t, 1, nil)[0]
	for _, v := range []any{"a", array{"a", "a"}, array{array{}}, array{object{}}, nil} {
		if err := d.doc.Edit(d.id, orderPlan()).Put([]string{"tags"}, v); err == nil {
			t.Errorf("%v can be put", v)
		}
	}
}
