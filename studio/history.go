package studio

import "slices"

// nodeAt is the schema of the field at a path, nil where there is none that is an
// object.
func nodeAt(root *object, path []string) *object {
	at := root
	for _, key := range path {
		if key == "*" {
			at = at.object("items")
		} else {
			at = at.object("properties").object(key)
		}
		if at == nil {
			return nil
		}
	}
	return at
}

// known reports whether a version has a field at a path, wherever it says so.
func (v *version) known(path []string) bool {
	if nodeAt(v.root, path) != nil {
		return true
	}
	if v.parsed == nil {
		return false
	}
	_, ok := v.parsed.Field(path)
	return ok
}

// publishedAt is the newest published schema of the field at a path, nil for a field
// that no version has.
func (d *Draft) publishedAt(path []string) *object {
	for _, v := range slices.Backward(d.history) {
		if node := nodeAt(v.root, path); node != nil {
			return node
		}
	}
	return nil
}

// publishedChoices are the values that some version let people choose at a path.
func (d *Draft) publishedChoices(path []string) []any {
	var values []any
	for _, v := range d.history {
		node := nodeAt(v.root, path)
		if node == nil {
			continue
		}
		for _, c := range choicesOf(choiceNode(kindOf(node), node)) {
			values = append(values, c.Value)
		}
	}
	return values
}

// taken reports whether a key may not be given to a new field inside the one at a path:
// the draft, its tray or a version has it.
func (d *Draft) taken(into []string, key string) bool {
	path := below(into, key)
	if holder := nodeAt(d.root, into); holder.object("properties").has(key) || d.Field(path) != nil {
		return true
	}
	if d.trayEntry(path) != nil {
		return true
	}
	return slices.ContainsFunc(d.history, func(v *version) bool { return v.known(path) })
}
