package schema_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/schema"
)

// What is kept can be said in every language afterwards, as what it was made of.
func TestSentence_Keep(t *testing.T) {
	for _, s := range []schema.Sentence{
		{},
		schema.Says("Yes"),
		schema.Verbatim("100% %d"),
		schema.SaysOf(1, "%d hour", "%d hours"),
		schema.SaysOf(3, "%d hour of %s", "%d hours of %s", "«x»"),
		schema.Says("%s and %s, %v", schema.List{"a", 2, schema.Says("b")}, schema.SaysOf(2, "%d row", "%d rows"), 0.5),
		schema.Says("%s", schema.List(nil)),
	} {
		var read schema.Sentence
		if err := json.Unmarshal(s.Keep(), &read); err != nil {
			t.Fatalf("%s: %v", s.Keep(), err)
		}
		if diff := cmp.Diff(s, read); diff != "" {
			t.Errorf("%s reads back otherwise:\n%s", s.Keep(), diff)
		}
		var plain schema.Sentence
		text, err := json.Marshal(s)
		if err == nil {
			err = json.Unmarshal(text, &plain)
		}
		if err != nil || plain.String() != s.String() {
			t.Errorf("%s reads back as %q, %v", text, plain, err)
		}
	}
}
