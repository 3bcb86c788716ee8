package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"github.com/fieldstack/fieldstack/crdt"
)

// What a schema's text may be. Deeper or larger ones cost seconds to compile, and
// nobody fills in such a form.
const (
	maxText  = 256 << 10 // bytes
	maxNest  = 80        // JSON in JSON; a schema in a schema is two or three of these
	maxNodes = 100_000   // JSON values and keys
)

// readText reads a schema's text, strictly, and in which order it has its keys: for
// each object, by JSON Pointer, because a map forgets.
func readText(text []byte) (doc any, order map[string][]string, err error) {
	doc, err = crdt.ParseValue(text, crdt.Limits{
		Bytes: maxText, Depth: maxNest, Nodes: maxNodes, String: maxText,
	})
	if err != nil {
		return nil, nil, textError(err)
	}
	order = map[string][]string{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	readOrder(d, "", order)
	return doc, order, nil
}

func textError(err error) error {
	out := &SchemaError{Message: Says("The schema is no JSON that every device reads alike: %s", err.Error())}
	var bad *crdt.ValueError
	if errors.As(err, &bad) {
		out.Message.Args = []any{SaysOfText(bad)}
		out.Path = bad.Path
		out.Fix = Says("See byte %s of the text.", strconv.Itoa(bad.Offset))
	}
	return out
}

// missing is what a text that is no JSON may lack.
var missing = map[string]Sentence{
	"a value": Says("a value"), "a key in double quotes": Says("a key in double quotes"),
	"a digit": Says("a digit"), "a digit after the point": Says("a digit after the point"), "a digit of the exponent": Says("a digit of the exponent"),
	"the quote that ends the text": Says("the quote that ends the text"), "the rest of an escape": Says("the rest of an escape"),
	`"," or "]"`: Says("%s or %s", `","`, `"]"`), `"," or "}"`: Says("%s or %s", `","`, `"}"`),
}

// SaysOfText is what is wrong with a JSON text, as [crdt.ParseValue] found it, in a way
// that can be said in other languages.
func SaysOfText(err *crdt.ValueError) Sentence {
	if err.Format == "" {
		return Verbatim(err.Message)
	}
	args := slices.Clone(err.Args)
	for i, arg := range args {
		if text, is := arg.(string); is && !missing[text].IsEmpty() {
			args[i] = missing[text]
		}
	}
	return Says(err.Format, args...)
}

// readOrder walks one value of a text that is known to be well formed, so the
// decoder's errors cannot happen.
func readOrder(d *json.Decoder, at string, order map[string][]string) {
	t, _ := d.Token()
	switch t {
	case json.Delim('{'):
		for d.More() {
			k, _ := d.Token()
			key, _ := k.(string)
			order[at] = append(order[at], key)
			readOrder(d, at+"/"+escape(key), order)
		}
		d.Token()
	case json.Delim('['):
		for i := 0; d.More(); i++ {
			readOrder(d, at+"/"+strconv.Itoa(i), order)
		}
		d.Token()
	}
}

// keepOrder writes "x-order" into doc wherever the order of properties is not the
// one that canonical JSON will give them, so that it survives.
func keepOrder(root *node, doc any) {
	canonical := map[string][]string{}
	d := json.NewDecoder(bytes.NewReader(crdt.AppendValue(nil, doc)))
	d.UseNumber()
	readOrder(d, "", canonical)
	root.each(func(n *node) {
		if len(n.order) < 2 || n.has("x-order") && len(n.ownOrder()) >= len(n.order) {
			return
		}
		if !n.has("x-order") && slices.Equal(n.order, canonical[n.at+"/properties"]) {
			return
		}
		full := make([]any, 0, len(n.order))
		for _, key := range append(n.ownOrder(), n.order...) {
			if !slices.Contains(full, any(key)) {
				full = append(full, key)
			}
		}
		n.words["x-order"] = full
	})
}

// ownOrder is the schema's "x-order".
func (n *node) ownOrder() []string {
	list, _ := n.words["x-order"].([]any)
	var keys []string
	for _, v := range list {
		key, _ := v.(string)
		keys = append(keys, key)
	}
	return keys
}
