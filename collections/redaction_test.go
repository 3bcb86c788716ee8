package collections_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// The keys and the values that some may not see, so that a look at the bytes finds them.
const (
	hushKey   = "hush_"
	hushValue = "z-q-x" // a hyphen, so that base64 never says it by chance
)

// hushSchema has a field of every strategy twice, once to be seen and once not.
func hushSchema() string {
	var fields, order []string
	for _, prefix := range []string{"open_", hushKey} {
		for name, text := range map[string]string{
			"register": `{}`,
			"conflict": `{"type":"string","x-merge":"conflict"}`,
			"text":     `{"type":"string","contentMediaType":"text/plain"}`,
			"set":      `{"type":"array","uniqueItems":true,"items":{"type":"string"}}`,
			"list":     `{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"},"c":{"type":"string","x-merge":"conflict"}}}}`,
			"map":      `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string","x-merge":"conflict"}}}`,
			"counter":  `{"type":"number","x-merge":"counter"}`,
			"max":      `{"type":"string","format":"date","x-merge":"max"}`,
		} {
			fields = append(fields, fmt.Sprintf("%q:%s", prefix+name, text))
			order = append(order, prefix+name)
		}
	}
	slices.Sort(fields)
	slices.Sort(order)
	return `{"type":"object","properties":{` + strings.Join(fields, ",") + `},"x-order":["` + strings.Join(order, `","`) + `"]}`
}

// Whatever happens to documents, nothing that leaves the engine for somebody from whom
// fields are hidden holds a trace of their keys or values: no list, no history, no
// sync, no answer to a write, no error.
func TestRedaction_NoTrace(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			newHush(t, rand.New(rand.NewPCG(seed, uint64(i)))).run(60)
		})
	}
}

// hush is a world in which three people edit what two others see half of.
type hush struct {
	*office
	random  *rand.Rand
	hidden  []string
	phones  []*phone
	readers []*reader
}

// reader is somebody who may not see all, and syncs.
type reader struct {
	actor  collections.Actor
	cursor string
	docs   int // documents that came
}

func newHush(t *testing.T, random *rand.Rand) *hush {
	h := &hush{office: openOffice(t), random: random}
	latest := h.publish("order", hushSchema())
	for _, f := range latest.Schema.Fields() {
		if len(f.Path) == 1 && strings.HasPrefix(f.Path[0], hushKey) {
			h.hidden = append(h.hidden, f.Path[0])
		}
	}
	list := `"` + strings.Join(h.hidden, `","`) + `"`
	h.rule("order", `{"roles":{"worker":{"hidden":[`+list+`]},"editor":{"hidden":[`+list+`]}}}`)
	for i, a := range []collections.Actor{olga, dana, olga} {
		h.phones = append(h.phones, h.phone(a, crdt.Replica(0xa+i)))
	}
	h.phones[0].push(h.phones[0].edit(0, h.randomEdit))
	for _, p := range h.phones {
		p.pull()
	}
	h.readers = []*reader{{actor: wim}, {actor: eve}}
	return h
}

// run lets things happen and reads all there is now and then.
func (h *hush) run(steps int) {
	h.Helper()
	for step := range steps {
		p := h.phones[h.random.IntN(len(h.phones))]
		switch h.random.IntN(8) {
		case 0:
			p.pull()
		case 1:
			if err := h.Delete(h.Context(), olga, "order", docID(1)); err == nil {
				if _, err := h.Restore(h.Context(), olga, "order", docID(1)); err != nil {
					h.Fatal(err)
				}
			}
		default:
			if change := p.edit(step, h.randomEdit); change != nil {
				p.push(change)
			}
		}
		if h.random.IntN(5) == 0 {
			h.readAll()
		}
	}
	h.readAll()
	for _, r := range h.readers {
		if r.docs == 0 {
			h.Errorf("%s never got a document: the test looks at nothing", r.actor.Name)
		}
	}
}

