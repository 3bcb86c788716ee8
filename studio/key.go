package studio

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxKey leaves room for the number that makes a key unique.
const maxKey = 48

// keyOf makes a key of a label: the letters and digits without accents, in lower case,
// with "_" between. otherwise is for labels that have none.
func keyOf(label, otherwise string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(strings.ReplaceAll(label, "ß", "ss"))) {
		switch {
		case unicode.Is(unicode.M, r) || r == '\'' || r == '’':
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = b.Len() > 0
		case b.Len() < maxKey:
			if gap {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		}
	}
	key := b.String()
	switch {
	case key == "":
		return otherwise
	case key[0] >= '0' && key[0] <= '9':
		return otherwise + "_" + key
	}
	return key
}

// initials begins the numbers of a type: those of a Work order with "WO-".
func initials(title string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		for _, r := range word {
			b.WriteRune(unicode.ToUpper(r))
			break
		}
		if b.Len() >= 4 {
			break
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + "-"
}

// newKey makes a key that is not taken.
func newKey(label, otherwise string, taken func(string) bool) string {
	base := keyOf(label, otherwise)
	key := base
	for n := 2; taken(key); n++ {
		key = base + "_" + strconv.Itoa(n)
	}
	return key
}
