package schema

import (
	"net/url"
	"strconv"
	"strings"
)

// identify reads the $id of a schema (id before draft 6), and gives the base for what
// is inside it.
func (im *importer) identify(in *object, old, base string) string {
	id, ok := in.values["$id"].(string)
	if !ok && im.draft == 4 {
		id, ok = in.values["id"].(string)
	}
	if !ok {
		return base
	}
	full := resolveURL(base, id)
	document, fragment, _ := strings.Cut(full, "#")
	if fragment != "" {
		im.ids[full] = old
		return base
	}
	im.ids[document] = old
	return document
}

// identifier takes over the $id of the whole. An inner one is not needed: what
// refers to it is led to the place itself.
func (w *wordIn) identifier() bool {
	id, ok := w.value.(string)
	if w.word == "id" && w.draft != 4 || !ok {
		return false
	}
	if w.old == "" && !strings.Contains(strings.TrimSuffix(id, "#"), "#") {
		w.out.set("$id", strings.TrimSuffix(id, "#"))
	}
	return true
}

// reference takes over a $ref; where it leads is found when all places are known.
func (w *wordIn) reference() {
	ref, ok := w.value.(string)
	if !ok {
		w.out.set("$ref", w.value)
		return
	}
	if w.word == "$recursiveRef" || w.word == "$dynamicRef" {
		w.noteEach(w.at(), `A type stands alone, so %q always leads to the same place and was written as "$ref"%s.`, w.word)
	}
	if w.out.has("$ref") {
		both := newObject()
		both.set("$ref", ref)
		w.out.set("allOf", append(asList(w.out.values["allOf"]), both))
		w.refs = append(w.refs, pendingRef{both, ref, w.base})
		return
	}
	w.out.set("$ref", ref)
	w.refs = append(w.refs, pendingRef{w.out, ref, w.base})
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// finishRefs leads every $ref to where its target is now. What it can not find it
// leaves for Parse to refuse. Bringing up a target may add more of them.
func (im *importer) finishRefs() {
	for i := 0; i < len(im.refs); i++ {
		r := im.refs[i]
		if now, ok := im.find(resolveURL(r.base, r.ref)); ok {
			r.in.set("$ref", "#"+fragment(now))
		}
	}
}

// find gives the place that a full reference leads to.
func (im *importer) find(full string) (string, bool) {
	document, part, _ := strings.Cut(full, "#")
	if old, ok := im.ids[full]; ok && part != "" {
		return im.moved[old], true
	}
	old, ok := im.ids[document]
	if !ok {
		return "", false
	}
	plain, err := url.PathUnescape(part)
	if err != nil {
		return "", false
	}
	if plain != "" && plain[0] != '/' {
		return plain, true // an anchor, which is found by Parse
	}
	if now, ok := im.moved[old+plain]; ok {
		return now, true
	}
	return im.hoist(old+plain, document)
}

// hoist brings up what is referred to but is at no place for a schema, such as one in
// a group of definitions, as a definition of its own.
func (im *importer) hoist(old, base string) (string, bool) {
	var target any = im.root
	list := steps(old)
	for _, step := range list {
		switch v := target.(type) {
		case *object:
			target = v.values[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return "", false
			}
			target = v[i]
		default:
			return "", false
		}
	}
	if target == nil || len(list) == 0 {
		return "", false
	}
	defs := im.out.inner("$defs")
	name := freeName(defs, list[len(list)-1])
	now := "/$defs/" + escape(name)
	im.moved[old] = now
	defs.set(name, true)
	defs.set(name, im.sub(target, old, now, base))
	im.noteEach(old, "A schema that stood among others but was referred to was moved into \"$defs\"%s.")
	return now, true
}

// fragment writes a JSON Pointer as a URL's fragment, or an anchor as it is.
func fragment(pointer string) string {
	list := strings.Split(pointer, "/")
	for i, step := range list {
		list[i] = url.PathEscape(step)
	}
	return strings.Join(list, "/")
}

// resolveURL is a reference made absolute against a base, which may be "".
func resolveURL(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	r, err := url.Parse(ref)
	if err != nil {
		return ref
	}
	if base == "" {
		return ref
	}
	if strings.HasPrefix(ref, "#") {
		return base + ref
	}
	return b.ResolveReference(r).String()
}
