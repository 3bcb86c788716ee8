package collections

import (
	"maps"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// withoutFields gives a schema as if the top-level fields had never been in it. Where a
// rule ties a hidden field to others, the rule is loosened: what is left allows all
// that the whole schema allows.
func withoutFields(s *schema.Schema, hidden map[string]bool) (*schema.Schema, error) {
	v, err := crdt.ParseValue(s.JSON(), wholeText(s.JSON()))
	if err != nil {
		return nil, err
	}
	root, ok := v.(map[string]any)
	if !ok {
		return s, nil
	}
	p := &pruner{root: root, hidden: hidden, pruned: map[string]bool{}}
	p.schema(root)
	p.annotations(root)
	p.dropUnused()
	return schema.Parse(crdt.AppendValue(nil, root))
}

// pruner takes hidden fields out of the JSON of a schema, in place.
type pruner struct {
	root   map[string]any
	hidden map[string]bool
	pruned map[string]bool // the $refs followed
}

// schema prunes a schema that applies to the record itself.
func (p *pruner) schema(s map[string]any) {
	p.reference(s)
	for _, word := range []string{"properties", "dependentSchemas", "dependentRequired"} {
		if object, ok := s[word].(map[string]any); ok {
			maps.DeleteFunc(object, func(key string, _ any) bool { return p.hidden[key] })
		}
	}
	p.required(s)
	p.wholeValues(s)
	p.branches(s)
	p.loosen(s)
}

// required takes the hidden keys out of the lists of keys.
func (p *pruner) required(s map[string]any) {
	for _, word := range []string{"required", "x-order"} {
		p.keys(s, word)
	}
	if object, ok := s["dependentRequired"].(map[string]any); ok {
		for key := range object {
			p.keys(object, key)
		}
	}
}

// keys takes the hidden keys out of the list at s[word]; an empty rest goes as well.
func (p *pruner) keys(s map[string]any, word string) {
	list, ok := s[word].([]any)
	if !ok {
		return
	}
	rest := slices.DeleteFunc(list, func(key any) bool { text, _ := key.(string); return p.hidden[text] })
	if s[word] = rest; len(rest) == 0 {
		delete(s, word)
	}
}

// wholeValues prunes or drops what speaks of the record's value as a whole.
func (p *pruner) wholeValues(s map[string]any) {
	examples, _ := s["examples"].([]any)
	for _, example := range append(examples, s["default"]) {
		if object, ok := example.(map[string]any); ok {
			maps.DeleteFunc(object, func(key string, _ any) bool { return p.hidden[key] })
		}
	}
	for _, word := range []string{"$comment", "const", "enum", "minProperties", "maxProperties", "unevaluatedProperties"} {
		delete(s, word)
	}
}

// branches prunes the schemas that apply to the same record. Exactly one of several
// becomes any of them, because pruned ones may be alike.
func (p *pruner) branches(s map[string]any) {
	if one, ok := s["oneOf"].([]any); ok && p.mentions(one) {
		all, _ := s["allOf"].([]any)
		s["allOf"] = append(all, map[string]any{"anyOf": one})
		delete(s, "oneOf")
	}
	if p.mentions(s["if"]) {
		delete(s, "if")
		delete(s, "then")
		delete(s, "else")
	}
	for _, word := range []string{"allOf", "anyOf"} {
		list, _ := s[word].([]any)
		for _, branch := range list {
			p.branch(branch)
		}
	}
	p.branch(s["then"])
	p.branch(s["else"])
	if dependent, ok := s["dependentSchemas"].(map[string]any); ok {
		for _, branch := range dependent {
			p.branch(branch)
		}
	}
}

func (p *pruner) branch(s any) {
	if object, ok := s.(map[string]any); ok {
		p.schema(object)
	}
}

// loosen drops the rules that cannot be pruned without becoming stricter.
func (p *pruner) loosen(s map[string]any) {
	for _, word := range []string{"not", "propertyNames", "patternProperties"} {
		if p.mentions(s[word]) {
			delete(s, word)
		}
	}
}

// reference prunes what a schema for the record takes over from elsewhere.
func (p *pruner) reference(s map[string]any) {
	ref, _ := s["$ref"].(string)
	if ref == "" || p.pruned[ref] {
		return
	}
	p.pruned[ref] = true
	if target := p.target(ref); target != nil {
		p.schema(target)
	}
}

// target finds what a local $ref points at.
func (p *pruner) target(ref string) map[string]any {
	at, local := strings.CutPrefix(ref, "#")
	if !local {
		return nil
	}
	if at != "" && at[0] != '/' {
		return anchored(p.root, at)
	}
	var v any = p.root
	for _, key := range pointerPath(at) {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	found, _ := v.(map[string]any)
	return found
}

// anchored finds the schema whose $anchor is name.
func anchored(v any, name string) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		if v["$anchor"] == name {
			return v
		}
		for _, inner := range v {
			if found := anchored(inner, name); found != nil {
				return found
			}
		}
	case []any:
		for _, inner := range v {
			if found := anchored(inner, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// mentions reports whether a hidden key occurs in v, as a key or a text, here or
// where a $ref leads.
func (p *pruner) mentions(v any) bool { return p.mentionsIn(v, map[string]bool{}) }

func (p *pruner) mentionsIn(v any, followed map[string]bool) bool {
	switch v := v.(type) {
	case string:
		return p.hidden[v]
	case []any:
		return slices.ContainsFunc(v, func(inner any) bool { return p.mentionsIn(inner, followed) })
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok && !followed[ref] {
			followed[ref] = true
			if p.mentionsIn(map[string]any(p.target(ref)), followed) {
				return true
			}
		}
		for key, inner := range v {
			if p.hidden[key] || p.mentionsIn(inner, followed) {
				return true
			}
		}
	}
	return false
}

// annotations takes hidden fields out of our own annotations, wherever they are: a
// condition on a hidden field, a place for it in the form.
func (p *pruner) annotations(v any) {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			p.annotations(inner)
		}
	case map[string]any:
		for key, inner := range v {
			if !strings.HasPrefix(key, "x-") {
				p.annotations(inner)
				continue
			}
			if key == "x-when" || key == "x-required-when" {
				if p.asks(inner) {
					delete(v, key)
				}
			} else if rest, keep := p.annotation(inner); keep {
				v[key] = rest
			} else {
				delete(v, key)
			}
		}
	}
}

// asks reports whether a condition is about a hidden field. Without it, the field that
// it belongs to is always shown.
func (p *pruner) asks(v any) bool {
	c, err := schema.ConditionFromValue(v)
	return err != nil || p.asksOf(c)
}

func (p *pruner) asksOf(c *schema.Condition) bool {
	return len(c.Field) > 0 && p.hidden[c.Field[0]] || slices.ContainsFunc(c.Subs, p.asksOf)
}

// annotation gives what is left of an annotation, or that nothing is.
func (p *pruner) annotation(v any) (rest any, keep bool) {
	switch v := v.(type) {
	case string:
		return v, !p.names(v)
	case []any:
		left := make([]any, 0, len(v))
		for _, inner := range v {
			if rest, keep := p.annotation(inner); keep {
				left = append(left, rest)
			}
		}
		return left, true
	case map[string]any:
		if field, ok := v["field"].(string); ok && p.names(field) {
			return nil, false
		}
		for key, inner := range v {
			if rest, keep := p.annotation(inner); keep && !p.hidden[key] {
				v[key] = rest
			} else {
				delete(v, key)
			}
		}
	}
	return v, true
}

// names reports whether a text is a hidden field's key, or the way to something in it.
func (p *pruner) names(text string) bool {
	top, _, _ := strings.Cut(text, ".")
	return p.hidden[text] || p.hidden[top]
}

// dropUnused removes the definitions that nothing refers to any more: they may be
// those of a hidden field.
func (p *pruner) dropUnused() {
	defs, ok := p.root["$defs"].(map[string]any)
	if !ok {
		return
	}
	delete(p.root, "$defs")
	kept := map[string]any{}
	for more := true; more; {
		more = false
		for name, def := range defs {
			if kept[name] == nil && (refersTo(p.root, name, def) || refersTo(kept, name, def)) {
				kept[name], more = def, true
			}
		}
	}
	if len(kept) > 0 {
		p.root["$defs"] = kept
	}
}

// refersTo reports whether a $ref in v leads to, or into, the definition called name.
func refersTo(v any, name string, def any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(inner any) bool { return refersTo(inner, name, def) })
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok && leadsTo(ref, name, def) {
			return true
		}
		for _, inner := range v {
			if refersTo(inner, name, def) {
				return true
			}
		}
	}
	return false
}

// leadsTo reports whether a $ref names the definition, or something in it.
func leadsTo(ref, name string, def any) bool {
	at := strings.TrimPrefix(ref, "#")
	if at == "" || at[0] == '/' {
		to := pointer([]string{"$defs", name})
		return at == to || strings.HasPrefix(at, to+"/")
	}
	return anchored(def, at) != nil
}

// wholeText are limits that no text of this engine's own is over.
func wholeText(text []byte) crdt.Limits {
	return crdt.Limits{Bytes: len(text) + 1, Depth: 1000, Nodes: len(text) + 1, String: len(text) + 1}
}
