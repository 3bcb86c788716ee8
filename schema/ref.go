package schema

import (
	"net/url"
	"strings"
)

// resolve leads every $ref to its place inside the schema. Nothing else can be
// referred to: a type stands alone, so that it works with no network, and so that
// nobody makes the server open a file or a connection (law 1).
func (r *reader) resolve(root *node) {
	root.each(func(n *node) {
		ref, ok := n.words["$ref"].(string)
		if !ok {
			return
		}
		at := n.at + "/$ref"
		fragment, local := strings.CutPrefix(ref, "#")
		if !local {
			r.fail(at, Says(`%s refers to %q, outside this schema.`, place(n.at), ref),
				Says(`Copy what it refers to into "$defs" and refer to it as "#/$defs/" and its name.`))
			return
		}
		if n.ref = r.target(fragment); n.ref == nil {
			r.fail(at, Says(`%s refers to %q, which is no schema here.`, place(n.at), ref), r.refFix(fragment))
		}
	})
}

// target finds the schema that a fragment names, nil if there is none: the whole, a
// JSON Pointer to a schema, or an $anchor.
func (r *reader) target(fragment string) *node {
	plain, err := url.PathUnescape(fragment)
	if err != nil {
		return nil
	}
	if plain == "" || strings.HasPrefix(plain, "/") {
		return r.nodes[plain]
	}
	return r.anchors[plain]
}

func (r *reader) refFix(fragment string) Sentence {
	last := fragment[strings.LastIndex(fragment, "/")+1:]
	for _, at := range sortedKeys(r.nodes) {
		list := steps(at)
		if len(list) == 2 && list[0] == "$defs" && editDistance(list[1], unescape(last)) <= 2 {
			return Says("Did you mean %q?", "#"+at)
		}
	}
	return Says(`Refer to the whole with "#", or to a schema by its place: "#/$defs/" and a name.`)
}
