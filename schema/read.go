package schema

import (
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// What a type may be made of.
const (
	maxSchemas = 5_000
	maxDeep    = 32
	maxKey     = 128 // bytes of a field's key
)

// draft2020 is the only dialect that Parse reads; [Import] brings others up to it.
const draft2020 = "https://json-schema.org/draft/2020-12/schema"

// reader turns the JSON of a schema into nodes and collects everything that is wrong.
type reader struct {
	order   map[string][]string
	nodes   map[string]*node // by JSON Pointer
	anchors map[string]*node
	count   int
	errs    []error
}

// readNodes reads a schema: every keyword known and well made, every $ref led to
// its place.
func readNodes(doc any, order map[string][]string) (*node, error) {
	r := &reader{order: order, nodes: map[string]*node{}, anchors: map[string]*node{}}
	if _, ok := doc.(map[string]any); !ok {
		r.fail("", Says("The schema is %s; it must be a JSON object.", nameOf(doc)), Says(`Write { "type": "object", "properties": { … } }.`))
		return nil, inOne(r.errs)
	}
	root := r.read(doc, "", 0)
	if len(r.errs) == 0 {
		r.resolve(root)
		r.agreeOnUnevaluated(root)
	}
	return root, inOne(r.errs)
}

// maxErrors is how many mistakes are worth telling at once.
const maxErrors = 100

func (r *reader) fail(at string, message, fix Sentence) {
	if len(r.errs) < maxErrors {
		r.errs = append(r.errs, &SchemaError{Path: at, Message: message, Fix: fix})
	}
}

// read reads the schema at one place.
func (r *reader) read(doc any, at string, deep int) *node {
	n := &node{at: at, deep: deep, location: ""}
	r.count++
	switch doc := doc.(type) {
	case bool:
		n.never = !doc
	case map[string]any:
		n.words = doc
	default:
		r.fail(at, Says("%s needs a schema here, not %s.", place(at), nameOf(doc)), Says("Write an object, true or false."))
	}
	r.nodes[at] = n
	if deep > maxDeep || r.count > maxSchemas {
		r.tooBig(n)
		return n
	}
	n.one, n.many, n.named = map[string]*node{}, map[string][]*node{}, map[string]map[string]*node{}
	for _, word := range r.order[at] {
		if n.words != nil {
			r.keyword(n, word)
		}
	}
	return n
}

func (r *reader) tooBig(n *node) {
	if n.deep > maxDeep {
		r.fail(n.at, Says("%s is more than %d schemas deep.", place(n.at), maxDeep), Says(`Move inner parts into types of their own.`))
	} else if r.count == maxSchemas+1 {
		r.fail("", Says("The schema holds more than %d schemas.", maxSchemas), Says("Split it into several types."))
	}
}

// keyword reads one keyword of n.
func (r *reader) keyword(n *node, word string) {
	kind, known := keywords[word]
	value, at := n.words[word], n.at+"/"+escape(word)
	switch {
	case !known:
		r.unknown(n, word)
	case kind == aSchema:
		n.one[word] = r.read(value, at, n.deep+1)
		n.one[word].word = word
	case kind == someSchemas:
		r.schemas(n, word, value, at)
	case kind == schemaNames:
		r.names(n, word, value, at)
	case kind == aReference:
		// Resolved when all places are known.
		if _, ok := value.(string); !ok {
			r.fail(at, Says(`%s has a "$ref" that is no string.`, place(n.at)), Says(`Write "#/$defs/" and a name.`))
		}
	case kind == aPattern:
		n.pattern = r.pattern(value, n.at, at)
	default:
		r.plain(n, word, kind, value, at)
	}
}

// unknown says what is wrong with a word that is none of keywords.
func (r *reader) unknown(n *node, word string) {
	at := n.at + "/" + escape(word)
	if fix, standard := refusedKeywords[word]; standard {
		r.fail(at, Says("%s uses %q, which a type can not.", place(n.at), word), fix)
		return
	}
	if strings.HasPrefix(word, "x-") {
		if meant := nearestOwn(word); meant != "" {
			r.fail(at, Says("%s has %q, which looks like a misspelt %q.", place(n.at), word, meant), Says("Write %q, or choose a name that is less alike.", meant))
		}
		return
	}
	fix := Says(`Take it out, or begin a word of your own with "x-".`)
	if meant := nearest(word); meant != "" {
		fix = Says(`Write %q, or begin a word of your own with "x-".`, meant)
	}
	r.fail(at, Says("%s has the word %q, which JSON Schema does not know.", place(n.at), word), fix)
}

func (r *reader) schemas(n *node, word string, value any, at string) {
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		r.fail(at, Says("%s: %q must be a list of schemas.", place(n.at), word), Says("Write [ { … } ], with at least one."))
		return
	}
	for i, v := range list {
		n.many[word] = append(n.many[word], r.read(v, at+"/"+strconv.Itoa(i), n.deep+1))
	}
}

