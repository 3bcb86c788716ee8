package schema

import (
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
		t.addOwn(keys, rule, n.message(t.label(keys), rule, value))
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
			t.add(below(keys, key), "required", Says("%s is required.", t.label(below(keys, key))))
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
				at := below(keys, v.(string))
				t.add(at, "dependentRequired", Says("%s is required when %s is filled in.", t.label(at), t.label(below(keys, other))))
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
			t.add(below(keys, key), "additionalProperties", Says("There is no field %s.", crdt.Canonical(key)))
		}
	}
}

// tellNever tells a value where the schema is false.
func (t *teller) tellNever(n *node, keys []string) {
	switch n.word {
	case "unevaluatedProperties", "additionalProperties":
		full := slices.Concat(t.path, keys)
		t.add(keys, n.word, Says("There is no field %s.", crdt.Canonical(full[len(full)-1])))
	case "unevaluatedItems", "items":
		t.add(keys, n.word, Says("%s is one too many.", t.label(keys)))
	default:
		t.add(keys, "false", Says("%s may not be filled in.", t.label(keys)))
	}
}

// tellBranches tells what the branch that comes nearest lacks.
func (t *teller) tellBranches(n *node, keyword string, e *jsonschema.ValidationError) {
	keys, value := t.at(e)
	if values := branchValues(n.many[keyword]); values != nil {
		t.addOwn(keys, "enum", choiceMessage(t.label(keys), values, branchTitles(n.many[keyword]), value))
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
		t.addOwn(keys, keyword, Says("%s must be %s, in one of the forms that the type allows.", t.label(keys), types))
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

// message is the sentence for a keyword of n that a value breaks, of which label is the name.
func (n *node) message(label Sentence, rule string, value any) Sentence {
	bound := n.words[rule]
	switch rule {
	case "type":
		got := nameOf(value)
		if _, ok := value.(float64); ok {
			got = shown(value)
		}
		return Says("%s must be %s, not %s.", label, describeTypes(n.ownTypes()), got)
	case "enum", "const":
		return choiceMessage(label, n.ownValues(), nil, value)
	case "format":
		return Says("%s must be %s; %s is not.", label, formatNames[n.text("format")], shown(value))
	case "pattern":
		if hint := n.hint(); hint != "" {
			return Says("%s does not have the form asked for (%s); %s does not fit.", label, hint, shown(value))
		}
		return Says("%s does not have the form asked for; %s does not fit.", label, shown(value))
	case "minimum":
		return Says("%s must be at least %s; it is %s.", label, shown(bound), shown(value))
	case "maximum":
		return Says("%s must be at most %s; it is %s.", label, shown(bound), shown(value))
	case "exclusiveMinimum":
		return Says("%s must be more than %s; it is %s.", label, shown(bound), shown(value))
	case "exclusiveMaximum":
		return Says("%s must be less than %s; it is %s.", label, shown(bound), shown(value))
	case "multipleOf":
		return Says("%s must be a multiple of %s; %s is not.", label, shown(bound), shown(value))
	}
	return n.sizeMessage(label, rule, value)
}

// sizeMessage is message for the keywords that count something.
func (n *node) sizeMessage(label Sentence, rule string, value any) Sentence {
	number, _ := n.words[rule].(float64)
	bound := int(number)
	list, _ := value.([]any)
	text, _ := value.(string)
	object, _ := value.(map[string]any)
	switch rule {
	case "minLength":
		if text == "" {
			return Says("%s must not be empty.", label)
		}
		return SaysOf(bound, "%[2]s needs at least %[1]d character; it has %[3]d.", "%[2]s needs at least %[1]d characters; it has %[3]d.", label, utf8.RuneCountInString(text))
	case "maxLength":
		return SaysOf(bound, "%[2]s takes at most %[1]d character; it has %[3]d.", "%[2]s takes at most %[1]d characters; it has %[3]d.", label, utf8.RuneCountInString(text))
	case "minItems":
		return SaysOf(bound, "%[2]s needs at least %[1]d entry; it has %[3]d.", "%[2]s needs at least %[1]d entries; it has %[3]d.", label, len(list))
	case "maxItems":
		return SaysOf(bound, "%[2]s takes at most %[1]d entry; it has %[3]d.", "%[2]s takes at most %[1]d entries; it has %[3]d.", label, len(list))
	case "minProperties":
		return SaysOf(bound, "%[2]s needs at least %[1]d field; it has %[3]d.", "%[2]s needs at least %[1]d fields; it has %[3]d.", label, len(object))
	case "maxProperties":
		return SaysOf(bound, "%[2]s takes at most %[1]d field; it has %[3]d.", "%[2]s takes at most %[1]d fields; it has %[3]d.", label, len(object))
	case "uniqueItems":
		return Says("%s has an entry twice.", label)
	case "contains", "minContains":
		return Says("%s lacks an entry of the kind it must hold.", label)
	case "maxContains":
		return Says("%s holds too many entries of one kind.", label)
	case "not":
		return Says("%s has a value that is not allowed here.", label)
	case "oneOf":
		return Says("%s fits more than one of the forms it may have; it must fit exactly one.", label)
	}
	return Says("%s is not as the type asks (%s).", label, rule)
}

// hint is a title or description of the form, to explain a pattern that nobody who
// fills in forms should have to read.
func (n *node) hint() string {
	if d := n.text("description"); d != "" && len(d) <= 120 {
		return strings.TrimSuffix(d, ".")
	}
	return ""
}

// formatNames says what a value of a format is.
var formatNames = map[string]Sentence{
	"date": Says("a date such as 2026-03-09"), "time": Says("a time such as 14:30:00Z"),
	"date-time": Says("a date and time such as 2026-03-09T14:30:00Z"), "duration": Says("a duration such as PT1H30M"),
	"email": Says("an email address"), "hostname": Says("a host name such as example.org"),
	"ipv4": Says("an IPv4 address"), "ipv6": Says("an IPv6 address"), "uri": Says("a web address such as https://example.org"),
	"uri-reference": Says("a web address or a part of one"), "uuid": Says("a UUID"), "json-pointer": Says("a JSON Pointer"),
}

// choiceMessage lists what may be chosen, by the labels where there are some.
func choiceMessage(label Sentence, values []any, titles []string, value any) Sentence {
	const most = 20
	var list List
	for i, v := range values[:min(len(values), most)] {
		if titles != nil && titles[i] != "" {
			list = append(list, titles[i])
		} else {
			list = append(list, strings.Trim(crdt.Canonical(v), `"`))
		}
	}
	switch {
	case len(values) == 1:
		return Says("%s must be %s; %s is not.", label, list[0], shown(value))
	case len(values) > most:
		return Says("%s must be one of %s and %s more; %s is not.", label, list, strconv.Itoa(len(values)-most), shown(value))
	}
	return Says("%s must be one of %s; %s is not.", label, list, shown(value))
}

// shown is a value as it can stand in a sentence.
func shown(value any) Sentence {
	const most = 60
	switch value.(type) {
	case map[string]any, []any:
		return Says("what it holds")
	}
	text := crdt.Canonical(value)
	if utf8.RuneCountInString(text) > most {
		return Verbatim(string([]rune(text)[:most]) + "…")
	}
	return Verbatim(text)
}
