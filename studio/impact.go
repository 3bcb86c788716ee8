package studio

import "slices"

// Count is how many records would break one rule of one field.
type Count struct {
	Path    []string // of the field; "*" for a row
	Rule    string   // the keyword
	Records int
	New     int // of these, do not break it today
}

// Impact says what publishing a draft changes from the version in use, and puts to each
// change how many records would newly break it. What records would break for which
// nothing changed here, such as a rule that was always broken, is in rest.
func Impact(before, after *Draft, counts []Count) (changes []Change, rest []Count) {
	changes = Compare(before, after)
	for _, n := range counts {
		if n.New == 0 {
			rest = append(rest, n)
			continue
		}
		at := slices.IndexFunc(changes, func(c Change) bool { return c.breaks(n, after) })
		if at < 0 {
			rest = append(rest, n)
			continue
		}
		changes[at].Records = max(changes[at].Records, n.New)
	}
	return changes, rest
}

// breaks reports whether a change is what records break with a rule.
func (c *Change) breaks(n Count, after *Draft) bool {
	if c.Kind != "narrower" && c.Kind != "new" || c.Path == nil {
		return false
	}
	if slices.Equal(c.Path, n.Path) {
		return true
	}
	// A choice of several is broken by its elements, a place by its parts.
	return begins(n.Path, c.Path) && after.Field(n.Path) == nil
}