func (r *reader) names(n *node, word string, value any, at string) {
	if _, ok := value.(map[string]any); !ok {
		r.fail(at, Says("%s: %q must be an object of schemas by name.", place(n.at), word), Sentence{})
		return
	}
	n.named[word] = map[string]*node{}
	for _, key := range r.order[at] {
		sub := r.read(value.(map[string]any)[key], at+"/"+escape(key), n.deep+1)
		n.named[word][key] = sub
		switch word {
		case "properties":
			if message := keyMistake(key); !message.IsEmpty() {
				r.fail(sub.at, message, Says("Choose another key; the title may be anything."))
			}
		case "patternProperties":
			if p := r.pattern(key, n.at, sub.at); p != nil {
				n.patterns = append(n.patterns, keyPattern{p, sub})
			}
		}
	}
	if word == "properties" {
		n.order = orderKeys(n.ownOrder(), r.order[at])
	}
}

// orderKeys puts the keys that first names first, the others after them.
func orderKeys(first, keys []string) []string {
	known := map[string]bool{}
	for _, key := range keys {
		known[key] = true
	}
	var list []string
	for _, key := range append(append([]string{}, first...), keys...) {
		if known[key] {
			known[key] = false
			list = append(list, key)
		}
	}
	return list
}

// keyMistake says why a key can be no field's, nothing when it can.
func keyMistake(key string) Sentence {
	switch {
	case key == "":
		return Says("A field's key is empty.")
	case len(key) > maxKey:
		return Says("The key %s is longer than %d bytes.", crdt.Canonical(string([]rune(key)[:32])+"…"), maxKey)
	case key == "__proto__":
		return Says(`The key "__proto__" means something else to JavaScript.`)
	case strings.ContainsFunc(key, func(c rune) bool { return c < 0x20 || c == 0x7f }):
		return Says("The key %s has a control character.", crdt.Canonical(key))
	}
	return Sentence{}
}

func (r *reader) pattern(value any, inside, at string) *ecmaPattern {
	source, ok := value.(string)
	if !ok {
		r.fail(at, Says(`%s has a "pattern" that is no string.`, place(inside)), Says("Write a regular expression in quotes."))
		return nil
	}
	p, err := compilePattern(source)
	if err != nil {
		r.fail(at, Says("%s has the pattern %q, which does not run everywhere: %s.", place(inside), source, err.problem), err.fix)
		return nil
	}
	return p
}

// place names the part of the type that a place in its schema belongs to, to begin
// a sentence with.
func place(at string) Sentence {
	var keys []string
	list := steps(at)
	shared, inShared := "", false
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == "properties" && i+1 < len(list):
			i++
			keys = append(keys, list[i])
		case list[i] == "$defs" && i+1 < len(list):
			i++
			shared, inShared, keys = list[i], true, nil
		}
	}
	switch {
	case inShared && len(keys) == 0:
		return Says("The shared part %q", shared)
	case inShared:
		return Says("The field %q of the shared part %q", strings.Join(keys, "."), shared)
	case len(keys) == 0:
		return Says("The schema")
	}
	return fieldName(keys)
}

// nameOf says what a JSON value is.
func nameOf(v any) Sentence {
	switch v.(type) {
	case nil:
		return Verbatim("null")
	case bool:
		return Says("true or false")
	case float64:
		return Says("a number")
	case string:
		return Says("text")
	case []any:
		return Says("a list")
	}
	return Says("an object")
}
