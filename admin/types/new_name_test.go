package types

import (
	"strings"
	"testing"
)

// Ensure a name is made of what a title has of the letters that a name may have.
func TestTypeName(t *testing.T) {
	for title, want := range map[string]string{
		"Work order": "work-order", "  Büro, groß!  ": "buro-gross", "3 phases": "phases", "A1": "a1", "日本": "", "": "", "a--b": "a-b", "Ærø": "r",
		strings.Repeat("ab", 50): strings.Repeat("ab", 25),
	} {
		if got := typeName(title); got != want {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
	}
}

// Ensure a path survives the way through an address, whatever its keys are.
func TestEncoded(t *testing.T) {
	for _, path := range [][]string{{"a"}, {"parts", "*", "qty"}, {"a/b", "c~d", "~1"}, {"é ü"}} {
		if got := decoded(encoded(path)); strings.Join(got, "|") != strings.Join(path, "|") {
			t.Errorf("%q becomes %q", path, got)
		}
	}
}
