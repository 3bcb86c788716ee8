package crdt_test

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

func (d *device) adds(amount float64, path ...string) *crdt.Change {
	d.t.Helper()
	return d.does(func(e *crdt.Editor) error { return e.Add(path, amount) })
}

func TestCounter_AmountsAddUp(t *testing.T) {
	d := devices(t, 3, object{"hours": 4.0})
	d[0].adds(1, "hours")
	d[1].adds(2.5, "hours")
	d[2].adds(-3, "hours")
	meet(d...)
	d[0].shows(4.5, "hours")
}

// 0.1 + 0.2 + 0.7 is 0.9999999999999999 or 1 in doubles, as the order will have it.
func TestCounter_IsExactInAnyOrder(t *testing.T) {
	d := devices(t, 3, nil)
	a, b, c := d[0].adds(0.1, "hours"), d[1].adds(0.2, "hours"), d[2].adds(0.7, "hours")
	for _, order := range [][]*crdt.Change{{a, b, c}, {c, b, a}, {b, c, a}} {
		all := devices(t, 1, nil)[0]
		if got := apply(t, all.doc, order...).Value()["hours"]; got != 1.0 {
			t.Errorf("the sum is %v", got)
		}
	}
	meet(d...)
	d[0].shows(1.0, "hours")
}

// A total is the double nearest to the exact sum, also where doubles no longer hold
// all millionths.
func TestCounter_RoundsOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	d := devices(t, 3, nil)
	exact := new(big.Rat)
	for range 3000 {
		amount := float64(r.Int64N(2e15)-3e14) / 1e6
		if r.IntN(2) == 0 {
			amount = float64(r.Int64N(2000)) / 1e6
		}
		if amount > 1e9 {
			continue
		}
		d[r.IntN(3)].adds(amount, "hours")
		term, _ := new(big.Rat).SetString(strconv.FormatFloat(amount, 'f', -1, 64))
		exact.Add(exact, term)
	}
	for _, one := range d[1:] {
		d[0].hears(one.known...)
	}
	want, _ := exact.Float64()
	d[0].shows(want, "hours")
}

func TestCounter_PutAddsTheDifference(t *testing.T) {
	d := devices(t, 2, object{"hours": 0.3})
	d[0].puts(1.0, "hours") // + 0.7
	d[1].puts(0.5, "hours") // + 0.2
	meet(d...)
	d[0].shows(1.2, "hours")
}

func TestCounter_ShowsZeroUnlessRemoved(t *testing.T) {
	d := devices(t, 2, object{"hours": 2.0})
	d[0].adds(-2, "hours")
	d[0].shows(0.0, "hours")
	d[0].removes("hours")
	d[0].shows(object{})
	d[1].adds(1, "hours") // did not see any of it
	meet(d...)
	d[0].shows(1.0, "hours")
}

func TestCounter_RefusesWhatItCannotCountExactly(t *testing.T) {
	d := devices(t, 1, nil)[0]
	for _, amount := range []float64{0.1234567, 1e9 + 1, -1e10, 1e-7, 1e300} {
		if err := d.doc.Edit(d.id, nil).Add([]string{"hours"}, amount); err == nil {
			t.Errorf("%v can be added", amount)
		}
	}
	for range 1000 {
		d.adds(1e9, "hours")
	}
	if err := d.doc.Edit(d.id, nil).Add([]string{"hours"}, 0.000001); err == nil {
		t.Error("one device can add more than a million millions")
	}
}
