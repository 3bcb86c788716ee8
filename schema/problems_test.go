package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/crdt"
)

// problemVector is a type of testdata/problems.json with what it says about values,
// places, operations and conditions. JavaScript runs the same file and gives the very
// same problems; -update writes the answers here, for somebody to read.
type problemVector struct {
	Name       string             `json:"name"`
	Schema     json.RawMessage    `json:"schema"`
	Fields     []Field            `json:"fields"`
	Values     []*valueVector     `json:"values"`
	Places     []*placeVector     `json:"places"`
	Ops        []*opVector        `json:"ops"`
	Conditions []*sentencedVector `json:"conditions"`
}

// valueVector is a whole value, or any value for a schema that is none of records.
type valueVector struct {
	Value    json.RawMessage `json:"value"`
	Problems []Problem       `json:"problems"`
}

// placeVector is a value for one field.
type placeVector struct {
	Path     []string        `json:"path"`
	Value    json.RawMessage `json:"value"`
	Element  bool            `json:"element,omitempty"`
	Problems []Problem       `json:"problems"`
}

// opVector is an operation, with what CheckOp looks at.
type opVector struct {
	Op       json.RawMessage `json:"op"`
	Problems []Problem       `json:"problems"`
}

// sentencedVector is a condition: why it does not fit, "" where it does, and in words.
type sentencedVector struct {
	Condition *Condition `json:"condition"`
	Path      string     `json:"path,omitempty"`
	Error     string     `json:"error,omitempty"`
	Sentence  string     `json:"sentence"`
}

// Every problem and every sentence is as the shared vectors have it.
func TestProblemVectors(t *testing.T) {
	const name = "testdata/problems.json"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var vectors []*problemVector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		v.answer(t)
	}
	golden(t, "problems.json", problemText(t, vectors))
}

// answer works out all answers anew.
func (v *problemVector) answer(t *testing.T) {
	t.Helper()
	s, err := Parse(v.Schema)
	if err != nil {
		t.Fatalf("%s: %v", v.Name, err)
	}
	v.Schema, v.Fields = s.JSON(), s.Fields()
	for _, c := range v.Values {
		c.Problems = s.check(s.root, nil, value(t, string(c.Value)))
	}
	for _, c := range v.Places {
		c.Problems = s.ValidateField(c.Path, value(t, string(c.Value)), c.Element)
	}
	for _, c := range v.Ops {
		c.Problems = s.CheckOp(wireOp(t, c.Op))
	}
	for _, c := range v.Conditions {
		var fault *ConditionError
		if c.Path, c.Error = "", ""; errors.As(c.Condition.Check(s, nil), &fault) {
			c.Path, c.Error = fault.Path, fault.Message.String()
		}
		c.Sentence = c.Condition.Sentence(s).String()
	}
}

// wireOp reads as much of an operation as CheckOp looks at, also where it is none.
func wireOp(t *testing.T, text []byte) *crdt.Op {
	t.Helper()
	object := value(t, string(text)).(map[string]any)
	op := &crdt.Op{Value: object["value"]}
	_, op.Has = object["value"]
	kind, _ := object["kind"].(string)
	as, _ := object["as"].(string)
	op.Kind, op.As = crdt.Kind(kind), crdt.Strategy(as)
	list, _ := object["path"].([]any)
	for _, key := range list {
		op.Path = append(op.Path, key.(string))
	}
	return op
}

// problemText writes the vectors with a line for each case, so that a change of one is
// a change of one line.
func problemText(t *testing.T, vectors []*problemVector) string {
	t.Helper()
	var b bytes.Buffer
	line := func(before string, v any, last bool) {
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		b.WriteString(before)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		b.Truncate(b.Len() - 1)
		if !last {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("[\n")
	for i, v := range vectors {
		b.WriteString(" {\n")
		line(`  "name": `, v.Name, false)
		line(`  "schema": `, v.Schema, false)
		b.WriteString("  \"fields\": [\n")
		lines(v.Fields, line)
		b.WriteString("  ],\n  \"values\": [\n")
		lines(v.Values, line)
		b.WriteString("  ],\n  \"places\": [\n")
		lines(v.Places, line)
		b.WriteString("  ],\n  \"ops\": [\n")
		lines(v.Ops, line)
		b.WriteString("  ],\n  \"conditions\": [\n")
		lines(v.Conditions, line)
		b.WriteString("  ]\n }")
		if i < len(vectors)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
	return b.String()
}

func lines[V any](list []V, line func(string, any, bool)) {
	for i, v := range list {
		line("   ", v, i == len(list)-1)
	}
}

// The vectors are about everything that can be said.
func TestProblemVectorsCoverEveryRule(t *testing.T) {
	text, err := os.ReadFile("testdata/problems.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []*problemVector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, v := range vectors {
		for _, c := range v.Values {
			for _, p := range c.Problems {
				told[p.Rule] = true
			}
		}
	}
	var missing []string
	for word, kind := range keywords {
		switch kind {
		case aSchema, someSchemas, schemaNames, aReference, aMerge, aSerial, aType, aWhen:
			continue
		case aString, aBoolean, anything:
			if word != "const" && word != "uniqueItems" {
				continue
			}
		}
		if word != "x-order" && word != "x-sections" && !told[word] {
			missing = append(missing, word)
		}
	}
	for _, word := range []string{"not", "oneOf", "anyOf", "false", "items", "contains", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"} {
		if !told[word] {
			missing = append(missing, word)
		}
	}
	if diff := cmp.Diff([]string(nil), missing); diff != "" {
		t.Errorf("no vector has a problem of:\n%s", diff)
	}
}
