package crdt

import (
	"slices"
)

// path is the path of an operation. Paths are listed with a hole for each row; the
// rows are elements of their own.
func (x *packCoder) path(path []string) []string {
	m, a := &x.model, x.model.author
	var index int
	if x.writing {
		index = m.pathIndex(path)
	}
	index = x.size(index)
	if index >= len(m.paths) {
		if index > len(m.paths) {
			x.fail("a path is missing")
			return nil
		}
		m.paths = append(m.paths, x.newPath(path))
		m.holes = append(m.holes, slices.Contains(m.paths[index], packHole))
		m.byPath[string(appendPattern(nil, m.paths[index]))] = index
	}
	a.path = index
	pattern := m.paths[index]
	if !m.holes[index] {
		return pattern
	}
	filled := slices.Clone(pattern)
	for i, segment := range pattern {
		if segment == packHole {
			var row Dot
			if x.writing {
				row, _ = ParseDot(path[i])
			}
			a.row = x.dot(row, a.row, a.row, nil)
			filled[i] = a.row.String()
		}
	}
	return filled
}

// packHole stands in a listed path for a row: no key is spelt like it.
const packHole = "\xff"

func (m *packModel) pathIndex(path []string) int {
	if m.author.path < len(m.paths) && slices.Equal(m.paths[m.author.path], path) {
		return m.author.path
	}
	var room [128]byte
	index, known := m.byPath[string(appendPattern(room[:0], path))]
	if !known {
		return len(m.paths)
	}
	return index
}

// appendPattern appends a spelling of a path with its rows left out.
func appendPattern(dst []byte, path []string) []byte {
	for _, segment := range path {
		if isElement(segment) {
			segment = packHole
		}
		dst = appendText(dst, segment)
	}
	return dst
}

// newPath is a path that is mentioned for the first time, with its holes.
func (x *packCoder) newPath(path []string) []string {
	n := x.count(packPaths, uint64(len(path)), maxPath)
	pattern := make([]string, n)
	for i := range pattern {
		if x.writing {
			if pattern[i] = path[i]; isElement(path[i]) {
				pattern[i] = packHole
			}
		}
		pattern[i] = x.text(packPaths, packPaths, pattern[i])
	}
	if !x.writing {
		x.checkPattern(pattern)
	}
	return pattern
}

// checkPattern looks at a path that was read, with some row in each hole.
func (x *packCoder) checkPattern(pattern []string) {
	sample := slices.Clone(pattern)
	for i, segment := range pattern {
		if segment == packHole {
			sample[i] = Dot{1, 1}.String()
		} else if isElement(segment) {
			x.fail("a path names a row")
		}
	}
	if message := checkPath(sample); message != "" {
		x.fail("%s", message)
	}
}
