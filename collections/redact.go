package collections

import (
	"maps"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// This file and redact_schema.go take hidden fields out of what leaves the engine.
// What is left must not depend on what was taken out, not even on whether it was there.

// redactValue gives a value without its hidden fields; the caller owns the top level.
func redactValue(value map[string]any, hidden map[string]bool) map[string]any {
	if len(hidden) == 0 {
		return value
	}
	seen := maps.Clone(value)
	maps.DeleteFunc(seen, func(key string, _ any) bool { return hidden[key] })
	return seen
}

// redactChange gives a change without the operations on hidden fields. It is nil when
// none is left: then the next change of its replica names as Prev one that the reader
// never gets, so whoever sends changes on must send the document whole instead.
func redactChange(c *crdt.Change, hidden map[string]bool) *crdt.Change {
	touches := false
	for i := range c.Ops {
		touches = touches || hides(hidden, c.Ops[i].Path)
	}
	if !touches {
		return c
	}
	seen := *c
	seen.Ops = nil
	for _, op := range c.Ops {
		if !hides(hidden, op.Path) {
			seen.Ops = append(seen.Ops, op)
		}
	}
	if seen.Ops == nil {
		return nil
	}
	return &seen
}

// redactDisagreements leaves out those about hidden fields.
func redactDisagreements(all []crdt.Disagreement, hidden map[string]bool) []crdt.Disagreement {
	var seen []crdt.Disagreement
	for _, d := range all {
		if !hides(hidden, d.Path) {
			seen = append(seen, d)
		}
	}
	return seen
}

// redactProblems gives the problems of a document that somebody sees without its hidden
// fields: what t, already without them, finds in value, also without them, and of the
// rest (which only the engine finds: uniqueness, references) what is about other fields.
// The schema's own problems are not filtered but found anew, because one that is about
// the whole document may tell of a hidden field in its words.
func redactProblems(all []schema.Problem, t *Type, value map[string]any, hidden map[string]bool) []schema.Problem {
	if len(hidden) == 0 || len(all) == 0 {
		return all
	}
	seen := t.Schema.Validate(value)
	for _, p := range all {
		if isEngineRule(p.Rule) && !hides(hidden, pointerPath(p.Path)) {
			seen = append(seen, p)
		}
	}
	return seen
}

// hides reports whether the path is at or under a hidden field.
func hides(hidden map[string]bool, path []string) bool { return len(path) > 0 && hidden[path[0]] }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")
var pointerUnescapes = strings.NewReplacer("~1", "/", "~0", "~")

// pointer gives a path as a JSON Pointer (RFC 6901).
func pointer(path []string) string {
	var b strings.Builder
	for _, key := range path {
		b.WriteString("/" + pointerEscapes.Replace(key))
	}
	return b.String()
}

// pointerPath reads a JSON Pointer.
func pointerPath(pointer string) []string {
	if pointer == "" {
		return nil
	}
	keys := strings.Split(pointer[1:], "/")
	for i, key := range keys {
		keys[i] = pointerUnescapes.Replace(key)
	}
	return keys
}
