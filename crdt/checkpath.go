package crdt

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of a path.
const (
	maxPath = 16  // segments
	maxKey  = 256 // bytes of one
)

// pathKey makes one string of a path, different for different paths. Most paths have
// one segment, which is its own key; those of more begin with a byte that no segment has.
func pathKey(path []string) string {
	if len(path) == 1 {
		return path[0]
	}
	key := []byte{0xff}
	for _, segment := range path {
		key = strconv.AppendInt(key, int64(len(segment)), 10)
		key = append(append(key, ':'), segment...)
	}
	return string(key)
}

// pathName is the path as messages show it.
func pathName(path []string) string { return strings.Join(path, "/") }

// checkPath says whether a path could be one at all.
func checkPath(path []string) string {
	if len(path) == 0 || len(path) > maxPath {
		return fmt.Sprintf("A path has 1 to %d keys, not %d.", maxPath, len(path))
	}
	for _, segment := range path {
		if message := checkKey(segment); message != "" {
			return message
		}
	}
	if isElement(path[0]) {
		return fmt.Sprintf("The key %q looks like a row of a list: choose another.", path[0])
	}
	return ""
}

func checkKey(key string) string {
	switch {
	case len(key) > maxKey || !utf8.ValidString(key):
		return fmt.Sprintf("The key %.40q is not text of at most %d bytes.", key, maxKey)
	case key == "__proto__":
		return "No field can be called __proto__: choose another key."
	}
	return ""
}

// reach finds the field at path, nil if it is not there yet. On the way it checks
// that everything is what the path takes it for.
func (k *checker) reach(path []string, want Strategy) (node, string) {
	var at node = k.d.root
	for i, segment := range path {
		if isElement(segment) {
			id, _ := ParseDot(segment)
			if message := k.row(at, path[:i], id); message != "" {
				return nil, message
			}
		}
		at = step(at, segment)
		expected := strategyAt(path, i, want)
		if is := k.strategy(at, path[:i+1], expected); is != expected {
			return nil, fmt.Sprintf("The field %q is a %s, so it cannot be changed as a %s.",
				pathName(path[:i+1]), is, expected)
		}
	}
	return at, ""
}

// strategy is what the field is, in the document or by the operations before; if
// neither knows, it is from now on what is expected.
func (k *checker) strategy(at node, path []string, expected Strategy) Strategy {
	if at != nil {
		return at.strategy()
	}
	if len(k.c.Ops) == 1 {
		return expected // nobody will ask again
	}
	key := pathKey(path)
	is, known := k.fields[key]
	if !known {
		is = expected
		k.fields[key] = is
	}
	return is
}

// row checks that the list, which may be nil, has a row, or that it may come yet.
func (k *checker) row(at node, list []string, id Dot) string {
	making, own := k.own(id)
	f, _ := at.(*listField)
	switch {
	case own && making != nil && making.row && making.field == pathKey(list):
	case !own && !k.d.seen.has(id):
	case !own && f != nil && f.rows[id] != nil:
	default:
		k.gone = !own && k.d.floor.has(id)
		return fmt.Sprintf("The list %q has no row %s.", pathName(list), id) + k.tooOld()
	}
	return ""
}
