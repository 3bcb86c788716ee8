package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// values are those of the only disagreement.
func (d *device) disagreement(path string) []any {
	d.t.Helper()
	found := d.doc.Disagreements()
	if len(found) == 0 {
		return nil
	}
	if len(found) != 1 || found[0].Path[len(found[0].Path)-1] != path {
		d.t.Fatalf("disagreements: %v", found)
	}
	var values []any
	for _, c := range found[0].Values {
		if c.Absent {
			values = append(values, "(absent)")
			continue
		}
		values = append(values, c.Value)
	}
	return values
}

func (d *device) disagrees(want ...any) {
	d.t.Helper()
	if got := d.disagreement("who"); crdt.Canonical(got) != crdt.Canonical(want) {
		d.t.Fatalf("disagreement is %v, not %v", got, want)
	}
}

func TestConflict_BothStayUntilSomeonePicks(t *testing.T) {
	d := devices(t, 2, object{"who": "nobody"})
	d[0].puts("anna", "who")
	d[1].puts("boris", "who")
	meet(d...)
	d[0].shows("boris", "who") // the newer shows
	d[0].disagrees("boris", "anna")
	d[0].does(func(e *crdt.Editor) error { return e.Pick([]string{"who"}, "anna") })
	meet(d...)
	d[1].shows("anna", "who")
	d[1].disagrees()
}

func TestConflict_PickReplacesOnlyWhatItsAuthorSaw(t *testing.T) {
	d := devices(t, 3, object{"who": "nobody"})
	d[0].puts("anna", "who")
	d[1].puts("boris", "who")
	meet(d[0], d[1])
	d[0].does(func(e *crdt.Editor) error { return e.Pick([]string{"who"}, "anna") })
	d[2].puts("carla", "who") // saw neither
	meet(d...)
	d[2].disagrees("carla", "anna")
}

func TestConflict_PicksMeet(t *testing.T) {
	d := devices(t, 2, object{"who": "nobody"})
	d[0].puts("anna", "who")
	d[1].puts("boris", "who")
	meet(d...)
	d[0].does(func(e *crdt.Editor) error { return e.Pick([]string{"who"}, "anna") })
	d[1].does(func(e *crdt.Editor) error { return e.Pick([]string{"who"}, "carla") })
	meet(d...)
	d[0].disagrees("carla", "anna")
}

func TestConflict_RemovalIsOneOfTheValues(t *testing.T) {
	d := devices(t, 2, object{"who": "nobody"})
	d[0].puts("anna", "who")
	d[1].removes("who")
	meet(d...)
	d[0].shows(object{})
	d[0].disagrees("(absent)", "anna")
}

func TestConflict_SecondThoughtsInOneChangeAreOneValue(t *testing.T) {
	d := devices(t, 1, object{"who": "nobody"})[0]
	c := d.does(func(e *crdt.Editor) error {
		e.Put([]string{"who"}, "anna")
		e.Include([]string{"tags"}, "a")
		return e.Put([]string{"who"}, "boris")
	})
	if len(c.Ops) != 2 {
		t.Errorf("two fields take %d operations", len(c.Ops))
	}
	d.shows("boris", "who")
	d.disagrees()
}
