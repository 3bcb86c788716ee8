package schema

import (
	"fmt"
	"strings"
	"testing"
)

func TestSearch(t *testing.T) {
	crowd := make([]string, 2*maxWords)
	for i := range crowd {
		crowd[i] = fmt.Sprint("word", i)
	}
	record := map[string]any{"notes": strings.Join(crowd, " "), "title": "Pump seal", "parts": []any{map[string]any{"part": "O-Ring"}}}
	words := RecordWords(record)
	for search, want := range map[string]bool{
		"pump": true, "PU se": true, "ring o": true, "word1999": false, "word0": true, "ump": false, "pump gasket": false, "": true,
	} {
		if got := FindsAll(words, Words(search)); got != want {
			t.Errorf("searching for %q finds it: %v, want %v", search, got, want)
		}
	}
}

func TestFindsAll(t *testing.T) {
	words := []string{"a", "apple", "pump"}
	for search, want := range map[string]bool{"a": true, "app": true, "applez": false, "z": false, "": true, "p a": true, "b": false} {
		if got := FindsAll(words, strings.Fields(search)); got != want {
			t.Errorf("%q in %v: %v", search, words, got)
		}
	}
	if FindsAll(nil, []string{"a"}) || !FindsAll(nil, nil) {
		t.Error("no words find something, or nothing does not find them")
	}
}
