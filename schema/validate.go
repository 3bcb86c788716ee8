package schema

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Problem is one thing about a value that breaks the schema.
type Problem struct {
	Path    string   `json:"path"`    // JSON Pointer into the value, "" for the whole
	Field   string   `json:"field"`   // the label of the nearest field
	Rule    string   `json:"rule"`    // the keyword: required, enum, maximum, …
	Message Sentence `json:"message"` // a sentence for the person who typed it, with the allowed values or bounds
}

// Equal reports whether two problems are the same, said in English.
func (p Problem) Equal(other Problem) bool {
	return p.Path == other.Path && p.Field == other.Field && p.Rule == other.Rule && p.Message.Equal(other.Message)
}

// maxProblems is how many problems one answer lists.
const maxProblems = 100

// Validate checks a whole value. Nil means valid. At most 100 problems, the same
// ones in the same order each time. A server-assigned field (x-serial) may be absent.
func (s *Schema) Validate(value map[string]any) []Problem {
	return s.check(s.root, nil, value)
}

// ValidateField checks one value for the field at path (as in crdt.Op.Path; row ids
// stand for rows). A path the schema does not allow is a problem too. For a set the
// value is one element when element is true.
func (s *Schema) ValidateField(path []string, value any, element bool) []Problem {
	spot, problem := s.find(path)
	if problem != nil {
		return []Problem{*problem}
	}
	if element {
		return s.checkAll(path, value, spot.elements())
	}
	return s.checkAll(path, value, spot.children)
}

// checkAll checks a value against what children asks of it.
func (s *Schema) checkAll(path []string, value any, c children) []Problem {
	var problems []Problem
	for _, n := range c.must {
		problems = append(problems, s.check(n, path, value)...)
	}
	if len(c.must) > 0 || !c.bound {
		return tidy(problems)
	}
	for i, n := range c.either {
		found := s.check(n, path, value)
		if len(found) == 0 {
			return nil
		}
		if i == 0 || len(found) < len(problems) {
			problems = found
		}
	}
	return problems
}

// check checks the value at path against one schema.
func (s *Schema) check(n *node, path []string, value any) (problems []Problem) {
	t := &teller{schema: s, path: path, value: value}
	if n.work(value) > maxWork {
		return []Problem{t.problem(nil, "size", Says("%s holds too much to be checked in time; split it into several records.", t.label(nil)))}
	}
	defer func() {
		// The last resort: the validator must not take the server down with it.
		if p := recover(); p != nil {
			problems = []Problem{t.unchecked()}
		}
	}()
	err := s.checks.parts[n].Validate(value)
	var invalid *jsonschema.ValidationError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		t.tell(invalid)
		return tidy(t.problems)
	}
	return []Problem{t.unchecked()}
}

// tidy sorts problems, leaves out repetitions, and keeps the first hundred.
func tidy(problems []Problem) []Problem {
	if len(problems) < 2 {
		return problems
	}
	type told struct {
		Problem
		says string // in English, made once
	}
	all := make([]told, len(problems))
	for i, p := range problems {
		all[i] = told{p, p.Message.String()}
	}
	slices.SortFunc(all, func(a, b told) int {
		return cmp.Or(strings.Compare(a.Path+"\x00"+a.Rule, b.Path+"\x00"+b.Rule), strings.Compare(a.says, b.says))
	})
	// Two rules can be told in one sentence, the type's own above all: it is said once.
	said := map[[2]string]bool{}
	problems = problems[:0]
	for _, p := range all {
		if at := [2]string{p.Path, p.says}; !said[at] && len(problems) < maxProblems {
			said[at] = true
			problems = append(problems, p.Problem)
		}
	}
	return problems
}

// teller turns what the validator found into problems.
type teller struct {
	schema   *Schema
	path     []string // of value, from the record
	value    any
	problems []Problem
}

// tell walks an error down to what is really wrong.
func (t *teller) tell(e *jsonschema.ValidationError) {
	n, keyword := t.schema.checks.split(e)
	switch {
	case len(e.Causes) > 0 && (keyword == "anyOf" || keyword == "oneOf"):
		t.tellBranches(n, keyword, e)
	case len(e.Causes) > 0 && keyword != "minContains":
		for _, cause := range t.schema.checks.certain(e, n, keyword) {
			t.tell(cause)
		}
	default:
		t.tellLeaf(n, keyword, e)
	}
}

// certain leaves out what unevaluated… found where its schema found something else as
// well: what is left over is known only once all the rest fits. causes are what one
// schema found at one value.
func (c *checks) certain(e *jsonschema.ValidationError, n *node, keyword string) []*jsonschema.ValidationError {
	if keyword == "$ref" {
		n, keyword = n.ref, ""
	}
	if keyword != "" || n == nil || len(e.Causes) < 2 {
		return e.Causes
	}
	n = c.finder(n, e.InstanceLocation, e.Causes)
	left := base + "#" + n.location + "/unevaluated"
	rest := slices.DeleteFunc(slices.Clone(e.Causes), func(e *jsonschema.ValidationError) bool {
		return strings.HasPrefix(e.AbsoluteKeywordLocation, left)
	})
	if len(rest) == 0 {
		return e.Causes
	}
	return rest
}

