package schema

// Told is how a condition answered for one record, part by part: what a person is shown
// who asks why.
type Told struct {
	Op       string   `json:"op"`
	Sentence Sentence `json:"sentence"` // the part as Sentence says it, its variables as they were written
	Holds    bool     `json:"holds"`
	Field    []string `json:"field,omitempty"` // of a comparison: the keys on the way to the field
	Met      any      `json:"met,omitempty"`   // … and what it held; nil: it was absent or null
	Parts    []*Told  `json:"parts,omitempty"` // of a group
}

// Tell says how the condition, resolved with vars, answers for a value; s gives the
// labels and may be nil. Whether a part holds is what [Condition.Match] says of it: there
// is no second evaluation. The result is never nil; what it met is the value's own, read only.
func (c *Condition) Tell(s *Schema, vars Vars, value map[string]any) *Told {
	if c == nil {
		c = always()
	}
	return c.tell(s, c.Resolve(vars), value)
}

// tell walks the condition beside what became of it when it was resolved: groups keep
// their parts, a comparison may have become always or never.
func (c *Condition) tell(s *Schema, resolved *Condition, value map[string]any) *Told {
	told := &Told{Op: c.Op, Sentence: c.Sentence(s), Holds: resolved.Match(value), Field: c.Field}
	if len(c.Field) > 0 {
		told.Met = lookUp(value, c.Field)
	}
	for i, sub := range c.Subs {
		told.Parts = append(told.Parts, sub.tell(s, resolved.Subs[i], value))
	}
	return told
}

// Because lists the smallest parts that made the condition hold, or not hold: what would
// have to be another way for another answer. The parts are those of t.
func (t *Told) Because() []*Told {
	if !isGroup(t.Op) || len(t.Parts) == 0 {
		return []*Told{t}
	}
	var reasons []*Told
	for _, part := range t.Parts {
		if part.Holds == t.countsHolding() {
			reasons = append(reasons, part.Because()...)
		}
	}
	return reasons
}

// countsHolding reports whether the parts that hold are those that decided a group.
func (t *Told) countsHolding() bool {
	if t.Op == opNone {
		return !t.Holds
	}
	return t.Holds
}
