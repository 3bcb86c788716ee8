package collections

import "github.com/fieldstack/fieldstack/schema"

// maxSearchWords is how many words a search may have.
const maxSearchWords = 16

// parseSearch splits what a person typed into the words to search for. A text without
// letters and digits searches for nothing, and so finds all.
func parseSearch(text string) ([]string, error) {
	words := schema.Words(text)
	if len(words) > maxSearchWords {
		return nil, Errorf(Invalid, "search", "A search has at most %d words; this one has %d.", maxSearchWords, len(words))
	}
	return words, nil
}
