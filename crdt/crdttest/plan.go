package crdttest

import "github.com/fieldstack/fieldstack/crdt"

// Plan gives the plan of a work order in which every strategy occurs, at the top, in
// a map, in the rows of a list and in lists inside those.
func Plan() *crdt.Plan {
	of := func(s crdt.Strategy) *crdt.Plan { return &crdt.Plan{Strategy: s} }
	fields := func(extra map[string]*crdt.Plan) map[string]*crdt.Plan {
		all := map[string]*crdt.Plan{
			"title":   of(crdt.Register),
			"who":     of(crdt.Conflict),
			"hours":   of(crdt.Counter),
			"reading": of(crdt.Max),
			"first":   of(crdt.Min),
			"notes":   of(crdt.Text),
			"tags":    of(crdt.Set),
		}
		for key, plan := range extra {
			all[key] = plan
		}
		return all
	}
	steps := &crdt.Plan{Strategy: crdt.List, Row: &crdt.Plan{Strategy: crdt.Map, Fields: map[string]*crdt.Plan{
		"name": of(crdt.Text), "done": of(crdt.Register),
	}}}
	return &crdt.Plan{Strategy: crdt.Map, Fields: fields(map[string]*crdt.Plan{
		"number":   of(crdt.Serial),
		"place":    {Strategy: crdt.Map, Fields: fields(nil)},
		"readings": {Strategy: crdt.List},
		"extra":    {Strategy: crdt.Map, Rest: of(crdt.Counter)},
		"parts": {Strategy: crdt.List, Row: &crdt.Plan{
			Strategy: crdt.Map, Fields: fields(map[string]*crdt.Plan{"steps": steps}),
		}},
	})}
}
