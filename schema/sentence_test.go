package schema_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/schema"
)

func TestSentence(t *testing.T) {
	german := func(s schema.Sentence, args []any) string {
		texts := map[string]string{"%s is new.": "%s ist neu.", "%s or %s": "%s oder %s", "%s must be %s.": "%s muss %s sein."}
		if text, ok := texts[s.Text]; ok {
			return fmt.Sprintf(text, args...)
		}
		return fmt.Sprintf(s.Text, args...)
	}
	either := schema.Says("%s or %s", schema.List{"1", schema.Says("two")}, "50%")
	for _, c := range []struct {
		s               schema.Sentence
		english, german string
	}{
		{schema.Says("%s is new.", "Status"), "Status is new.", "Status ist neu."},
		{schema.Says("%s must be %s.", "Size", either), "Size must be 1, two or 50%.", "Size muss 1, two oder 50% sein."},
		{schema.SaysOf(1, "%d entry in %s", "%d entries in %s", "Parts"), "1 entry in Parts", "1 entries in Parts"},
		{schema.SaysOf(0, "%d entry", "%d entries"), "0 entries", "0 entries"},
		{schema.Says("All of it, 100%%."), "All of it, 100%.", "All of it, 100%."},
		{schema.Verbatim("100% %s"), "100% %s", "100% %s"},
		{schema.Sentence{}, "", ""},
	} {
		if got := c.s.String(); got != c.english {
			t.Errorf("%q, want %q", got, c.english)
		}
		if got := c.s.In(german); got != c.german {
			t.Errorf("%q, want %q", got, c.german)
		}
		text, err := json.Marshal(c.s)
		if err != nil {
			t.Fatal(err)
		}
		var back schema.Sentence
		if err := json.Unmarshal(text, &back); err != nil || back.String() != c.english || back.IsEmpty() != c.s.IsEmpty() {
			t.Errorf("%s comes back as %q, %v", text, back, err)
		}
	}
}
