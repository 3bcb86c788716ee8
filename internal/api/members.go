package api

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
)

// bodyLimits are for whole request bodies; the engine bounds what is in them. Depth
// leaves room for a value of the usual depth inside a change inside a push.
var bodyLimits = crdt.Limits{Bytes: 64 << 20, Depth: 40, Nodes: 1_000_000}

// members reads the members of one JSON object, each once, and remembers the first
// thing wrong. At the end it refuses those that nobody asked for.
type members struct {
	at     string // JSON Pointer to the object
	object map[string]any
	read   []string
	err    error
}

// readBody reads the request's body, which must be one JSON object.
func readBody(c *fiber.Ctx) (*members, error) {
	text, err := web.Body(c, fiber.MIMEApplicationJSON)
	if err != nil {
		return nil, err
	}
	v, err := crdt.ParseValue(text, bodyLimits)
	if err != nil {
		return nil, notJSON(err, "", "a JSON object: { … }")
	}
	return membersOf(v, "")
}

// readEmpty refuses a body that holds anything; none at all is fine.
func readEmpty(c *fiber.Ctx) error {
	if len(c.Request().Body()) == 0 {
		return nil
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	return m.end()
}

func membersOf(v any, at string) (*members, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, wanted(at, "an object: { … }")
	}
	return &members{at: at, object: object}, nil
}

// notJSON says what is wrong with a text that should be JSON; at is the name of the
// parameter it stood in, "" for the body, and what is what it must be.
func notJSON(err error, at, what string) error {
	var where *crdt.ValueError
	switch {
	case !errors.As(err, &where):
		return collections.Errorf(collections.Invalid, at, "This is not JSON: %v.", err)
	case where.Path != "":
		return collections.Errorf(collections.Invalid, at+where.Path, "%s", where.Message)
	}
	name := at
	if name == "" {
		name = "The body"
	}
	return collections.Errorf(collections.Invalid, at, "%s must be %s. At byte %d: %s", name, what, where.Offset, where.Message)
}

func wanted(at, what string) error {
	name := strings.TrimPrefix(at, "/")
	if name == "" {
		return collections.Errorf(collections.Invalid, "", "The body must be %s.", what)
	}
	return collections.Errorf(collections.Invalid, at, "%s must be %s.", name, what)
}

func (m *members) fail(err error) {
	if m.err == nil {
		m.err = err
	}
}

// take gives a member and whether it is there.
func (m *members) take(name string) (v any, there bool) {
	m.read = append(m.read, name)
	v, there = m.object[name]
	return v, there
}

// has reports whether a member is there, without reading it.
func (m *members) has(name string) bool {
	_, there := m.object[name]
	return there
}

// must gives a member that has to be there.
func (m *members) must(name, what string) any {
	v, there := m.take(name)
	if !there {
		m.fail(collections.Errorf(collections.Invalid, m.at+"/"+name, "%s is missing: give %s.", name, what))
	}
	return v
}

// text gives a member that has to be there as text.
func (m *members) text(name string) string {
	v := m.must(name, "a text")
	s, ok := v.(string)
	if !ok && m.has(name) {
		m.fail(wanted(m.at+"/"+name, `a text: "…"`))
	}
	return s
}

// optionalText gives "" for a member that is not there.
func (m *members) optionalText(name string) string {
	if !m.has(name) {
		m.read = append(m.read, name)
		return ""
	}
	return m.text(name)
}

// flag gives a member that is true or false; not there is false.
func (m *members) flag(name string) bool {
	v, there := m.take(name)
	b, ok := v.(bool)
	if there && !ok {
		m.fail(wanted(m.at+"/"+name, "true or false"))
	}
	return b
}

// number gives a whole number from 0 up to most; not there is 0.
func (m *members) number(name string, most int64) int64 {
	v, there := m.take(name)
	if !there {
		return 0
	}
	n, ok := v.(float64)
	if !ok || n != math.Trunc(n) || n < 0 || n > float64(most) {
		m.fail(wanted(m.at+"/"+name, fmt.Sprintf("a whole number from 0 to %d", most)))
		return 0
	}
	return int64(n)
}

// value gives a member that has to be there as an object.
func (m *members) value(name string) map[string]any {
	v := m.must(name, "an object: { … }")
	object, ok := v.(map[string]any)
	if !ok && m.has(name) {
		m.fail(wanted(m.at+"/"+name, "an object: { … }"))
	}
	return object
}

// optionalValue gives nil for a member that is not there.
func (m *members) optionalValue(name string) map[string]any {
	if !m.has(name) {
		m.read = append(m.read, name)
		return nil
	}
	return m.value(name)
}

// list gives a member as an array; not there is nil.
func (m *members) list(name string) []any {
	v, there := m.take(name)
	list, ok := v.([]any)
	if there && !ok {
		m.fail(wanted(m.at+"/"+name, "an array: [ … ]"))
	}
	return list
}

// condition gives a member as a condition; not there is nil.
func (m *members) condition(name string) *schema.Condition {
	v, there := m.take(name)
	if !there {
		return nil
	}
	condition, err := schema.ConditionFromValue(v)
	if err != nil {
		m.fail(badCondition(err, m.at+"/"+name))
	}
	return condition
}

// end refuses members that nobody asked for, and else gives the first thing wrong: a
// misspelt member is the better explanation of a missing one.
func (m *members) end() error {
	var unknown []string
	for name := range m.object {
		if !slices.Contains(m.read, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return m.err
	}
	name := clip(slices.Min(unknown))
	if len(m.read) == 0 {
		return collections.Errorf(collections.Invalid, m.at+"/"+name, "Nothing is expected here, and %q is given: leave it out.", name)
	}
	return collections.Errorf(collections.Invalid, m.at+"/"+name, "There is no member %q here: use %s.", name, strings.Join(m.read, ", "))
}

// clip keeps what anybody may have sent short enough to send back.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
