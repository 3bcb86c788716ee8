package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/fieldstack/fieldstack/collections"
)

// MaxName is the longest sign-in name, in code points.
const MaxName = 64

// foldName gives the one spelling that stands for all spellings of a name: NFKC and
// full case folding, as UAX #31 advises for identifiers. Letters that merely look
// alike across scripts stay apart; checkName keeps them from being mixed.
func foldName(name string) string {
	// Folding can undo composition, and composition can make new letters to fold.
	folded := cases.Fold().String(norm.NFKC.String(name))
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(folded)))
}

// checkName says whether a name may be registered, and gives it as it is kept: NFC.
func checkName(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", collections.Errorf(collections.Invalid, "name", "The name is not valid text: type it again.")
	}
	name = norm.NFC.String(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", collections.Errorf(collections.Invalid, "name", "The name is empty: give one of 1 to %d characters.", MaxName)
	case n > MaxName:
		return "", collections.Errorf(collections.Invalid, "name", "The name has %d characters: use at most %d.", n, MaxName)
	}
	for _, r := range name + foldName(name) {
		if !nameRune(r) {
			return "", collections.Errorf(collections.Invalid, "name",
				"The name holds the character %+q: use letters, digits and . _ - + @ only.", r)
		}
	}
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "-") {
		return "", collections.Errorf(collections.Invalid, "name", "The name begins with %q: begin with a letter or a digit.", name[:1])
	}
	if mixedScripts(name) {
		return "", collections.Errorf(collections.Invalid, "name",
			"The name mixes letters that look alike in different alphabets: use one alphabet.")
	}
	return name, nil
}

func nameRune(r rune) bool {
	if strings.ContainsRune("._-+@", r) {
		return true
	}
	if unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r) {
		return false // letters that no one sees, such as the Hangul fillers
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// mixedScripts reports letters of more than one of the three alphabets whose letters
// are drawn alike.
func mixedScripts(name string) bool {
	scripts := 0
	for _, script := range []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic} {
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(script, r) }) {
			scripts++
		}
	}
	return scripts > 1
}
