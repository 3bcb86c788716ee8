package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/fieldstack/fieldstack/crdt"
)

// tellLeaf says in words what one keyword found.
func (t *teller) tellLeaf(n *node, keyword string, e *jsonschema.ValidationError) {
	keys, value := t.at(e)
	rule, rest, _ := strings.Cut(keyword, "/")
	switch rule {
	case "required":
		t.tellRequired(n, keys, value)
	case "dependentRequired":
		t.tellDependent(n, keys, rest)
	case "additionalProperties":
		t.tellUnknown(n, keys, value)
	case "":
		t.tellNever(n, keys)
	case "minContains":
		if !n.has(rule) {
			rule = "contains"
		}
		fallthrough
	default:
		t.addOwn(keys, rule, n.message(rule, value))
	}
}

// tellRequired tells each missing key at the place where it should be, so that a form
// can show it beside the field. A number that the server gives is not missed.
func (t *teller) tellRequired(n *node, keys []string, value any) {
	object, _ := value.(map[string]any)
	list, _ := n.words["required"].([]any)
	for _, v := range list {
		key, _ := v.(string)
		if _, ok := object[key]; !ok && !t.schema.isSerial(slices.Concat(t.path, keys, []string{key})) {
			t.add(below(keys, key), "required", "%s is required.")
		}
	}
}

func (s *Schema) isSerial(path []string) bool {
	f, ok := s.Field(path)
	return ok && f.Strategy == crdt.Serial
}

// tellDependent tells one key that is missing because of another; rest is
// "<the other>/<index>", escaped.
func (t *teller) tellDependent(n *node, keys []string, rest string) {
	lists, _ := n.words["dependentRequired"].(map[string]any)
	for _, other := range sortedKeys(lists) {
		list, _ := lists[other].([]any)
		for i, v := range list {
			if escapeURL(other)+"/"+strconv.Itoa(i) == rest {
				label, _ := t.schema.label(slices.Concat(t.path, keys, []string{other}))
				t.add(below(keys, v.(string)), "dependentRequired", "%s is required when "+label+" is filled in.")
			}
		}
	}
}

// tellUnknown tells each key that an object may not have.
func (t *teller) tellUnknown(n *node, keys []string, value any) {
	object, _ := value.(map[string]any)
	for _, key := range sortedKeys(object) {
		known := n.named["properties"][key] != nil ||
			slices.ContainsFunc(n.patterns, func(p keyPattern) bool { return p.ecma.exp.MatchString(key) })
		if !known {
			t.add(below(keys, key), "additionalProperties", "There is no field "+crdt.Canonical(key)+".")
		}
	}
}

// tellNever tells a value where the schema is false.
func (t *teller) tellNever(n *node, keys []string) {
	switch n.word {
	case "unevaluatedProperties", "additionalProperties":
		full := slices.Concat(t.path, keys)
		t.add(keys, n.word, "There is no field "+crdt.Canonical(full[len(full)-1])+".")
	case "unevaluatedItems", "items":
		t.add(keys, n.word, "%s is one too many.")
	default:
		t.add(keys, "false", "%s may not be filled in.")
	}
}

// tellBranches tells what the branch that comes nearest lacks.
func (t *teller) tellBranches(n *node, keyword string, e *jsonschema.ValidationError) {
	keys, value := t.at(e)
	if values := branchValues(n.many[keyword]); values != nil {
		t.addOwn(keys, "enum", choiceMessage(values, branchTitles(n.many[keyword]), value))
		return
	}
	var best []Problem
	for i, cause := range e.Causes {
		if n.wrongKind(keyword, i, value) {
			continue
		}
		branch := &teller{schema: t.schema, path: t.path, value: t.value}
		branch.tell(cause)
		if found := tidy(branch.problems); best == nil || len(found) < len(best) {
			best = found
		}
	}
	if best == nil {
		types := describeTypes(unionTypes(n.many[keyword], nil))
		t.addOwn(keys, keyword, "%s must be "+types+", in one of the forms that the type allows.")
		return
	}
	t.problems = append(t.problems, best...)
}

// wrongKind reports whether a branch is not even for this kind of value, or for
// objects that say in another way what they are.
func (n *node) wrongKind(keyword string, branch int, value any) bool {
	if branch >= len(n.many[keyword]) {
		return false
	}
	sub := n.many[keyword][branch]
	types := typesOf([]*node{sub}, nil)
	if len(intersect(types, []string{typeOfValue(value)})) == 0 {
		return true
	}
	object, _ := value.(map[string]any)
	s := shapeOf([]*node{sub}, nil)
	for _, key := range s.keys() {
		for _, c := range s.child(key).must {
			v, filled := object[key]
			if c.has("const") && filled && !crdt.EqualValues(c.words["const"], v) {
				return true
			}
		}
	}
	return false
}

