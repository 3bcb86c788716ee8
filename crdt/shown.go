package crdt

// shows reports whether a field shows anything, without making what it shows.
func shows(at node) bool {
	switch f := at.(type) {
	case *registerField:
		return f.set
	case *mapField:
		return !f.hidden || f.shown() > 0
	case *listField:
		return !f.hidden || f.shown() > 0
	case interface{ word() *ensured }:
		if !f.word().hidden {
			return true
		}
	}
	_, shown := at.value()
	return shown
}

// shown is how many fields of a map show.
func (f *mapField) shown() int {
	n := 0
	for c := range f.children.all() {
		if shows(c.field) {
			n++
		}
	}
	return n
}

// shown is how many rows of a list show.
func (f *listField) shown() int {
	n := 0
	f.each(func(*rowState) { n++ })
	return n
}

// appendShown appends the canonical JSON of what a field shows, which must be
// something: AppendValue of its value, without making that first.
func appendShown(dst []byte, at node) []byte {
	switch f := at.(type) {
	case *mapField:
		return f.appendShown(dst)
	case *listField:
		open := byte('[')
		f.each(func(row *rowState) {
			dst = row.appendShown(append(dst, open))
			open = ','
		})
		if open == '[' {
			dst = append(dst, open)
		}
		return append(dst, ']')
	case *setField:
		return f.appendShown(dst)
	case *textField:
		return appendString(dst, f.string())
	}
	v, _ := at.value()
	return AppendValue(dst, v)
}

func (f *mapField) appendShown(dst []byte) []byte {
	dst = append(dst, '{')
	empty := true
	for c := range f.children.all() {
		if !shows(c.field) {
			continue
		}
		if !empty {
			dst = append(dst, ',')
		}
		empty = false
		dst = append(appendString(dst, c.key), ':')
		dst = appendShown(dst, c.field)
	}
	return append(dst, '}')
}

// appendShown appends what a row shows; one without contents that show is {}.
func (r *rowState) appendShown(dst []byte) []byte {
	if r.content == nil || !shows(r.content) {
		return append(dst, "{}"...)
	}
	return appendShown(dst, r.content)
}

func (f *setField) appendShown(dst []byte) []byte {
	open := byte('[')
	for e := range f.elements.all() {
		dst = AppendValue(append(dst, open), e.v)
		open = ','
	}
	if open == '[' {
		dst = append(dst, open)
	}
	return append(dst, ']')
}
