package schema

import (
	"slices"
	"strconv"
	"strings"
)

// schema writes the schema in, which was at old, into out, which is at now. base is
// the $id around it.
func (im *importer) schema(in, out *object, old, now, base string) {
	im.moved[old] = now
	base = im.identify(in, old, base)
	if old == "" {
		im.ids[base] = ""
	}
	_, isRef := in.values["$ref"].(string)
	for _, word := range in.keys {
		w := wordIn{im, in, out, word, in.values[word], old, now, base}
		switch {
		case isRef && im.draft <= 7 && !besideRef(word):
			im.noteEach(w.at(), `Beside "$ref", draft %s does not look at %q, so it was left out%s.`, strconv.Itoa(im.draft), word)
		case !w.renamed() && !w.repaired():
			w.copy()
		}
	}
}

// sub brings a schema inside another up; anything that is none is left for Parse to
// complain about.
func (im *importer) sub(v any, old, now, base string) any {
	in, ok := v.(*object)
	if !ok {
		return v
	}
	out := newObject()
	im.schema(in, out, old, now, base)
	return out
}

// besideRef reports whether a word beside a $ref counts before 2019-09: those that
// only hold other schemas or speak to people do no harm.
func besideRef(word string) bool {
	switch word {
	case "$ref", "definitions", "$defs", "$schema", "$id", "id", "$comment",
		"title", "description", "default", "examples", "readOnly", "writeOnly", "deprecated":
		return true
	}
	return strings.HasPrefix(word, "x-") || !known(word)
}

func known(word string) bool {
	_, ours := keywords[word]
	_, standard := refusedKeywords[word]
	return ours || standard
}

// wordIn is one word of a schema on its way from in to out.
type wordIn struct {
	*importer
	in, out        *object
	word           string
	value          any
	old, now, base string
}

// at is where the word was.
func (w *wordIn) at() string { return w.old + "/" + escape(w.word) }

// renamed handles the words that have another name or form in 2020-12.
func (w *wordIn) renamed() bool {
	switch w.word {
	case "$schema", "$recursiveAnchor", "$vocabulary":
		w.dropDialect()
	case "$id", "id":
		return w.identifier()
	case "$ref", "$dynamicRef", "$recursiveRef":
		w.reference()
	case "$dynamicAnchor":
		w.out.set("$anchor", w.value)
	case "definitions", "$defs":
		w.definitions()
	case "dependencies":
		w.dependencies()
	case "items":
		return w.itemList()
	case "additionalItems":
		if _, list := w.in.values["items"].([]any); list {
			w.out.set("items", w.importer.sub(w.value, w.at(), w.now+"/items", w.base))
		}
	case "exclusiveMinimum", "exclusiveMaximum":
		return w.exclusive()
	case "minimum", "maximum":
		exclusive := "exclusiveM" + w.word[1:]
		return w.in.values[exclusive] == true
	case "required":
		_, old := w.value.(bool)
		return old // said by the object around it
	case "divisibleBy":
		w.out.set("multipleOf", w.value)
	case "example":
		w.out.set("examples", []any{w.value})
	default:
		return false
	}
	return true
}

func (w *wordIn) dropDialect() {
	if w.word == "$schema" && w.old == "" && w.draft != 2020 {
		w.note(w.at(), Says("The schema was written in draft %s and was brought up to 2020-12.", draftName(w.draft)))
	}
	if w.word == "$vocabulary" {
		w.note(w.at(), Says(`A type uses the standard vocabulary, so "$vocabulary" was left out.`))
	}
}

func draftName(draft int) string {
	if draft == 2019 {
		return "2019-09"
	}
	return strconv.Itoa(draft)
}

// definitions moves schemas into "$defs".
func (w *wordIn) definitions() {
	in, ok := w.value.(*object)
	if !ok {
		w.out.set("$defs", w.value)
		return
	}
	defs := w.out.inner("$defs")
	for _, name := range in.keys {
		free := freeName(defs, name)
		defs.set(free, true)
		defs.set(free, w.importer.sub(in.values[name], w.at()+"/"+escape(name), w.now+"/$defs/"+escape(free), w.base))
	}
}

func freeName(o *object, name string) string {
	free := name
	for i := 2; o.has(free); i++ {
		free = name + "-" + strconv.Itoa(i)
	}
	return free
}

// dependencies splits them into those on keys and those on schemas.
func (w *wordIn) dependencies() {
	in, ok := w.value.(*object)
	if !ok {
		w.out.set("dependentSchemas", w.value)
		return
	}
	for _, key := range in.keys {
		word, value := "dependentSchemas", in.values[key]
		switch v := value.(type) {
		case []any:
			word = "dependentRequired"
		case string:
			word, value = "dependentRequired", []any{v}
		default:
			value = w.importer.sub(v, w.at()+"/"+escape(key), w.now+"/dependentSchemas/"+escape(key), w.base)
		}
		w.out.inner(word).set(key, value)
	}
}

// itemList turns a list of schemas in "items" into "prefixItems".
func (w *wordIn) itemList() bool {
	list, ok := w.value.([]any)
	if !ok {
		return false
	}
	var out []any
	for i, v := range list {
		out = append(out, w.importer.sub(v, w.at()+"/"+strconv.Itoa(i), w.now+"/prefixItems/"+strconv.Itoa(i), w.base))
	}
	if len(out) > 0 {
		w.out.set("prefixItems", out)
	}
	return true
}

// exclusive turns the boolean of draft 4 into the number of later ones.
func (w *wordIn) exclusive() bool {
	yes, old := w.value.(bool)
	if !old {
		return false
	}
	if bound, ok := w.in.values["m"+strings.ToLower(w.word[len("exclusiveM"):])]; ok && yes {
		w.out.set(w.word, bound)
	}
	return true
}

// copy takes over a word that 2020-12 has too, bringing up the schemas in it.
func (w *wordIn) copy() {
	path := w.now + "/" + escape(w.word)
	switch keywords[w.word] {
	case aSchema:
		w.out.set(w.word, w.importer.sub(w.value, w.at(), path, w.base))
	case someSchemas:
		list, ok := w.value.([]any)
		if !ok {
			w.out.set(w.word, w.value)
			return
		}
		out := make([]any, len(list))
		for i, v := range list {
			out[i] = w.importer.sub(v, w.at()+"/"+strconv.Itoa(i), path+"/"+strconv.Itoa(i), w.base)
		}
		w.out.set(w.word, out)
	case schemaNames:
		w.names(path)
	default:
		w.out.set(w.word, w.value)
	}
}

func (w *wordIn) names(path string) {
	in, ok := w.value.(*object)
	if !ok {
		w.out.set(w.word, w.value)
		return
	}
	out := w.out.inner(w.word)
	for _, key := range in.keys {
		written := key
		if w.word == "patternProperties" {
			written = w.repairKey(key)
		}
		out.set(written, w.importer.sub(in.values[key], w.at()+"/"+escape(key), path+"/"+escape(written), w.base))
		if sub, ok := in.values[key].(*object); ok && w.word == "properties" && sub.values["required"] == true {
			w.requireOld(key)
		}
	}
}

// requireOld takes over "required": true of draft 3, which people still write.
func (w *wordIn) requireOld(key string) {
	w.noteEach(w.at()+"/"+escape(key)+"/required", `"required": true inside a field was moved to the list of required fields%s.`)
	list, _ := w.in.values["required"].([]any)
	if !slices.Contains(list, any(key)) {
		list = append(slices.Clone(list), key)
	}
	w.in.set("required", list)
	w.out.set("required", list)
}
