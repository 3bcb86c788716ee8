package crdttest

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Keys that have been mistaken for something else: what every object of JavaScript has,
// what is sorted as a number there, what UTF-8 and UTF-16 sort differently, what is not
// there at all.
var keys = []string{"title", "a", "", "constructor", "toString", "10", "9", "\uffee", "\U0001d11e", "é", "a/b", "~0"}

var kindsOfField = []crdt.Strategy{
	crdt.Register, crdt.Conflict, crdt.Counter, crdt.Max, crdt.Min, crdt.Text, crdt.Set, crdt.List, crdt.Map, crdt.Serial,
}

// randomPlan is the plan of some type.
func randomPlan(r *rand.Rand) *crdt.Plan {
	p := randomFields(r, 3)
	p.Strategy = crdt.Map
	return p
}

func randomFields(r *rand.Rand, deep int) *crdt.Plan {
	p := &crdt.Plan{Strategy: crdt.Map, Fields: map[string]*crdt.Plan{}}
	for range 1 + r.IntN(4) {
		p.Fields[pick(r, keys)] = randomFieldPlan(r, deep)
	}
	if r.IntN(4) == 0 {
		p.Rest = randomFieldPlan(r, deep)
	}
	return p
}

func randomFieldPlan(r *rand.Rand, deep int) *crdt.Plan {
	switch s := pick(r, kindsOfField); {
	case s == crdt.Map && deep > 0:
		return randomFields(r, deep-1)
	case s == crdt.List && deep > 0 && r.IntN(4) > 0:
		return &crdt.Plan{Strategy: s, Row: randomFieldPlan(r, deep-1)}
	case s == crdt.Map:
		return &crdt.Plan{Strategy: s, Rest: &crdt.Plan{Strategy: crdt.Register}}
	default:
		return &crdt.Plan{Strategy: s}
	}
}

// mutated is a value of the plan that somebody edited as a whole, as one who is sent it and
// sends it back: most of it stays.
func mutated(r *rand.Rand, v any, plan *crdt.Plan) any {
	switch v := v.(type) {
	case map[string]any:
		if plan.Strategy == crdt.Map {
			return mutatedObject(r, v, plan)
		}
	case []any:
		switch plan.Strategy {
		case crdt.List:
			return mutatedRows(r, v, plan)
		case crdt.Set:
			elements := append(randomSet(r), "new")
			r.Shuffle(len(elements), func(i, j int) { elements[i], elements[j] = elements[j], elements[i] })
			return elements
		}
	case string:
		if plan.Strategy == crdt.Text {
			return mutatedText(r, v)
		}
	}
	return randomValue(r, plan)
}

func mutatedObject(r *rand.Rand, v map[string]any, plan *crdt.Plan) map[string]any {
	object := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		switch r.IntN(4) {
		case 0:
			object[key] = mutated(r, v[key], plan.Field(key))
		case 1:
			if r.IntN(4) > 0 {
				object[key] = v[key]
			}
		default:
			object[key] = v[key]
		}
	}
	if r.IntN(4) == 0 {
		maps.Copy(object, randomObject(r, plan))
	}
	return object
}

func mutatedRows(r *rand.Rand, v []any, plan *crdt.Plan) []any {
	rows := []any{}
	for _, row := range v {
		switch r.IntN(6) {
		case 0:
			rows = append(rows, mutated(r, row, rowPlan(plan)))
		case 1:
			rows = append(rows, randomValue(r, rowPlan(plan)), row)
		case 2:
			rows = append([]any{row}, rows...)
		case 3:
		default:
			rows = append(rows, row)
		}
	}
	return rows
}

func mutatedText(r *rand.Rand, v string) string {
	text := []rune(v)
	for range 1 + r.IntN(3) {
		at := r.IntN(len(text) + 1)
		to := at + r.IntN(min(6, len(text)-at)+1)
		text = append(append(append([]rune{}, text[:at]...), []rune(randomText(r))...), text[to:]...)
	}
	return string(text)
}
