package schema

import (
	"maps"
	"slices"
	"strings"
)

// RecordWords gives the words by which a record is found, sorted. Each top-level field
// gives its own, up to the bound of [Words]: so no field's text crowds out another's,
// and what is found by a field that somebody sees never depends on one that is hidden
// from them.
func RecordWords(value map[string]any) []string {
	words := map[string]bool{}
	for _, field := range value {
		for _, word := range Words(field) {
			words[word] = true
		}
	}
	return slices.Sorted(maps.Keys(words))
}

// FindsAll reports whether each of the searched words begins one of a record's words,
// which are sorted: the meaning of search, on a server and on a device.
func FindsAll(words, searched []string) bool {
	for _, prefix := range searched {
		at, _ := slices.BinarySearch(words, prefix)
		if at == len(words) || !strings.HasPrefix(words[at], prefix) {
			return false
		}
	}
	return true
}
