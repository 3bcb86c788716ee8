package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// choice is how a field merges, and the sentence that says so to whoever builds the
// form.
type choice struct {
	strategy crdt.Strategy
	why      string
}

// choose decides how a field merges: what the schema asks for, if that fits, else
// what suits the kind of value.
func (p *planner) choose(f *field, n *node) choice {
	s := f.shape
	name := fmt.Sprintf("The field %q", strings.Join(f.Path, "."))
	if s.text("x-serial") != "" {
		return choice{crdt.Serial, "The server gives the next number when it first accepts the record; until then a device shows \"not numbered yet\"."}
	}
	natural := p.natural(s)
	if s.truth("x-atomic") {
		if !s.is("object") {
			p.fail(n, "x-atomic", name+` has "x-atomic" but is no object.`, `Take it out, or write "x-merge": "register".`)
		}
		return choice{crdt.Register, "Its parts must agree, so they change together: when two people change them offline, the newer ones win as a whole and the others stay in the history."}
	}
	asked := crdt.Strategy(s.text("x-merge"))
	if asked == "" || asked == natural.strategy {
		return natural
	}
	if message, fix := p.misfit(asked, s); message != "" {
		p.fail(n, "x-merge", fmt.Sprintf("%s can not merge as %q: %s.", name, asked, message), fix)
		return natural
	}
	if s.is("string") && asked == crdt.Max {
		return choice{asked, "When two people enter a date offline, the later one stays."}
	}
	if s.is("string") && asked == crdt.Min {
		return choice{asked, "When two people enter a date offline, the earlier one stays."}
	}
	return choice{asked, askedWhy[asked]}
}

// askedWhy are the reasons of strategies that x-merge chose.
var askedWhy = map[crdt.Strategy]string{
	crdt.Register: "It changes as a whole: when two people change it offline, the newer one wins and the other stays in the history.",
	crdt.Conflict: "When two people change it offline, both values are kept and shown until someone picks one.",
	crdt.Counter:  "The amounts that people add or take away all count, whoever was offline.",
	crdt.Max:      "When two people enter a value offline, the larger one stays.",
	crdt.Min:      "When two people enter a value offline, the smaller one stays.",
	crdt.Text:     "Both people's typing is kept, each run of it whole.",
	crdt.Set:      "What anybody adds stays; a removal takes away only what its author saw.",
	crdt.List:     "Rows keep their identity: both people's new rows stay, and a row can move.",
	crdt.Map:      "It merges field by field, so two people can fill in different parts.",
}

// natural is the strategy that suits the kind of value: DESIGN section 3.
func (p *planner) natural(s *shape) choice {
	switch {
	case s.is("object"):
		return p.naturalObject(s)
	case s.is("array"):
		return p.naturalArray(s)
	case s.is("string") && isLongText(s):
		return choice{crdt.Text, askedWhy[crdt.Text]}
	}
	return choice{crdt.Register, registerWhy(s)}
}

func isLongText(s *shape) bool {
	media := s.text("contentMediaType")
	return (media == "text/plain" || media == "text/markdown") && s.text("contentEncoding") == "" && s.values() == nil
}

func (p *planner) naturalObject(s *shape) choice {
	if p.recursive(s) {
		return choice{crdt.Register, "It can hold more of its own kind, so it changes as a whole: when two people change it offline, the newer one wins and the other stays in the history."}
	}
	if len(s.keys()) == 0 {
		return choice{crdt.Map, "It merges key by key, so two people can each add or change keys."}
	}
	return choice{crdt.Map, askedWhy[crdt.Map]}
}

func (p *planner) naturalArray(s *shape) choice {
	if s.fixed() {
		return choice{crdt.Register, "Each place in it has a meaning of its own, so it changes as a whole: when two people change it offline, the newer one wins and the other stays in the history."}
	}
	if s.truth("uniqueItems") && s.scalarRows() {
		return choice{crdt.Set, askedWhy[crdt.Set]}
	}
	if p.recursive(s) {
		return choice{crdt.Register, "It can hold more of its own kind, so it changes as a whole: when two people change it offline, the newer one wins and the other stays in the history."}
	}
	if c := s.row(); shapeOf(c.must, c.either).is("object") {
		return choice{crdt.List, "Rows keep their identity: both people's new rows stay, a row can move, and each row's fields merge by their own rule."}
	}
	return choice{crdt.List, askedWhy[crdt.List]}
}

// registerWhy says why a value changes as a whole.
func registerWhy(s *shape) string {
	const outcome = "when two people change it offline, the newer one wins and the other stays in the history."
	format := s.text("format")
	switch {
	case len(s.types) == len(allTypes):
		return "It can hold anything, so it changes as a whole: " + outcome
	case len(s.types) == 0:
		return "No value fits its rules, so it stays empty."
	case s.values() != nil && len(s.values()) > 1:
		return "It is a choice: " + outcome
	case s.is("boolean"):
		return "It is yes or no: " + outcome
	case s.is("number", "integer"):
		return "It is one number: " + outcome
	case s.is("string") && slices.Contains([]string{"date", "time", "date-time"}, format):
		return "It is one moment: " + outcome
	case s.is("string"):
		return "It is one short text: " + outcome
	case s.is("null"):
		return "It is always empty."
	case slices.Contains(s.types, "null") && len(s.types) == 2:
		return "It can also be empty (null), so it changes as a whole: " + outcome
	}
	return "It can be " + describeTypes(s.types) + ", so it changes as a whole: " + outcome
}

// misfit says why a strategy does not fit the value, and the way out; "" if it does.
func (p *planner) misfit(asked crdt.Strategy, s *shape) (message, fix string) {
	switch asked {
	case crdt.Counter:
		if !s.is("number", "integer") {
			return "amounts add up only in a number", `Make its type "number" or "integer".`
		}
	case crdt.Max, crdt.Min:
		if !s.is("number", "integer") && !(s.is("string") && s.text("format") == "date") {
			return "only a number or a date has a larger and a smaller", `Make its type "number" or "integer", or its format "date".`
		}
	case crdt.Text:
		if !s.is("string") || s.values() != nil || s.text("format") != "" {
			return "only free text merges run by run", `Make its type "string", with no "format", "enum" or "const".`
		}
	case crdt.Set:
		if !s.is("array") || !s.scalarRows() || !s.truth("uniqueItems") {
			return "a set is a list of different single values", `Make it an "array" of scalars with "uniqueItems": true.`
		}
	case crdt.List:
		if !s.is("array") || s.fixed() {
			return "a list has rows that are all alike", `Make it an "array" with "items" and no "prefixItems".`
		}
	case crdt.Map:
		if !s.is("object") || p.recursive(s) {
			return "a map is an object that does not hold its own kind", `Make its type "object".`
		}
	}
	return "", ""
}

// fixed reports whether an array's places differ or their number is given.
func (s *shape) fixed() bool {
	least, _ := s.word("minItems").(float64)
	most, limited := s.word("maxItems").(float64)
	return s.word("prefixItems") != nil || limited && least == most && most > 1
}

// scalarRows reports whether the rows of an array are single values.
func (s *shape) scalarRows() bool {
	c := s.row()
	if len(c.must)+len(c.either) == 0 {
		return false
	}
	types := shapeOf(c.must, c.either).types
	return !slices.Contains(types, "object") && !slices.Contains(types, "array")
}
