package schema

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The bounds of what Words gives.
const (
	maxWords     = 1000
	maxWordBytes = 64
)

// Words splits all text of a value into search words, which is also how a search
// splits what a person typed.
//
// All text is every string at any depth, objects in order of their keys (by code
// point, and the keys themselves are no text) and lists in theirs, and every whole
// number as its digits, because people look for the number of a thing. It is taken
// apart (Unicode NFKD), all marks (category M) are dropped, and each code point alone
// is lowered by its simple mapping; what is no letter (L) and no number (N) separates
// words. So "Crème-brûlée №12" gives 12, brulee, creme, no.
//
// A word longer than 64 bytes is cut after the last code point that fits. Each word
// comes once; after the first 1,000 different ones the rest is left out. The result is
// sorted by code point and owned by the caller.
func Words(value any) []string {
	w := wordSet{}
	w.addValue(value)
	return slices.Sorted(maps.Keys(w))
}

// wordSet collects words until it is full.
type wordSet map[string]struct{}

func (w wordSet) full() bool { return len(w) >= maxWords }

func (w wordSet) addValue(value any) {
	switch v := value.(type) {
	case string:
		w.addText(v)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			w.addWord(strconv.FormatFloat(math.Abs(v), 'f', -1, 64))
		}
	case []any:
		for _, item := range v {
			w.addValue(item)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			w.addValue(v[key])
		}
	}
}

func (w wordSet) addText(text string) {
	for word := range strings.FieldsFuncSeq(fold(text), isSeparator) {
		if w.full() {
			return
		}
		w.addWord(word)
	}
}

func (w wordSet) addWord(word string) {
	if !w.full() {
		w[cutWord(word)] = struct{}{}
	}
}

// fold puts accents and letter case aside.
func fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(text))
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isSeparator(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// cutWord cuts a word to its bound. A prefix of a code point is never left.
func cutWord(word string) string {
	if len(word) <= maxWordBytes {
		return word
	}
	end := maxWordBytes
	for !utf8.RuneStart(word[end]) {
		end--
	}
	return word[:end]
}
