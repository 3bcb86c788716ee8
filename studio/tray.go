package studio

import "slices"

// Removed is a field that was taken out and can come back with what records hold in it.
type Removed struct {
	Path      []string
	Kind      Kind
	Label     string
	Published bool // a version has it; records may hold values
	Version   int  // the newest version that has it, 0 for none
	Fields    int  // how many fields are inside it

	node *object
}

// Name is what people call it: its label, or its key in words.
func (r *Removed) Name() string {
	return (&Field{Path: r.Path, Label: r.Label}).Name()
}

// Tray lists the fields that can come back: those that the draft's own tray keeps, the
// last one first, then those that only published versions know, the newest first. A
// field inside one that is itself gone is not listed: it comes back with that.
func (d *Draft) Tray() []*Removed {
	var list []*Removed
	seen := map[string]bool{}
	add := func(path []string, node *object) {
		if seen[pathKey(path)] || nodeAt(d.root, path) != nil || d.Field(path) != nil {
			return
		}
		if into := path[:len(path)-1]; nodeAt(d.root, into) == nil {
			return
		}
		seen[pathKey(path)] = true
		r := &Removed{Path: path, Kind: kindOf(node), Label: node.text("title"), node: node}
		r.Fields = len(nodeFields(node))
		r.Version = d.versionOf(path)
		r.Published = r.Version > 0
		list = append(list, r)
	}
	for _, entry := range slices.Backward(d.root.list("x-tray")) {
		o, _ := entry.(*object)
		if path, node := o.texts("path"), o.object("schema"); len(path) > 0 && node != nil {
			add(path, node)
		}
	}
	for _, v := range slices.Backward(d.history) {
		eachField(v.root, nil, add)
	}
	return list
}

// versionOf is the newest version that has a field, 0 for none.
func (d *Draft) versionOf(path []string) int {
	for i, v := range slices.Backward(d.history) {
		if nodeAt(v.root, path) != nil {
			return i + 1
		}
	}
	return 0
}

// nodeFields are the properties of a group or of rows, nil for anything else.
func nodeFields(node *object) []string {
	if items := node.object("items"); items != nil {
		node = items
	}
	if properties := node.object("properties"); properties != nil {
		return properties.keys
	}
	return nil
}

// eachField calls f for each field below an object, parents first.
func eachField(holder *object, path []string, f func(path []string, node *object)) {
	properties := holder.object("properties")
	if properties == nil {
		return
	}
	for _, key := range properties.keys {
		node := properties.object(key)
		if node == nil {
			continue
		}
		at := below(path, key)
		f(at, node)
		switch kindOf(node) {
		case Group, Address, Checklist:
			eachField(node, at, f)
		case Rows:
			eachField(node.object("items"), below(at, "*"), f)
		}
	}
}

// trayEntry finds what the draft's own tray keeps of a field, nil for nothing.
func (d *Draft) trayEntry(path []string) *object {
	return trayEntry(d.root, path)
}

func trayEntry(root *object, path []string) *object {
	for _, entry := range root.list("x-tray") {
		if o, _ := entry.(*object); o != nil && slices.Equal(o.texts("path"), path) {
			return o
		}
	}
	return nil
}

// dropTray takes a field, and all inside it, out of the tray.
func dropTray(root *object, path []string) {
	rest := slices.DeleteFunc(slices.Clone(root.list("x-tray")), func(v any) bool {
		o, _ := v.(*object)
		return slices.Equal(o.texts("path"), path)
	})
	if len(rest) == 0 {
		root.drop("x-tray")
		return
	}
	root.set("x-tray", rest)
}
