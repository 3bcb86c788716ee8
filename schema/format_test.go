package schema

import (
	"encoding/json"
	"os"
	"testing"
)

// The cases that every implementation of a format must pass.
func TestFormatVectors(t *testing.T) {
	vectors := formatVectors(t)
	seen := map[string]bool{}
	for _, v := range vectors {
		seen[v.Format] = true
		for _, text := range v.Valid {
			if !formats[v.Format](text) {
				t.Errorf("%s: %q is valid", v.Format, text)
			}
		}
		for _, text := range v.Invalid {
			if formats[v.Format](text) {
				t.Errorf("%s: %q is not valid", v.Format, text)
			}
		}
	}
	for name := range formats {
		if !seen[name] || formatNames[name].IsEmpty() {
			t.Errorf("%s has no cases or no name", name)
		}
	}
}

// formatVector has texts that are of a format, and texts that are not.
type formatVector struct {
	Format         string
	Valid, Invalid []string
}

func formatVectors(t *testing.T) []formatVector {
	t.Helper()
	text, err := os.ReadFile("testdata/formats.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []formatVector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	return vectors
}
