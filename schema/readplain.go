package schema

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// maxCount is the largest length or number of items that a schema may speak of.
const maxCount = 1_000_000_000

// plain checks a keyword that holds no schema.
func (r *reader) plain(n *node, word string, kind kind, value any, at string) {
	if kind == aWhen {
		r.when(n, word, value, at)
		return
	}
	mistake := plainMistake(kind, value)
	if !mistake.IsEmpty() {
		r.fail(at, Says("%s: %q must be %s.", place(n.at), word, mistake), Sentence{})
		return
	}
	switch word {
	case "$schema":
		if value != draft2020 && value != draft2020+"#" {
			r.fail(at, Says("The schema says that it is written for %q.", value), Says("Import it: that brings it up to %s.", draft2020))
		}
	case "$id":
		if n.at != "" {
			r.fail(at, Says(`%s has an "$id" of its own, inside the schema.`, place(n.at)), Says(`Take it out and refer to the place itself: "#/$defs/" and a name.`))
		}
	case "$anchor":
		r.anchor(n, value.(string), at)
	case "format":
		r.format(n, value.(string), at)
	}
}

// when checks a keyword that holds a condition.
func (r *reader) when(n *node, word string, value any, at string) {
	var fault *ConditionError
	if _, err := ConditionFromValue(value); errors.As(err, &fault) {
		r.fail(at, Says("%s: %q must be a condition: %s", place(n.at), word, fault.Message), Sentence{})
	}
}

func (r *reader) anchor(n *node, name, at string) {
	if !anchorName.MatchString(name) {
		r.fail(at, Says(`%s: %q can be no "$anchor".`, place(n.at), name), Says("Use letters, digits, - and _."))
	}
	if r.anchors[name] != nil {
		r.fail(at, Says(`The "$anchor" %q is there twice.`, name), Says("Give each a name of its own."))
	}
	r.anchors[name] = n
}

func (r *reader) format(n *node, name, at string) {
	if formats[name] != nil {
		return
	}
	r.fail(at, Says("%s has the format %q, which not every device checks.", place(n.at), name),
		Says("Take it out, or use one of %s.", strings.Join(sortedKeys(formats), ", ")))
}

var (
	anchorName = regexp.MustCompile(`^[A-Za-z_][-A-Za-z0-9._]*$`)
	typeName   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	countForm  = regexp.MustCompile(`^\{[0-9]+(,[0-9]*)?\}`)
	serialForm = regexp.MustCompile(`^[^{}]*\{0{1,12}\}[^{}]*$`)
)

// merges are the values of x-merge: every strategy but serial, which x-serial asks for.
var merges = []string{
	string(crdt.Register), string(crdt.Conflict), string(crdt.Counter), string(crdt.Max), string(crdt.Min),
	string(crdt.Text), string(crdt.Set), string(crdt.List), string(crdt.Map),
}

// plainMistake says what a keyword must hold, nothing when it does.
func plainMistake(kind kind, value any) Sentence {
	text, isText := value.(string)
	number, isNumber := value.(float64)
	switch kind {
	case aString, aFormat:
		return unless(isText, Says("text"))
	case aBoolean:
		_, ok := value.(bool)
		return unless(ok, Says("%s or %s", "true", "false"))
	case aNumber:
		return unless(isNumber, Says("a number"))
	case aPositive:
		return unless(isNumber && number > 0, Says("a number above 0"))
	case aCount:
		return unless(isNumber && number >= 0 && number <= maxCount && number == math.Trunc(number), Says("a whole number from 0 to 1,000,000,000"))
	case someStrings:
		return unless(areStrings(value), Says("a list of different texts"))
	case stringNames:
		return unless(areStringLists(value), Says("an object of lists of keys"))
	case someTypes:
		return unless(areTypes(value), Says("one or more of %s", strings.Join(schemaTypes, ", ")))
	case someValues:
		list, ok := value.([]any)
		return unless(ok && len(list) > 0, Says("a list of at least one value"))
	case aMerge:
		return unless(slices.Contains(merges, text), Says("one of %s", strings.Join(merges, ", ")))
	case aSerial:
		return unless(serialForm.MatchString(text), Says(`a text with the digits once in braces, as in "WO-{0000}"`))
	case aType:
		return unless(typeName.MatchString(text), Says("the name of a type: small letters, digits and -, a letter first"))
	}
	return Sentence{}
}

func unless(ok bool, want Sentence) Sentence {
	if ok {
		return Sentence{}
	}
	return want
}

func areStrings(value any) bool {
	list, ok := value.([]any)
	seen := map[string]bool{}
	for _, v := range list {
		s, text := v.(string)
		ok = ok && text && !seen[s]
		seen[s] = true
	}
	return ok
}

func areStringLists(value any) bool {
	m, ok := value.(map[string]any)
	for _, v := range m {
		ok = ok && areStrings(v)
	}
	return ok
}

func areTypes(value any) bool {
	if one, ok := value.(string); ok {
		return slices.Contains(schemaTypes, one)
	}
	list, _ := value.([]any)
	ok := len(list) > 0 && areStrings(value)
	for _, v := range list {
		s, _ := v.(string)
		ok = ok && slices.Contains(schemaTypes, s)
	}
	return ok
}
