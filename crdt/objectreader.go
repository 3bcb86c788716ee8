package crdt

import (
	"encoding"
	"fmt"
)

// objectReader takes plain JSON apart. The first mistake is kept in err, with where
// it is; what could not be read is zero.
type objectReader struct {
	at  string // JSON Pointer to the object that is read
	err *ValueError
}

// fail notes a mistake in the member called name.
func (r *objectReader) fail(name, format string, args ...any) {
	if r.err == nil {
		path := r.at
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
func firstOther(m map[string]any, lists ...[]string) string {
	known := map[string]bool{}
	for _, list := range lists {
		for _, name := range list {
			known[name] = true
		}
	}
	for _, key := range sortedKeys(m) {
		if !known[key] {
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

// text reads what has a text form of its own; want says which.
func (r *objectReader) text(m map[string]any, name, want string, into encoding.TextUnmarshaler) {
	s := r.string(m, name)
	if r.err == nil && into.UnmarshalText([]byte(s)) != nil {
		r.fail(name, "%s is not %s.", quoted(s), want)
	}
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

// element reads the i-th element of a list, a text.
func (r *objectReader) element(m map[string]any, name string, i int) string {
	list, _ := m[name].([]any)
	s, ok := list[i].(string)
	if !ok {
		r.fail(name, "%q must hold texts only.", name)
	}
	return s
}