// finder is the schema that found all causes itself: n, or one inside it. Where n found
// but one thing, the validator may pass on what that one consists of. A schema inside n
// that looks at one value passes on one cause, so several of the same are its own.
func (c *checks) finder(n *node, at string, causes []*jsonschema.ValidationError) *node {
	for {
		sub, below := c.inside(n, at, causes[0])
		for _, e := range causes[1:] {
			if other, place := c.inside(n, at, e); other != sub || place != below {
				return n
			}
		}
		if sub == nil {
			return n
		}
		n, at = sub, below
	}
}

// inside is the schema right below n that an error comes from, nil for none, and where
// the value is that it looked at.
func (c *checks) inside(n *node, at string, e *jsonschema.ValidationError) (*node, string) {
	location, _ := strings.CutPrefix(e.AbsoluteKeywordLocation, base+"#"+n.location+"/")
	word, rest, _ := strings.Cut(location, "/")
	key, _, _ := strings.Cut(rest, "/")
	sub := c.at[n.location+"/"+word]
	if sub == nil {
		sub = c.at[n.location+"/"+word+"/"+key]
	}
	if word == "dependentSchemas" || sub == nil {
		return sub, at
	}
	step, _, _ := strings.Cut(strings.TrimPrefix(e.InstanceLocation, at+"/"), "/")
	return sub, at + "/" + step
}

// split finds the schema and the keyword that an error speaks of.
func (c *checks) split(e *jsonschema.ValidationError) (*node, string) {
	location := strings.TrimPrefix(e.AbsoluteKeywordLocation, base+"#")
	keyword := ""
	for {
		if n := c.at[location]; n != nil {
			if parent := c.holder(location, n, e); parent != nil && keyword == "" {
				return parent, location[len(parent.location)+1:]
			}
			return n, keyword
		}
		cut := strings.LastIndexByte(location, '/')
		if cut < 0 {
			return c.root, keyword
		}
		keyword = strings.TrimSuffix(location[cut+1:]+"/"+keyword, "/")
		location = location[:cut]
	}
}

// holder is the schema around n, where an error at n's place is about the keyword
// that holds n and not about what n says; nil where it is about n.
func (c *checks) holder(location string, n *node, e *jsonschema.ValidationError) *node {
	parent := c.at[location[:max(0, strings.LastIndexByte(location, '/'))]]
	switch {
	case e.Message == "not failed" && strings.HasSuffix(location, "/not"),
		n.words == nil && strings.HasSuffix(location, "/additionalProperties"):
		return parent
	}
	return nil
}

// at is where an error is in the value that was checked: the keys, and what is there.
func (t *teller) at(e *jsonschema.ValidationError) (keys []string, value any) {
	value = t.value
	if e.InstanceLocation == "" {
		return nil, value
	}
	for _, step := range strings.Split(e.InstanceLocation[1:], "/") {
		if plain, err := url.PathUnescape(step); err == nil {
			step = plain
		}
		step = unescape(step)
		keys = append(keys, step)
		value = within(value, step)
	}
	if aboutKey(e.KeywordLocation) {
		value = keys[len(keys)-1]
	}
	return keys, value
}

// aboutKey reports whether an error is about a key, not about what the key holds.
func aboutKey(location string) bool {
	list := strings.Split(location, "/")
	for i := len(list) - 1; i > 0; i-- {
		if list[i] == "propertyNames" && keywords[list[i-1]] != schemaNames {
			return true
		}
	}
	return false
}

// within is the item or property of a value that a step of a pointer names.
func within(value any, step string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[step]
	case []any:
		var i int
		if _, err := fmt.Sscanf(step, "%d", &i); err == nil && i >= 0 && i < len(v) {
			return v[i]
		}
	}
	return nil
}

// label names what is at keys below the value, to begin a sentence with.
func (t *teller) label(keys []string) Sentence {
	label, _ := t.schema.label(slices.Concat(t.path, keys))
	return label
}

// problem is a problem at keys below the value.
func (t *teller) problem(keys []string, rule string, message Sentence) Problem {
	full := slices.Concat(t.path, keys)
	_, field := t.schema.label(full)
	return Problem{Path: pointer(full), Field: field, Rule: rule, Message: message}
}

// unchecked is the problem of a value that the validator can not look at.
func (t *teller) unchecked() Problem {
	return t.problem(nil, "type", Says("%s can not be checked.", t.label(nil)))
}

// addOwn adds a problem of what was typed, in the words that the type has for it where
// it has some: "x-error" of the nearest field.
func (t *teller) addOwn(keys []string, rule string, message Sentence) {
	if own := t.schema.ownError(slices.Concat(t.path, keys)); own != "" {
		found := t.problem(keys, rule, message)
		found.Message = Verbatim(own)
		t.keep(found)
		return
	}
	t.add(keys, rule, message)
}

// ownError is what the type says of the field nearest to a path when a value breaks its
// rules, "" where it leaves that to us.
func (s *Schema) ownError(path []string) string {
	f := s.top
	for _, key := range path {
		next := f.step(key)
		if next == nil {
			break
		}
		f = next
	}
	return f.Error
}

func (t *teller) add(keys []string, rule string, message Sentence) {
	t.keep(t.problem(keys, rule, message))
}

func (t *teller) keep(found Problem) {
	// Enough to choose the first hundred from, and no more than that in memory.
	if len(t.problems) < 100*maxProblems {
		t.problems = append(t.problems, found)
	}
}