// randomEdit writes one to three fields, seen or not.
func (h *hush) randomEdit(e *crdt.Editor) error {
	names := []string{"register", "conflict", "text", "set", "list", "map", "counter", "max"}
	for range 1 + h.random.IntN(3) {
		key, word := hushKey, hushValue
		if h.random.IntN(2) == 0 {
			key, word = "open_", "plain"
		}
		name := names[h.random.IntN(len(names))]
		if err := h.edit(e, key+name, name, word+fmt.Sprint(h.random.IntN(5))); err != nil {
			return err
		}
	}
	return nil
}

func (h *hush) edit(e *crdt.Editor, key, strategy, word string) error {
	path := []string{key}
	values := map[string]any{
		"register": map[string]any{word: []any{word}}, "conflict": word, "text": word + " and " + word,
		"set": []any{word}, "list": []any{map[string]any{"a": word, "c": word}, map[string]any{"a": "x"}},
		"map": map[string]any{"a": word, "b": word},
		"max": fmt.Sprintf("2026-03-%02d", 1+h.random.IntN(28)),
	}
	switch {
	case strategy == "counter":
		return e.Add(path, float64(h.random.IntN(9)))
	case strategy != "max" && h.random.IntN(5) == 0:
		return e.Remove(path)
	}
	if strategy == "max" && e.Value()[key] != nil {
		return nil
	}
	return e.Put(path, values[strategy])
}

// readAll is everything that the readers can get.
func (h *hush) readAll() {
	h.Helper()
	for _, r := range h.readers {
		h.readQueries(r.actor)
		h.readSync(r)
		h.readWrites(r.actor)
	}
}

func (h *hush) readQueries(a collections.Actor) {
	h.Helper()
	ctx := h.Context()
	types, err := h.Types(ctx, a)
	h.check("types", types, err)
	for _, t := range types {
		h.check("schema", string(t.Schema.JSON()), nil)
		h.check("fields", t.Schema.Fields(), nil)
	}
	d, err := h.Get(ctx, a, "order", docID(1))
	h.check("get", d, err)
	if err == nil && h.random.IntN(2) == 0 {
		h.checkProblems(d)
	}
	for state := collections.Live; state <= collections.Any; state++ {
		page, err := h.List(ctx, a, "order", collections.ListRequest{State: state})
		h.check("list", page, err)
	}
	for after := ""; ; {
		events, next, err := h.History(ctx, a, "order", docID(1), "", after, 3)
		h.check("history", events, err)
		if after = next; err != nil || next == "" {
			break
		}
	}
}

// checkProblems compares with what the reader would find with their own eyes.
func (h *hush) checkProblems(d *collections.Document) {
	h.Helper()
	t, err := h.Type(h.Context(), wim, "order", d.Version)
	if err != nil {
		h.Fatal(err)
	}
	if want := t.Schema.Validate(d.Value); asJSON(h, want) != asJSON(h, d.Problems) {
		h.Errorf("problems are %v, want %v", d.Problems, want)
	}
}

// readSync pulls what is new, and now and then everything.
func (h *hush) readSync(r *reader) {
	h.Helper()
	if h.random.IntN(4) == 0 {
		r.cursor = ""
	}
	for more := true; more; {
		answer, err := h.Pull(h.Context(), r.actor, r.cursor, nil, 2)
		if err != nil {
			h.Fatal(err)
		}
		h.check("pull", answer, nil)
		for _, d := range answer.Documents {
			r.docs++
			h.checkMeta(d)
		}
		r.cursor, more = answer.Cursor, answer.More
	}
}

// checkMeta looks at the bytes that tell who wrote what when.
func (h *hush) checkMeta(d *collections.DocumentWire) {
	h.Helper()
	if bytes.Contains(d.Meta, []byte(hushValue)) || bytes.Contains(d.Meta, []byte(hushKey)) {
		h.Errorf("the meta of a pulled document tells of what is hidden: %q", d.Meta)
	}
	if _, err := crdt.Decode(d.Value, d.Meta); err != nil {
		h.Errorf("a pulled document cannot be read: %v", err)
	}
}

