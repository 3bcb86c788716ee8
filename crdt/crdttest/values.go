package crdttest

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

var (
	// Texts that have broken text editors: joined emoji, combining marks, both
	// writing directions, characters outside the first plane and inside it but sorted
	// differently by UTF-8 and UTF-16.
	words   = []string{"pump", "valve ", "leaks\n", "é", "e\u0301", "👩‍👧", "🇫🇮", "שלום", "\U0001d11e", "\uffee", "0", " ", "\n", ""}
	scalars = []any{nil, true, false, 0.0, 1.0, -2.5, 1e21, "", "a", "b", "\uffee", "\U0001d11e", "é"}
	amounts = []float64{0.1, 0.2, 0.7, 1, -1, -0.3, 1e9, 12.345678}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// randomText is up to three words.
func randomText(r *rand.Rand) string {
	text := ""
	for range r.IntN(4) {
		text += pick(r, words)
	}
	return text
}

// randomValue is a value that a field of the plan can show.
func randomValue(r *rand.Rand, plan *crdt.Plan) any {
	switch plan.Strategy {
	case crdt.Counter:
		return pick(r, amounts)
	case crdt.Max, crdt.Min:
		if r.IntN(4) == 0 {
			return pick(r, []string{"2024-02-29", "2025-01-01", "\uffee", "\U0001d11e"})
		}
		return float64(r.IntN(100))
	case crdt.Text:
		return randomText(r)
	case crdt.Set:
		return randomSet(r)
	case crdt.List:
		rows := []any{}
		for range r.IntN(4) {
			rows = append(rows, randomValue(r, rowPlan(plan)))
		}
		return rows
	case crdt.Map:
		return randomObject(r, plan)
	}
	if r.IntN(8) == 0 {
		return map[string]any{"lat": r.Float64(), "lon": []any{1.0, nil}}
	}
	return pick(r, scalars)
}

func rowPlan(plan *crdt.Plan) *crdt.Plan {
	if plan.Row == nil {
		return &crdt.Plan{Strategy: crdt.Register}
	}
	return plan.Row
}

// randomSet is some scalars, each once, in the order a set shows them.
func randomSet(r *rand.Rand) []any {
	values := []any{}
	for _, v := range scalars {
		if r.IntN(4) == 0 {
			values = append(values, v)
		}
	}
	SortScalars(values)
	return values
}

func randomObject(r *rand.Rand, plan *crdt.Plan) map[string]any {
	object := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(plan.Fields)) { // the same for the same seed
		if r.IntN(2) == 0 {
			object[key] = randomValue(r, plan.Fields[key])
		}
	}
	if plan.Rest != nil && r.IntN(2) == 0 {
		object[pick(r, []string{"x", "y", "\uffee", "\U0001d11e", "valueOf"})] = randomValue(r, plan.Rest)
	}
	return object
}
