package studio_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
)

var update = flag.Bool("update", false, "write testdata/compiled.json anew")

// compiled is a condition under which the field "asked" is required, the JSON Schema
// it became, and what the condition says of some records.
type compiled struct {
	Condition any             `json:"condition"`
	Schema    json.RawMessage `json:"schema"`
	Records   []asked         `json:"records"`
}

type asked struct {
	Record   map[string]any `json:"record"`
	Required bool           `json:"required"`
}

// TestCompiled_ForOtherValidators keeps what conditions are compiled to where other
// validators find it: the SDK's and one of others' making are held to it in
// client/js/test/compiled.test.js.
func TestCompiled_ForOtherValidators(t *testing.T) {
	const file = "testdata/compiled.json"
	var cases []compiled
	for seed := 1; len(cases) < 150; seed++ {
		if c, ok := drawCompiled(t, seed); ok {
			cases = append(cases, c)
		}
	}
	var text bytes.Buffer
	text.WriteString("[\n")
	for i, c := range cases {
		line, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			text.WriteString(",\n")
		}
		text.Write(line)
	}
	text.WriteString("\n]\n")
	if *update {
		if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, text.Bytes()) {
		t.Errorf("%s is not what conditions are compiled to: go test ./studio -run Compiled -update, and look at what changed", file)
	}
}

// drawCompiled makes a case of a seed; ok is false where the condition cannot be
// compiled.
func drawCompiled(t *testing.T, seed int) (c compiled, ok bool) {
	t.Helper()
	c.Condition = rapid.Custom(func(t *rapid.T) any { return drawCondition(t, 2) }).Example(seed)
	d, err := studio.Read([]byte(`{"type":"object","properties":{"f":{},"g":{"type":"object","properties":{"h":{}}},"asked":{"title":"Asked","type":"string"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	next, err := d.Do(studio.Command{Do: "set-required-when", Path: path("asked"), Value: c.Condition})
	if err != nil {
		return c, false
	}
	parsed, err := schema.ParseCondition([]byte(textOf(c.Condition)))
	if err != nil {
		t.Fatal(err)
	}
	var flat bytes.Buffer
	if err := json.Compact(&flat, next.JSON()); err != nil {
		t.Fatal(err)
	}
	c.Schema = flat.Bytes()
	for i := range 12 {
		record := rapid.Custom(drawRecord).Example(100*seed + i)
		c.Records = append(c.Records, asked{record, parsed.Match(record)})
	}
	return c, true
}

// drawRecord draws a record with or without f and g.h.
func drawRecord(t *rapid.T) map[string]any {
	record := map[string]any{}
	if rapid.Bool().Draw(t, "f is there") {
		record["f"] = drawValue(t)
	}
	if rapid.Bool().Draw(t, "g is there") {
		record["g"] = map[string]any{"h": drawValue(t)}
	}
	return record
}
