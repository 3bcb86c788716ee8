package schema

import (
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// choice is how a field merges, and the sentence that says so to whoever builds the
// form.
type choice struct {
	strategy crdt.Strategy
	why      Sentence
}

// choose decides how a field merges: what the schema asks for, if that fits, else
// what suits the kind of value.
func (p *planner) choose(f *field, n *node) choice {
	s := f.shape
	name := fieldName(f.Path)
	if s.text("x-serial") != "" {
		return choice{crdt.Serial, Says("The server gives the next number when it first accepts the record; until then a device shows \"not numbered yet\".")}
	}
	natural := p.natural(s)
	if s.truth("x-atomic") {
		if !s.is("object") {
			p.fail(n, "x-atomic", Says(`%s has "x-atomic" but is no object.`, name), Says(`Take it out, or write "x-merge": "register".`))
		}
		return choice{crdt.Register, Says("Its parts must agree, so they change together: when two people change them offline, the newer ones win as a whole and the others stay in the history.")}
	}
	asked := crdt.Strategy(s.text("x-merge"))
	if asked == "" || asked == natural.strategy {
		return natural
	}
	if message, fix := p.misfit(asked, s); !message.IsEmpty() {
		p.fail(n, "x-merge", Says("%s can not merge as %q: %s.", name, asked, message), fix)
		return natural
	}
	if s.is("string") && asked == crdt.Max {
		return choice{asked, Says("When two people enter a date offline, the later one stays.")}
	}
	if s.is("string") && asked == crdt.Min {
		return choice{asked, Says("When two people enter a date offline, the earlier one stays.")}
	}
	return choice{asked, askedWhy[asked]}
}

// askedWhy are the reasons of strategies that x-merge chose.
var askedWhy = map[crdt.Strategy]Sentence{
	crdt.Register: Says("It changes as a whole: when two people change it offline, the newer one wins and the other stays in the history."),
	crdt.Conflict: Says("When two people change it offline, both values are kept and shown until someone picks one."),
	crdt.Counter:  Says("The amounts that people add or take away all count, whoever was offline."),
	crdt.Max:      Says("When two people enter a value offline, the larger one stays."),
	crdt.Min:      Says("When two people enter a value offline, the smaller one stays."),
	crdt.Text:     Says("Both people's typing is kept, each run of it whole."),
	crdt.Set:      Says("What anybody adds stays; a removal takes away only what its author saw."),
	crdt.List:     Says("Rows keep their identity: both people's new rows stay, and a row can move."),
	crdt.Map:      Says("It merges field by field, so two people can fill in different parts."),
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
		return choice{crdt.Register, Says("It can hold more of its own kind, so it changes as a whole: %s", newerWins())}
	}
	if len(s.keys()) == 0 {
		return choice{crdt.Map, Says("It merges key by key, so two people can each add or change keys.")}
	}
	return choice{crdt.Map, askedWhy[crdt.Map]}
}

func (p *planner) naturalArray(s *shape) choice {
	if s.fixed() {
		return choice{crdt.Register, Says("Each place in it has a meaning of its own, so it changes as a whole: %s", newerWins())}
	}
	if s.truth("uniqueItems") && s.scalarRows() {
		return choice{crdt.Set, askedWhy[crdt.Set]}
	}
	if p.recursive(s) {
		return choice{crdt.Register, Says("It can hold more of its own kind, so it changes as a whole: %s", newerWins())}
	}
	if c := s.row(); shapeOf(c.must, c.either).is("object") {
		return choice{crdt.List, Says("Rows keep their identity: both people's new rows stay, a row can move, and each row's fields merge by their own rule.")}
	}
	return choice{crdt.List, askedWhy[crdt.List]}
}

// newerWins is what happens to most values, to end a sentence with.
func newerWins() Sentence {
	return Says("when two people change it offline, the newer one wins and the other stays in the history.")
}

// registerWhy says why a value changes as a whole.
func registerWhy(s *shape) Sentence {
	outcome := newerWins()
	format := s.text("format")
	switch {
	case len(s.types) == len(allTypes):
		return Says("It can hold anything, so it changes as a whole: %s", outcome)
	case len(s.types) == 0:
		return Says("No value fits its rules, so it stays empty.")
	case s.values() != nil && len(s.values()) > 1:
		return Says("It is a choice: %s", outcome)
	case s.is("boolean"):
		return Says("It is yes or no: %s", outcome)
	case s.is("number", "integer"):
		return Says("It is one number: %s", outcome)
	case s.is("string") && slices.Contains([]string{"date", "time", "date-time"}, format):
		return Says("It is one moment: %s", outcome)
	case s.is("string"):
		return Says("It is one short text: %s", outcome)
	case s.is("null"):
		return Says("It is always empty.")
	case slices.Contains(s.types, "null") && len(s.types) == 2:
		return Says("It can also be empty (null), so it changes as a whole: %s", outcome)
	}
	return Says("It can be %s, so it changes as a whole: %s", describeTypes(s.types), outcome)
}

// misfit says why a strategy does not fit the value, and the way out; nothing if it does.
func (p *planner) misfit(asked crdt.Strategy, s *shape) (message, fix Sentence) {
	switch asked {
	case crdt.Counter:
		if !s.is("number", "integer") {
			return Says("amounts add up only in a number"), Says(`Make its type "number" or "integer".`)
		}
	case crdt.Max, crdt.Min:
		if !s.is("number", "integer") && !(s.is("string") && s.text("format") == "date") {
			return Says("only a number or a date has a larger and a smaller"), Says(`Make its type "number" or "integer", or its format "date".`)
		}
	case crdt.Text:
		if !s.is("string") || s.values() != nil || s.text("format") != "" {
			return Says("only free text merges run by run"), Says(`Make its type "string", with no "format", "enum" or "const".`)
		}
	case crdt.Set:
		if !s.is("array") || !s.scalarRows() || !s.truth("uniqueItems") {
			return Says("a set is a list of different single values"), Says(`Make it an "array" of scalars with "uniqueItems": true.`)
		}
	case crdt.List:
		if !s.is("array") || s.fixed() {
			return Says("a list has rows that are all alike"), Says(`Make it an "array" with "items" and no "prefixItems".`)
		}
	case crdt.Map:
		if !s.is("object") || p.recursive(s) {
			return Says("a map is an object that does not hold its own kind"), Says(`Make its type "object".`)
		}
	}
	return Sentence{}, Sentence{}
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
