package schema

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/fieldstack/fieldstack/crdt"
)

// base is where the compiled schema is said to live: absolute, so that it is not
// looked for in the working directory, and of a scheme that nothing loads.
const base = "fieldstack:type"

// checks are the compiled validators of a type, one for each schema in it.
type checks struct {
	root  *node
	whole *jsonschema.Schema
	parts map[*node]*jsonschema.Schema
	at    map[string]*node // by location
}

// compile gives the schema to the validator: without what only people read, with
// patterns that Go understands, with every $ref absolute.
func compile(root *node) (c *checks, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, compileError(fmt.Errorf("%v", p))
		}
	}()
	c = &checks{root: root, parts: map[*node]*jsonschema.Schema{}, at: map[string]*node{}}
	root.locate("")
	compiler := newCompiler()
	if err := compiler.AddResource(base, bytes.NewReader(crdt.AppendValue(nil, root.emit()))); err != nil {
		return nil, compileError(err)
	}
	root.each(func(n *node) {
		if err != nil {
			return
		}
		c.at[n.location] = n
		c.parts[n], err = compiler.Compile(base + "#" + n.location)
	})
	if err != nil {
		return nil, compileError(err)
	}
	c.whole = c.parts[root]
	return c, nil
}

// newCompiler is a compiler that opens nothing and asserts what JSON Schema leaves
// open.
func newCompiler() *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = func(string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("a type refers to nothing outside itself")
	}
	for name, check := range formats {
		c.Formats[name] = func(v any) bool {
			s, ok := v.(string)
			return !ok || check(s)
		}
	}
	return c
}

// compileError is a mistake that only the validator found.
func compileError(err error) error {
	return &SchemaError{
		Message: Says("The schema can not be compiled: %s.", strings.ReplaceAll(err.Error(), base, "")),
		Fix:     Says("Please report this: it should have been found with a better message."),
	}
}

// locate notes where n and all below it will be in what emit makes, where a pattern
// is a key in the form that Go reads.
func (n *node) locate(location string) {
	n.location = location
	for word, sub := range n.one {
		sub.locate(location + "/" + escapeURL(word))
	}
	for word, list := range n.many {
		for i, sub := range list {
			sub.locate(location + "/" + word + "/" + strconv.Itoa(i))
		}
	}
	for word, named := range n.named {
		for key, sub := range named {
			sub.locate(location + "/" + escapeURL(word) + "/" + escapeURL(key))
		}
	}
	for _, p := range n.patterns {
		p.node.locate(location + "/patternProperties/" + escapeURL(p.ecma.re2))
	}
}

// emit is n as the validator gets it.
func (n *node) emit() any {
	if n.words == nil {
		return !n.never
	}
	out := map[string]any{}
	for word, value := range n.words {
		if asserted(word) {
			out[word] = value
		}
	}
	if n.ref != nil {
		out["$ref"] = base + "#" + n.ref.location
	}
	if n.pattern != nil {
		out["pattern"] = n.pattern.re2
	}
	n.emitParts(out)
	return out
}

func (n *node) emitParts(out map[string]any) {
	for word, sub := range n.one {
		out[word] = sub.emit()
	}
	for word, list := range n.many {
		var subs []any
		for _, sub := range list {
			subs = append(subs, sub.emit())
		}
		out[word] = subs
	}
	for word, named := range n.named {
		subs := map[string]any{}
		for key, sub := range named {
			subs[key] = sub.emit()
		}
		out[word] = subs
	}
	if n.patterns != nil {
		subs := map[string]any{}
		for _, p := range n.patterns {
			subs[p.ecma.re2] = p.node.emit()
		}
		out["patternProperties"] = subs
	}
}

// asserted reports whether the validator needs a keyword that holds no schema.
func asserted(word string) bool {
	switch word {
	case "$schema", "$id", "$anchor", "$comment", "title", "description", "default", "deprecated",
		"readOnly", "writeOnly", "examples", "contentEncoding", "contentMediaType":
		return false
	}
	return !strings.HasPrefix(word, "x-")
}
