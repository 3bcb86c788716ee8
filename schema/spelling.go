package schema

import "strings"

// nearest finds the keyword that a misspelt word most likely meant, "" if none is near.
func nearest(word string) string {
	// A third slip is plausible in a long word only.
	best, found := 3, ""
	switch {
	case len(word) < 6:
		best = 2
	case len(word) > 12:
		best = 4
	}
	for _, known := range sortedKeys(keywords) {
		if strings.EqualFold(word, known) {
			return known
		}
		if d := editDistance(word, known); d < best {
			best, found = d, known
		}
	}
	return found
}

// nearestOwn finds the annotation of ours that a word beginning with "x-" is one
// slip away from. Short ones are not guessed at: x-red may well be meant.
func nearestOwn(word string) string {
	for _, known := range sortedKeys(keywords) {
		if strings.HasPrefix(known, "x-") && len(known) > 6 && word != known && editDistance(word, known) == 1 {
			return known
		}
	}
	return ""
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that make b of a (the optimal string alignment distance).
func editDistance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
