package studio

import "slices"

// SectionOf is one heading with the fields that stand under it.
type SectionOf struct {
	Title  string // "" for the fields before the first heading
	Fields []*Field
}

// Sections are the headings in order, each with its fields; one may have none. Fields
// before the first heading come first, under "".
func (d *Draft) Sections() []SectionOf {
	var list []SectionOf
	for _, s := range layoutOf(d.root) {
		section := SectionOf{Title: s.title}
		for _, key := range s.keys {
			section.Fields = append(section.Fields, d.Field([]string{key}))
		}
		list = append(list, section)
	}
	for _, f := range d.fields {
		if f.Elsewhere {
			if len(list) == 0 {
				list = append(list, SectionOf{})
			}
			list[len(list)-1].Fields = append(list[len(list)-1].Fields, f)
		}
	}
	return list
}

// section is a heading with the keys of its fields.
type section struct {
	title string
	keys  []string
}

// layout is the form of a record from top to bottom.
type layout []section

// layoutOf reads the headings of a type: each field stands under its own, or that of
// the field before it, and fields under one heading stand together.
func layoutOf(root *object) layout {
	var l layout
	title := ""
	properties := root.object("properties")
	if properties == nil {
		return nil
	}
	for _, key := range properties.keys {
		if own, ok := properties.object(key).get("x-section").(string); ok {
			title = own
		}
		i := l.find(title)
		if i < 0 {
			l = append(l, section{title: title})
			i = len(l) - 1
		}
		l[i].keys = append(l[i].keys, key)
	}
	return l.withEmpty(root.texts("x-sections"))
}

func (l layout) find(title string) int {
	return slices.IndexFunc(l, func(s section) bool { return s.title == title })
}

// withEmpty puts the headings in between that have no field, each behind the one that
// titles has before it.
func (l layout) withEmpty(titles []string) layout {
	for i, title := range titles {
		if title == "" || l.find(title) >= 0 {
			continue
		}
		at := 0
		if i > 0 {
			at = l.find(titles[i-1]) + 1
		} else if l.find("") == 0 {
			at = 1
		}
		l = slices.Insert(l, at, section{title: title})
	}
	return l
}

// clone copies a layout, to change it.
func (l layout) clone() layout {
	c := slices.Clone(l)
	for i := range c {
		c[i].keys = slices.Clone(c[i].keys)
	}
	return c
}

// of is the heading that a field stands under.
func (l layout) of(key string) (title string, at int) {
	for _, s := range l {
		if i := slices.Index(s.keys, key); i >= 0 {
			return s.title, i
		}
	}
	return "", -1
}

// without takes a field out; its heading stays.
func (l layout) without(key string) layout {
	c := l.clone()
	for i := range c {
		c[i].keys = slices.DeleteFunc(c[i].keys, func(k string) bool { return k == key })
	}
	return c
}

// with puts a field under a heading, behind after there; first of it where after is not
// there.
func (l layout) with(key, title, after string) layout {
	c := l.clone()
	i := c.find(title)
	switch {
	case i < 0 && title == "":
		c = slices.Insert(c, 0, section{})
		i = 0
	case i < 0:
		c = append(c, section{title: title})
		i = len(c) - 1
	}
	c[i].keys = slices.Insert(c[i].keys, slices.Index(c[i].keys, after)+1, key)
	return c
}

// write gives the fields of a type their order and their headings, changing no more
// than it must.
func (l layout) write(root *object) {
	properties := root.object("properties")
	var order, titles []string
	empty := false
	above := ""
	for _, s := range l {
		order = append(order, s.keys...)
		if s.title != "" {
			titles = append(titles, s.title)
			empty = empty || len(s.keys) == 0
		}
		for _, key := range s.keys {
			writeHeading(properties, key, s.title, above)
			above = s.title
		}
	}
	setOrder(root, order)
	if empty {
		root.set("x-sections", treeOf(titles))
	} else {
		root.drop("x-sections")
	}
}

// writeHeading puts a field under a heading, given that of the field above it.
func writeHeading(properties *object, key, title, above string) {
	own, has := properties.object(key).get("x-section").(string)
	switch {
	case title == above && (!has || own == title):
	case title == above:
		properties.object(key).drop("x-section")
	case has && own == title:
	default:
		o := properties.object(key)
		if o == nil { // the schema true
			o = newObject()
			properties.set(key, o)
		}
		o.set("x-section", title)
	}
}

// readSections tells each field its heading and puts the fields in the form's order.
func (d *Draft) readSections() {
	var order []*Field
	for _, s := range d.Sections() {
		for _, f := range s.Fields {
			f.Section = s.Title
			order = append(order, f)
		}
	}
	d.fields = order
}

// orderProperties brings the properties of every object into the order that its
// "x-order" gives, and takes that out where it says no more.
func orderProperties(o *object) {
	properties := o.object("properties")
	if order := o.texts("x-order"); properties != nil && len(order) > 0 {
		keys := slices.DeleteFunc(slices.Clone(order), func(key string) bool { return !properties.has(key) })
		all := len(keys) == len(order)
		for _, key := range properties.keys {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		properties.keys = slices.Compact(keys)
		if all {
			o.drop("x-order")
		}
	}
	for _, key := range o.keys {
		orderBelow(o.values[key])
	}
}

func orderBelow(v any) {
	switch v := v.(type) {
	case *object:
		orderProperties(v)
	case []any:
		for _, sub := range v {
			orderBelow(sub)
		}
	}
}

// setOrder gives an object's properties their order.
func setOrder(holder *object, order []string) {
	properties := holder.object("properties")
	properties.keys = order
	if !holder.has("x-order") {
		return
	}
	full := slices.Clone(order)
	for _, key := range holder.texts("x-order") {
		if !properties.has(key) {
			full = append(full, key)
		}
	}
	holder.set("x-order", treeOf(full))
}
