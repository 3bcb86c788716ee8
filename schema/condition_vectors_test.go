package schema_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// conditionVector is one case of testdata/conditions, which JavaScript runs too:
// either the condition is refused with the sentence Error, or, resolved with Vars
// where there are any, it matches Value or not.
type conditionVector struct {
	Name      string          `json:"name"`
	Condition json.RawMessage `json:"condition"`
	Value     json.RawMessage `json:"value"`
	Vars      *struct {
		Me  string `json:"me"`
		Now int64  `json:"now"`
	} `json:"vars"`
	Want  bool   `json:"want"`
	Error string `json:"error"`
}

// The language means what the shared vectors say, before and after a trip through
// its JSON form.
func TestCondition_Vectors(t *testing.T) {
	files, err := filepath.Glob("testdata/conditions/*.json")
	if err != nil || len(files) < 8 {
		t.Fatalf("vectors are missing: found %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			for _, v := range readConditionVectors(t, file) {
				t.Run(v.Name, v.run)
			}
		})
	}
}

func readConditionVectors(tb testing.TB, file string) []conditionVector {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var vectors []conditionVector
	if err := json.Unmarshal(text, &vectors); err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
	return vectors
}

func (v conditionVector) run(t *testing.T) {
	c, err := schema.ParseCondition(v.Condition)
	if v.Error != "" {
		if err == nil || err.Error() != v.Error {
			t.Fatalf("ParseCondition: got error %v, want %s", err, v.Error)
		}
		return
	}
	if err != nil {
		t.Fatalf("ParseCondition: %v", err)
	}
	value := mustParseObject(t, v.Value)
	for _, c := range []*schema.Condition{c, mustParse(t, marshal(t, c))} {
		if v.Vars != nil {
			c = c.Resolve(schema.Vars{Me: v.Vars.Me, Now: v.Vars.Now})
		}
		if got := c.Match(value); got != v.Want {
			t.Errorf("%s matches %s: got %v, want %v", v.Condition, v.Value, got, v.Want)
		}
	}
}

func mustParse(tb testing.TB, text []byte) *schema.Condition {
	tb.Helper()
	c, err := schema.ParseCondition(text)
	if err != nil {
		tb.Fatalf("ParseCondition(%s): %v", text, err)
	}
	return c
}

func mustParseObject(tb testing.TB, text []byte) map[string]any {
	tb.Helper()
	v, err := crdt.ParseValue(text, crdt.Limits{})
	if err != nil {
		tb.Fatalf("ParseValue(%s): %v", text, err)
	}
	return v.(map[string]any)
}

func marshal(tb testing.TB, c *schema.Condition) []byte {
	tb.Helper()
	text, err := c.MarshalJSON()
	if err != nil {
		tb.Fatal(err)
	}
	return text
}