// readWrites writes what the reader may and may not write, which they know the names of.
func (h *hush) readWrites(a collections.Actor) {
	h.Helper()
	ctx := h.Context()
	d, err := h.Patch(ctx, a, "order", docID(1), map[string]any{"open_register": float64(h.random.IntN(9))})
	h.check("patch", d, err)
	if d != nil {
		value := maps.Clone(d.Value)
		value["open_register"] = "replaced"
		d, err = h.Replace(ctx, a, "order", docID(1), value)
		h.check("replace", d, err)
	}
	d, err = h.Create(ctx, a, "order", docID(1), map[string]any{"open_register": 1.0})
	h.check("create over", d, err)
	d, err = h.Patch(ctx, a, "order", docID(1), map[string]any{"open_max": 5.0})
	h.check("wrong patch", d, err)
}

// check looks for what should not be in an answer.
func (h *hush) check(what string, answer any, err error) {
	h.Helper()
	text := asJSON(h, answer)
	if err != nil {
		text += asJSON(h, err) + err.Error()
	}
	for _, secret := range []string{hushKey, hushValue, "Hush"} {
		if at := strings.Index(text, secret); at >= 0 {
			h.Fatalf("%s tells of what is hidden: …%s…", what, text[max(0, at-200):min(len(text), at+100)])
		}
	}
}

// What one person hides stays in the document for the others: writes of those who do
// not see it leave it alone.
func TestRedaction_WritesKeepHidden(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	o.rule("job", `{"roles":{"worker":{"hidden":["price"]}}}`)
	if _, err := o.Create(t.Context(), eve, "job", docID(1), map[string]any{"title": "x", "price": 9.5}); err != nil {
		t.Fatal(err)
	}
	for _, write := range []func() (*collections.Document, error){
		func() (*collections.Document, error) {
			return o.Patch(t.Context(), wim, "job", docID(1), map[string]any{"title": "y"})
		},
		func() (*collections.Document, error) {
			return o.Replace(t.Context(), wim, "job", docID(1), map[string]any{"status": "open"})
		},
	} {
		seen, err := write()
		if err != nil || seen.Value["price"] != nil {
			t.Errorf("the worker gets %v, %v", seen, err)
		}
		d, err := o.Get(t.Context(), eve, "job", docID(1))
		if err != nil || d.Value["price"] != 9.5 {
			t.Errorf("the price is %v after the worker's write, %v", d.Value["price"], err)
		}
	}
}

// A condition on a hidden field is, for who may ask by any field, one on a field that
// is not there.
func TestWithoutSight(t *testing.T) {
	hidden := map[string]bool{"secret": true}
	for text, want := range map[string]string{
		`{"field":"secret","is":"x"}`:                                                `false`,
		`{"field":"secret.in","is":null}`:                                            `true`,
		`{"field":"secret","not":"x"}`:                                               `true`,
		`{"field":"secret","empty":true}`:                                            `true`,
		`{"field":"secret","in":["x",null]}`:                                         `true`,
		`{"field":"secrets","is":"x"}`:                                               `{"field":"secrets","is":"x"}`,
		`{"none":[{"field":"secret","is":1}]}`:                                       `{"none":[false]}`,
		`{"all":[{"field":"a","is":1},{"any":[{"field":"secret","above":1},true]}]}`: `{"all":[{"field":"a","is":1},{"any":[false,true]}]}`,
	} {
		c := where(t, text)
		if got := asJSON(t, collections.WithoutSight(c, hidden)); got != asJSON(t, where(t, want)) {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
		if asJSON(t, c) != asJSON(t, where(t, text)) {
			t.Errorf("%s was changed itself", text)
		}
	}
	if got := collections.WithoutSight(&schema.Condition{Op: "true"}, hidden); got.Op != "true" {
		t.Errorf("true becomes %v", got)
	}
}
