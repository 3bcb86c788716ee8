package schema

import (
	"os"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// FuzzParse gives any bytes as a schema and as a value: no panic, no long wait, and
// what is accepted is accepted again as its own JSON.
func FuzzParse(f *testing.F) {
	order, err := os.ReadFile("testdata/work-order.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		string(order), doubling(3, `{"type":"string"}`), nested(5),
		`{"type":"object","patternProperties":{"^a\\s":{"$ref":"#/$defs/%41"}},"$defs":{"A":{"$anchor":"x"}}}`,
		`{"type":"object","properties":{"f":{"enum":[1e308,null,[]],"multipleOf":1e-300}},"x-order":["f"]}`,
		`{"$schema":"http://json-schema.org/draft-04/schema#","id":"a","properties":{"f":{"$ref":"a#/x","exclusiveMinimum":true}},"x":{"items":[{}]}}`,
		`{"items":[{"$ref":"#"}],"dependencies":{"a":["b"],"c":{}},"definitions":{"d":{"$recursiveRef":"#"}}}`,
	} {
		f.Add([]byte(text), []byte(`{"f":[1,"x",{"a b":null}],"title":3}`))
	}
	f.Fuzz(func(t *testing.T, text, value []byte) {
		if len(text) > 10_000 || len(value) > 10_000 {
			return
		}
		start := time.Now()
		record, _ := crdt.ParseValue(value, crdt.Limits{})
		s, err := Parse(text)
		if err == nil {
			checkParsed(t, s, record)
		} else if len(Errors(err)) == 0 {
			t.Errorf("%v is no SchemaError", err)
		}
		if s, _, err := Import(text); err == nil {
			checkParsed(t, s, record)
		} else if len(Errors(err)) == 0 {
			t.Errorf("%v is no SchemaError", err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func checkParsed(t *testing.T, s *Schema, record any) {
	again, err := Parse(s.JSON())
	if err != nil {
		t.Fatalf("its own JSON is refused: %v\n%s", err, s.JSON())
	}
	if string(again.JSON()) != string(s.JSON()) || len(again.Fields()) != len(s.Fields()) {
		t.Fatalf("its own JSON is another type:\n%s\n%s", s.JSON(), again.JSON())
	}
	if changes := Compare(s, again).Changes; len(changes) > 0 {
		t.Fatalf("it differs from itself: %+v", changes)
	}
	object, ok := record.(map[string]any)
	if !ok {
		return
	}
	for _, p := range s.Validate(object) {
		if p.Message.String() == "" || p.Rule == "" || p.Field == "" {
			t.Errorf("%+v", p)
		}
	}
	for key, v := range object {
		s.ValidateField([]string{key}, v, false)
		s.CheckOp(&crdt.Op{Kind: crdt.OpSet, Path: []string{key}, Value: v, Has: true})
	}
}
