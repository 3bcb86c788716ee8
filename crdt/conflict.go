package crdt

import "slices"

// conflictField is a multi-value register: an assignment replaces the values its
// author saw and no others, so concurrent ones stand side by side until someone
// picks. (Shapiro et al., "A comprehensive study of Convergent and Commutative
// Replicated Data Types", 2011, section 3.2.2.)
type conflictField struct {
	candidates ordered[Candidate] // never empty once written; the one that shows first
	stamps     map[Dot]Stamp      // of the candidates by ID, once there are many
}

// fewCandidates is up to how many candidates are looked through for one.
const fewCandidates = 16

func (f *conflictField) strategy() Strategy { return Conflict }

func (f *conflictField) value() (any, bool) {
	if f.candidates.len() == 0 || f.first().Absent {
		return nil, false
	}
	return f.first().Value, true
}

// first is the candidate that shows.
func (f *conflictField) first() *Candidate { return f.candidates.at(spot{}) }

func (f *conflictField) clone() node {
	return &conflictField{candidates: f.candidates.clone(func(c *Candidate) Candidate { return *c })}
}

func (f *conflictField) apply(op *Op, by *author) {
	for _, id := range op.Over {
		f.remove(id)
	}
	f.add(Candidate{
		ID:     Dot{by.stamp.Replica, op.ID},
		Stamp:  by.stamp,
		Value:  op.Value,
		Absent: !op.Has,
	})
}

// add puts c in its place: newest first.
func (f *conflictField) add(c Candidate) {
	at, _ := f.find(&c)
	f.candidates.insert(at, c)
	if f.stamps != nil {
		f.stamps[c.ID] = c.Stamp
	}
}

func (f *conflictField) find(c *Candidate) (spot, bool) {
	return f.candidates.find(func(e *Candidate) int { return compareCandidates(*e, *c) })
}

// remove takes the candidate with that ID out, if it still stands.
func (f *conflictField) remove(id Dot) {
	stamp, stands := f.stampOf(id)
	if !stands {
		return
	}
	at, _ := f.find(&Candidate{ID: id, Stamp: stamp})
	f.candidates.remove(at)
	delete(f.stamps, id)
}

func (f *conflictField) stampOf(id Dot) (Stamp, bool) {
	if f.stamps == nil && f.candidates.len() > fewCandidates {
		f.stamps = make(map[Dot]Stamp, f.candidates.len())
		for c := range f.candidates.all() {
			f.stamps[c.ID] = c.Stamp
		}
	}
	if f.stamps != nil {
		stamp, stands := f.stamps[id]
		return stamp, stands
	}
	for c := range f.candidates.all() {
		if c.ID == id {
			return c.Stamp, true
		}
	}
	return Stamp{}, false
}

func compareCandidates(a, b Candidate) int {
	if c := b.Stamp.Compare(a.Stamp); c != 0 {
		return c
	}
	return b.ID.Compare(a.ID)
}

// merge keeps a value that both have, or that one has and the other has not seen: a
// value seen and gone was replaced.
func (f *conflictField) merge(other node, j *join) {
	ours, theirs := f.list(), other.(*conflictField).list()
	if slices.EqualFunc(ours, theirs, func(a, b Candidate) bool { return a.ID == b.ID }) {
		return
	}
	here, there := idsOf(ours), idsOf(theirs)
	for _, c := range ours {
		if !there[c.ID] && j.theirs.has(c.ID) {
			f.remove(c.ID)
		}
	}
	for _, c := range theirs {
		if !here[c.ID] && !j.ours.has(c.ID) {
			f.add(c)
		}
	}
}

func idsOf(candidates []Candidate) map[Dot]bool {
	ids := make(map[Dot]bool, len(candidates))
	for _, c := range candidates {
		ids[c.ID] = true
	}
	return ids
}

// list gives the candidates, the one that shows first.
func (f *conflictField) list() []Candidate {
	list := make([]Candidate, 0, f.candidates.len())
	for c := range f.candidates.all() {
		list = append(list, *c)
	}
	return list
}

// dots names the values that stand now.
func (f *conflictField) dots() []Dot {
	var dots []Dot
	for c := range f.candidates.all() {
		dots = append(dots, c.ID)
	}
	slices.SortFunc(dots, Dot.Compare)
	return dots
}

// Disagreement is a conflict field whose values nobody has picked from: all of
// them, the one that shows first. A value of nil with Absent true is a removal.
type Disagreement struct {
	Path   []string    `json:"path"`
	Values []Candidate `json:"values"`
}

// Candidate is one of several concurrent values of a conflict field.
type Candidate struct {
	ID     Dot   `json:"id"`
	Stamp  Stamp `json:"stamp"`
	Value  any   `json:"value"`
	Absent bool  `json:"absent,omitempty"`
}

// Disagreements lists the conflict fields that wait for a pick, by path.
func (d *Document) Disagreements() []Disagreement {
	var found []Disagreement
	collectDisagreements(d.root, nil, &found)
	slices.SortFunc(found, func(a, b Disagreement) int { return slices.CompareFunc(a.Path, b.Path, compareKeys) })
	return found
}

func collectDisagreements(at node, path []string, found *[]Disagreement) {
	switch f := at.(type) {
	case *conflictField:
		if f.candidates.len() > 1 {
			*found = append(*found, Disagreement{slices.Clone(path), f.list()})
		}
	case *mapField:
		for c := range f.children.all() {
			collectDisagreements(c.field, append(path, c.key), found)
		}
	case *listField:
		f.each(func(row *rowState) {
			collectDisagreements(row.content, append(path, row.id.String()), found)
		})
	}
}
