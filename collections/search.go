package collections

import (
	"maps"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// maxSearchWords is how many words a search may have.
const maxSearchWords = 16

// searchWords gives the words by which a document is found, sorted. Each top-level
// field gives its own, up to the bound of [schema.Words]: so no field's text crowds out
// another's, and what is found by a field that somebody sees never depends on one that
// is hidden from them.
func searchWords(value map[string]any) []string {
	words := map[string]bool{}
	for _, field := range value {
		for _, word := range schema.Words(field) {
			words[word] = true
		}
	}
	return slices.Sorted(maps.Keys(words))
}

// findsAll reports whether each of the searched words begins one of the document's,
// which are sorted.
func findsAll(words, searched []string) bool {
	for _, prefix := range searched {
		at, _ := slices.BinarySearch(words, prefix)
		if at == len(words) || !strings.HasPrefix(words[at], prefix) {
			return false
		}
	}
	return true
}

// parseSearch splits what a person typed into the words to search for. A text without
// letters and digits searches for nothing, and so finds all.
func parseSearch(text string) ([]string, error) {
	words := schema.Words(text)
	if len(words) > maxSearchWords {
		return nil, Errorf(Invalid, "search", "A search has at most %d words; this one has %d.", maxSearchWords, len(words))
	}
	return words, nil
}