// message is the sentence for a keyword of n that a value breaks, beginning with %s for its label.
func (n *node) message(rule string, value any) string {
	bound := n.words[rule]
	switch rule {
	case "type":
		got := nameOf(value)
		if number, ok := value.(float64); ok {
			got = shown(number)
		}
		return "%s must be " + describeTypes(n.ownTypes()) + ", not " + got + "."
	case "enum", "const":
		return choiceMessage(n.ownValues(), nil, value)
	case "format":
		return "%s must be " + formatNames[n.text("format")] + "; " + shown(value) + " is not."
	case "pattern":
		return "%s does not have the form asked for" + n.hint() + "; " + shown(value) + " does not fit."
	case "minimum":
		return fmt.Sprintf("%%s must be at least %s; it is %s.", shown(bound), shown(value))
	case "maximum":
		return fmt.Sprintf("%%s must be at most %s; it is %s.", shown(bound), shown(value))
	case "exclusiveMinimum":
		return fmt.Sprintf("%%s must be more than %s; it is %s.", shown(bound), shown(value))
	case "exclusiveMaximum":
		return fmt.Sprintf("%%s must be less than %s; it is %s.", shown(bound), shown(value))
	case "multipleOf":
		return fmt.Sprintf("%%s must be a multiple of %s; %s is not.", shown(bound), shown(value))
	}
	return n.sizeMessage(rule, value)
}

// sizeMessage is message for the keywords that count something.
func (n *node) sizeMessage(rule string, value any) string {
	bound, _ := n.words[rule].(float64)
	list, _ := value.([]any)
	text, _ := value.(string)
	object, _ := value.(map[string]any)
	switch rule {
	case "minLength":
		if text == "" {
			return "%s must not be empty."
		}
		return fmt.Sprintf("%%s needs at least %s; it has %d.", count(bound, "character"), utf8.RuneCountInString(text))
	case "maxLength":
		return fmt.Sprintf("%%s takes at most %s; it has %d.", count(bound, "character"), utf8.RuneCountInString(text))
	case "minItems":
		return fmt.Sprintf("%%s needs at least %s; it has %d.", count(bound, "entry"), len(list))
	case "maxItems":
		return fmt.Sprintf("%%s takes at most %s; it has %d.", count(bound, "entry"), len(list))
	case "minProperties":
		return fmt.Sprintf("%%s needs at least %s; it has %d.", count(bound, "field"), len(object))
	case "maxProperties":
		return fmt.Sprintf("%%s takes at most %s; it has %d.", count(bound, "field"), len(object))
	case "uniqueItems":
		return "%s has an entry twice."
	case "contains", "minContains":
		return "%s lacks an entry of the kind it must hold."
	case "maxContains":
		return "%s holds too many entries of one kind."
	case "not":
		return "%s has a value that is not allowed here."
	case "oneOf":
		return "%s fits more than one of the forms it may have; it must fit exactly one."
	}
	return "%s is not as the type asks (" + rule + ")."
}

// hint is a title or description of the form, to explain a pattern that nobody who
// fills in forms should have to read.
func (n *node) hint() string {
	if d := n.text("description"); d != "" && len(d) <= 120 {
		return " (" + strings.TrimSuffix(d, ".") + ")"
	}
	return ""
}

// formatNames says what a value of a format is.
var formatNames = map[string]string{
	"date": "a date such as 2026-03-09", "time": "a time such as 14:30:00Z",
	"date-time": "a date and time such as 2026-03-09T14:30:00Z", "duration": "a duration such as PT1H30M",
	"email": "an email address", "hostname": "a host name such as example.org",
	"ipv4": "an IPv4 address", "ipv6": "an IPv6 address", "uri": "a web address such as https://example.org",
	"uri-reference": "a web address or a part of one", "uuid": "a UUID", "json-pointer": "a JSON Pointer",
}

// choiceMessage lists what may be chosen, by the labels where there are some.
func choiceMessage(values []any, titles []string, value any) string {
	const most = 20
	var list []string
	for i, v := range values[:min(len(values), most)] {
		if titles != nil && titles[i] != "" {
			list = append(list, titles[i])
		} else {
			list = append(list, strings.Trim(crdt.Canonical(v), `"`))
		}
	}
	if len(values) == 1 {
		return "%s must be " + list[0] + "; " + shown(value) + " is not."
	}
	more := ""
	if len(values) > most {
		more = fmt.Sprintf(" and %d more", len(values)-most)
	}
	return "%s must be one of " + strings.Join(list, ", ") + more + "; " + shown(value) + " is not."
}

// shown is a value as it can stand in a sentence.
func shown(value any) string {
	const most = 60
	text := crdt.Canonical(value)
	switch value.(type) {
	case map[string]any, []any:
		return "what it holds"
	}
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most]) + "…"
	}
	return text
}

// count is a number of things: 1 entry, 2 entries.
func count(n float64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if strings.HasSuffix(thing, "y") {
		return shown(n) + " " + thing[:len(thing)-1] + "ies"
	}
	return shown(n) + " " + thing + "s"
}
