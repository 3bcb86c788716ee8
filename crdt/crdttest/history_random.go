package crdttest

import (
	"maps"
	"math/rand/v2"
	"slices"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// historian writes a history while it plays it, so that what happens next fits what has
// happened so far.
type historian struct {
	*History
	rand   *rand.Rand
	player *Player
	told   []string // of each step
	people []crdt.Replica
	made   []int // numbers of the changes
	heard  []map[int]bool
	forks  bool // somebody takes another's name
	folds  bool // copies are compacted
	merges bool // copies are merged, which goes with neither: they would not be copies of one document, or not alike
}

// RandomHistory writes the history of a seed, and what is seen of each of its steps.
func RandomHistory(seed uint64) (*History, []string) {
	r := rand.New(rand.NewPCG(seed, 1))
	h := &historian{History: &History{Seed: seed, Docs: 2 + r.IntN(2)}, rand: r}
	live, steps := h.happen, 3+r.IntN(9)
	if r.IntN(60) == 0 {
		steps *= 5
	}
	h.forks, h.folds = r.IntN(5) == 0, r.IntN(5) == 0
	h.merges = !h.forks && !h.folds
	switch h.Plan = (planText{randomPlan(r)}); {
	case r.IntN(3) == 0:
		h.Plan = planText{Plan()}
	case r.IntN(100) == 0:
		h.Plan, live, steps = planText{Plan()}, h.type_, 200
	case r.IntN(100) == 0:
		h.Plan, live, steps = planText{Plan()}, h.sort, 60
	}
	h.player = NewPlayer(h.History)
	for on := range h.Docs {
		h.people = append(h.people, crdt.Replica(r.Uint64()>>(4*r.IntN(16))&^0xf|uint64(on+1)))
		h.heard = append(h.heard, map[int]bool{})
	}
	h.meet(h.edit(0))
	for range steps {
		live()
	}
	h.end()
	return h.History, h.told
}

// add lets a step happen.
func (h *historian) add(s Step) {
	h.told = append(h.told, h.player.Play(&s))
	h.Steps = append(h.Steps, s)
}

// happen lets anything happen.
func (h *historian) happen() {
	on := h.rand.IntN(h.Docs)
	switch h.rand.IntN(20) {
	default:
		h.edit(on)
	case 0, 1:
		h.put(on)
	case 2, 3, 4, 5:
		h.give(on, pick(h.rand, h.made))
	case 6, 7:
		h.ask(on, h.rand.IntN(h.Docs))
	case 8:
		h.add(Step{Do: "reload", On: on})
	case 9:
		if h.merges {
			h.merge(on)
		}
	case 10:
		h.offer(on)
	case 11:
		if h.folds {
			h.fold(on)
		}
	case 12:
		h.add(Step{Do: "look", On: on})
	}
}

// author is whose change it is to be, and what it is called: the one whose copy it is, or
// somebody who took another's name.
func (h *historian) author(do string, on int) Step {
	d := h.player.docs[on]
	by := h.people[on]
	if h.forks && h.rand.IntN(10) == 0 {
		by = pick(h.rand, h.people)
	}
	stamp := crdt.NewTime(start+h.rand.Int64N(8)+int64(len(h.Steps))/2, uint16(h.rand.IntN(3)))
	return Step{
		Do: do, On: on, As: len(h.made) + 1, By: by.String(), N: d.Seen()[by] + 1 + h.rand.Uint64N(2), Stamp: stamp.String(),
		Planless: h.rand.IntN(30) == 0,
	}
}

// edit lets somebody edit their copy; mostly it takes the change in.
func (h *historian) edit(on int) int {
	s := h.author("edit", on)
	calls := &recorder{}
	RandomEditsOf(h.rand, calls, h.player.docs[on], h.Plan.Plan)
	s.Calls = calls.calls
	if h.rand.IntN(6) == 0 {
		s.Calls = append(s.Calls, h.rebase(on))
	}
	return h.change(s)
}

// rebase is what somebody made of a field of what the record was, or might have been.
func (h *historian) rebase(on int) Call {
	plan := h.Plan.Plan
	from := h.player.docs[h.rand.IntN(h.Docs)].Value()
	if h.rand.IntN(2) == 0 {
		from, _ = mutated(h.rand, h.player.docs[on].Value(), plan).(map[string]any)
	}
	field := pick(h.rand, slices.Sorted(maps.Keys(plan.Fields)))
	return Call{Call: "rebase", Path: []string{field}, From: written(from), Value: written(mutated(h.rand, from, plan))}
}

// put makes the whole record something else, mostly something similar.
func (h *historian) put(on int) int {
	s := h.author("put", on)
	value := mutated(h.rand, h.player.docs[on].Value(), h.Plan.Plan)
	if h.rand.IntN(4) == 0 {
		value = randomObject(h.rand, h.Plan.Plan)
	}
	s.Value = written(value)
	return h.change(s)
}

func (h *historian) change(s Step) int {
	h.add(s)
	if h.player.changes[s.As] == nil { // it could not be done
		h.player.changes[s.As] = &crdt.Change{N: 1}
		s.As = 0
	}
	h.made = append(h.made, s.As)
	if h.merges || h.rand.IntN(10) > 0 {
		h.give(s.On, s.As)
	}
	return s.As
}

func (h *historian) give(on, change int) {
	if change > 0 {
		h.heard[on][change] = true
		h.add(Step{Do: "give", On: on, Change: change, Brief: h.rand.IntN(8) > 0})
	}
}

// meet lets all hear of a change.
func (h *historian) meet(change int) {
	for on := range h.Docs {
		h.give(on, change)
	}
}

// ask lets a copy hear what another has heard and it has not, in any order.
func (h *historian) ask(on, from int) {
	for _, i := range h.rand.Perm(len(h.made)) {
		if change := h.made[i]; h.heard[from][change] && (!h.heard[on][change] || h.rand.IntN(16) == 0) {
			h.give(on, change)
		}
	}
}

func (h *historian) merge(on int) {
	with := h.rand.IntN(h.Docs)
	for change := range h.heard[with] {
		h.heard[on][change] = true
	}
	h.add(Step{Do: "merge", On: on, With: with})
}

// fold compacts a copy, as if the last few changes, or any, were recent.
func (h *historian) fold(on int) {
	s := Step{Do: "load", On: on}
	for _, change := range h.made[h.rand.IntN(len(h.made)):] {
		if h.heard[on][change] {
			s.Recent = append(s.Recent, change)
		}
	}
	h.add(s)
}

// end lets most copies hear everything, and looks at all.
func (h *historian) end() {
	for on := range h.Docs {
		if on == 0 || h.rand.IntN(4) == 0 {
			for _, i := range h.rand.Perm(len(h.made)) {
				h.give(on, h.made[i])
			}
		}
		h.add(Step{Do: "reload", On: on})
		h.add(Step{Do: "look", On: on})
	}
	if h.merges {
		h.merge(0)
	}
}

// type_ lets somebody type into a long text.
func (h *historian) type_() {
	on := h.rand.IntN(h.Docs)
	if h.rand.IntN(8) == 0 {
		h.ask(on, h.rand.IntN(h.Docs))
		return
	}
	s := h.author("edit", on)
	s.Planless = false
	length := utf8.RuneCountInString(h.player.docs[on].Text("notes"))
	for range 1 + h.rand.IntN(4) {
		at := h.rand.IntN(length + 1)
		text := randomText(h.rand)
		if h.rand.IntN(20) == 0 {
			for range 300 {
				text += randomText(h.rand)
			}
		}
		n := h.rand.IntN(min(length-at, pick(h.rand, []int{1, 4, 400})) + 1)
		s.Calls = append(s.Calls, Call{Call: "splice", Path: []string{"notes"}, At: at, N: n, Text: text})
		length += utf8.RuneCountInString(text) - n
	}
	h.change(s)
}

// sort lets somebody put many rows into a list and move them about.
func (h *historian) sort() {
	on := h.rand.IntN(h.Docs)
	if h.rand.IntN(8) == 0 {
		h.ask(on, h.rand.IntN(h.Docs))
		return
	}
	s := h.author("edit", on)
	s.Planless = false
	rows := h.player.docs[on].Rows("readings")
	calls := &recorder{}
	for range 1 + h.rand.IntN(6) {
		at := h.rand.IntN(len(rows) + 1)
		if at == len(rows) || h.rand.IntN(2) == 0 {
			_, _ = calls.InsertRow([]string{"readings"}, at, pick(h.rand, scalars))
		} else if row := rows[at].ID; h.rand.IntN(4) > 0 {
			_ = calls.MoveRow([]string{"readings"}, row, h.rand.IntN(len(rows)))
		} else {
			_ = calls.RemoveRow([]string{"readings"}, row)
		}
	}
	s.Calls = calls.calls
	h.change(s)
}
