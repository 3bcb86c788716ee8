package crdttest

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Edits is what a person can do to a document: what a [crdt.Editor] takes, or who
// writes down what it was told.
type Edits interface {
	Add(path []string, amount float64) error
	Delete()
	Exclude(path []string, value any) error
	Include(path []string, value any) error
	InsertRow(path []string, index int, value any) (crdt.Dot, error)
	MoveRow(path []string, row crdt.Dot, index int) error
	Pick(path []string, value any) error
	Put(path []string, value any) error
	PutAll(value map[string]any) error
	Remove(path []string) error
	RemoveRow(path []string, row crdt.Dot) error
	Restore()
	Splice(path []string, at, n int, text string) error
}

// RandomEdits makes one to three random calls to the editor: anything a person could
// do to any field that d has or the plan allows. Calls that are refused count too;
// the editor must then be as it was.
func RandomEdits(r *rand.Rand, e Edits, d *crdt.Document) { RandomEditsOf(r, e, d, Plan()) }

// RandomEditsOf is RandomEdits to a document of another plan.
func RandomEditsOf(r *rand.Rand, e Edits, d *crdt.Document, plan *crdt.Plan) {
	for range 1 + r.IntN(3) {
		switch r.IntN(24) {
		case 0:
			e.PutAll(randomObject(r, plan))
		case 1:
			e.Delete()
		case 2:
			e.Restore()
		default:
			path, field := randomField(r, d, plan, nil)
			randomEdit(r, e, d, path, field)
		}
	}
}

// randomField goes down from a map to some field, at random but only through rows
// that d shows.
func randomField(r *rand.Rand, d *crdt.Document, plan *crdt.Plan, path []string) ([]string, *crdt.Plan) {
	down := r.IntN(4) > 0
	switch {
	case plan.Strategy == crdt.Map && (down || len(path) == 0):
		keys := slices.Sorted(maps.Keys(plan.Fields))
		if plan.Rest != nil {
			keys = append(keys, "x", "y")
		}
		k := pick(r, keys)
		return randomField(r, d, plan.Field(k), append(path, k))
	case plan.Strategy == crdt.List && down:
		if rows := d.Rows(path...); len(rows) > 0 {
			return randomField(r, d, rowPlan(plan), append(path, pick(r, rows).ID.String()))
		}
	}
	return path, plan
}

// randomEdit makes one call that fits the field, mostly the one made for it.
func randomEdit(r *rand.Rand, e Edits, d *crdt.Document, path []string, plan *crdt.Plan) {
	switch r.IntN(6) {
	case 0:
		e.Put(path, randomValue(r, plan))
		return
	case 1:
		e.Remove(path)
		return
	}
	switch plan.Strategy {
	case crdt.Counter:
		e.Add(path, pick(r, amounts))
	case crdt.Conflict:
		e.Pick(path, pick(r, scalars))
	case crdt.Text:
		n := len([]rune(d.Text(path...)))
		at := r.IntN(n + 1)
		e.Splice(path, at, r.IntN(min(3, n-at)+1), randomText(r))
	case crdt.Set:
		if r.IntN(2) == 0 {
			e.Include(path, pick(r, scalars))
		} else {
			e.Exclude(path, pick(r, scalars))
		}
	case crdt.List:
		randomRowEdit(r, e, d.Rows(path...), path, plan)
	default:
		e.Put(path, randomValue(r, plan))
	}
}

func randomRowEdit(r *rand.Rand, e Edits, rows []crdt.Row, path []string, plan *crdt.Plan) {
	at := r.IntN(len(rows)+1) * r.IntN(2) // often the first, so that people meet
	if at == len(rows) || r.IntN(3) == 0 {
		e.InsertRow(path, at, randomValue(r, rowPlan(plan)))
		return
	}
	if r.IntN(2) == 0 {
		e.MoveRow(path, rows[at].ID, r.IntN(len(rows)))
	} else {
		e.RemoveRow(path, rows[at].ID)
	}
}

// LosesExtreme reports whether going from one value of the plan to another would
// make a maximum smaller, a minimum larger, or either go away, outside lists (whose
// rows can be replaced).
func LosesExtreme(from, to map[string]any) bool {
	loses := func(from, to map[string]any) bool {
		return loses(from["reading"], to["reading"], 1) || loses(from["first"], to["first"], -1)
	}
	place, _ := from["place"].(map[string]any)
	newPlace, _ := to["place"].(map[string]any)
	return loses(from, to) || loses(place, newPlace)
}

func loses(from, to any, direction int) bool {
	return from != nil && (to == nil || compareReadings(to, from)*direction < 0)
}
