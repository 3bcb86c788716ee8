package crdt

import "slices"

// conflictField is a multi-value register: an assignment replaces the values its
// author saw and no others, so concurrent ones stand side by side until someone
// picks. (Shapiro et al., "A comprehensive study of Convergent and Commutative
// Replicated Data Types", 2011, section 3.2.2.)
type conflictField struct {
	candidates []Candidate // never empty once written; the one that shows first
}

func (f *conflictField) strategy() Strategy { return Conflict }

func (f *conflictField) value() (any, bool) {
	if len(f.candidates) == 0 || f.candidates[0].Absent {
		return nil, false
	}
	return f.candidates[0].Value, true
}

func (f *conflictField) clone() node {
	return &conflictField{slices.Clone(f.candidates)}
}

func (f *conflictField) apply(op *Op, by *author) {
	f.candidates = slices.DeleteFunc(f.candidates, func(c Candidate) bool {
		return slices.Contains(op.Over, c.ID)
	})
	f.add(Candidate{
		ID:     Dot{by.stamp.Replica, op.ID},
		Stamp:  by.stamp,
		Value:  op.Value,
		Absent: !op.Has,
	})
}

// add puts c in its place: newest first.
func (f *conflictField) add(c Candidate) {
	i, _ := slices.BinarySearchFunc(f.candidates, c, compareCandidates)
	f.candidates = slices.Insert(f.candidates, i, c)
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
	o := other.(*conflictField)
	holds := func(in []Candidate, id Dot) bool {
		return slices.ContainsFunc(in, func(c Candidate) bool { return c.ID == id })
	}
	kept := slices.DeleteFunc(slices.Clone(f.candidates), func(c Candidate) bool {
		return !holds(o.candidates, c.ID) && j.theirs.has(c.ID)
	})
	added := slices.DeleteFunc(slices.Clone(o.candidates), func(c Candidate) bool {
		return holds(f.candidates, c.ID) || j.ours.has(c.ID)
	})
	f.candidates = append(kept, added...)
	slices.SortFunc(f.candidates, compareCandidates)
}

// dots names the values that stand now.
func (f *conflictField) dots() []Dot {
	var dots []Dot
	for _, c := range f.candidates {
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
	slices.SortFunc(found, func(a, b Disagreement) int { return slices.Compare(a.Path, b.Path) })
	return found
}

func collectDisagreements(at node, path []string, found *[]Disagreement) {
	switch f := at.(type) {
	case *conflictField:
		if len(f.candidates) > 1 {
			*found = append(*found, Disagreement{slices.Clone(path), slices.Clone(f.candidates)})
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
