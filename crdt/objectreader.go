package crdt

import (
	"fmt"
	"slices"
	"strconv"
)

// objectReader takes plain JSON apart. The first mistake is kept in err, with where
// it is; what could not be read is zero.
type objectReader struct {
	op  int    // which operation is read, -1: none
	at  string // JSON Pointer from there to the object that is read
	err *ValueError
}

// fail notes a mistake in the member called name.
func (r *objectReader) fail(name, format string, args ...any) {
	if r.err == nil {
		path := r.at
		if r.op >= 0 {
			path = "/ops/" + strconv.Itoa(r.op) + path
		}
		if name != "" {
			path += "/" + name
		}
		r.err = &ValueError{Offset: -1, Path: path, Message: fmt.Sprintf(format, args...)}
	}
}

// within reads something deeper in: what step names.
func (r *objectReader) within(step string, read func()) {
	if r.err != nil {
		return
	}
	outer := r.at
	r.at += "/" + step
	read()
	r.at = outer
}

// object checks that v is an object with all the members it needs and none but those
// and the ones it may have.
func (r *objectReader) object(v any, need, may []string) map[string]any {
	m, ok := v.(map[string]any)
	if !ok {
		r.fail("", "This must be an object.")
		return nil
	}
	known := 0
	for _, name := range need {
		if _, there := m[name]; !there {
			r.fail(name, "%q is missing.", name)
			return m
		}
		known++
	}
	for _, name := range may {
		if _, there := m[name]; there {
			known++
		}
	}
	if known < len(m) {
		name := firstOther(m, need, may)
		r.fail("", "%s does not belong here; remove it.", quoted(name))
	}
	return m
}

// firstOther is the first key of m that is in neither list.
func firstOther(m map[string]any, need, may []string) string {
	for _, key := range sortedKeys(m) {
		if !slices.Contains(need, key) && !slices.Contains(may, key) {
			return key
		}
	}
	return ""
}

// string reads a text.
func (r *objectReader) string(m map[string]any, name string) string {
	s, ok := m[name].(string)
	if !ok {
		r.fail(name, "%q must be a text.", name)
	}
	return s
}

// read reads a text in a form of its own; want says which.
func read[T any](r *objectReader, m map[string]any, name, want string, parse func(string) (T, bool)) T {
	s := r.string(m, name)
	v, ok := parse(s)
	if r.err == nil && !ok {
		r.fail(name, "%s is not %s.", quoted(s), want)
	}
	return v
}

// number reads a whole number from 1 to limit.
func (r *objectReader) number(m map[string]any, name string, limit uint64) uint64 {
	f, ok := m[name].(float64)
	if !ok || f < 1 || f > float64(limit) || f != float64(uint64(f)) {
		r.fail(name, "%s must be a whole number from 1 to %d.", quoted(name), limit)
		return 0
	}
	return uint64(f)
}

// list reads a list.
func (r *objectReader) list(m map[string]any, name string) []any {
	list, ok := m[name].([]any)
	if !ok {
		r.fail(name, "%q must be a list.", name)
	}
	return list
}

// readList reads a list of texts in a form of their own, up to the first mistake.
// With compare they must be in ascending order.
func readList[T any](r *objectReader, m map[string]any, name, want string,
	parse func(string) (T, bool), compare func(a, b T) int) []T {
	list := r.list(m, name)
	if len(list) == 0 {
		return nil
	}
	read := make([]T, 0, len(list))
	for i, element := range list {
		text, isText := element.(string)
		v, ok := parse(text)
		switch {
		case !isText:
			r.fail(name, "%q must hold texts only.", name)
		case !ok:
			r.fail(name, "%s is not %s.", quoted(text), want)
		case compare != nil && i > 0 && compare(read[i-1], v) >= 0:
			r.fail(name, "The elements must be in ascending order, each once.")
		}
		if r.err != nil {
			return nil
		}
		read = append(read, v)
	}
	return read
}

// asItIs is the form of a text that has none.
func asItIs(s string) (string, bool) { return s, true }
