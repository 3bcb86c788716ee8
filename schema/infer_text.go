package schema

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// guessTexts guesses what kind of text some texts are, none of them empty.
func guessTexts(texts []string) guess {
	for _, kind := range textKinds {
		if allCells(texts, kind.fits) {
			g := guess{map[string]any{"type": "string"}, everyCell(texts, kind.words)}
			if kind.format != "" {
				g.schema["format"] = kind.format
			}
			if kind.pattern != "" {
				g.schema["pattern"] = kind.pattern
			}
			return g
		}
	}
	if g, ok := guessLong(texts); ok {
		return g
	}
	if g, ok := guessChoice(texts); ok {
		return g
	}
	return guess{map[string]any{"type": "string"}, Says("a text, because %s", whyText(texts))}
}

// textKinds are the texts that have a form. Each form is at most what the format of
// JSON Schema allows, so that nothing is refused that was guessed from.
var textKinds = []struct {
	words           Sentence
	format, pattern string
	fits            func(string) bool
}{
	{Says("a date"), "date", "", formats["date"]},
	{Says("a moment in time"), "date-time", "", formats["date-time"]},
	{Says("a date and time without a time zone"), "", localTime("T"), regexp.MustCompile(localTime("T")).MatchString},
	{Says("a date and time without a time zone"), "", localTime(" "), regexp.MustCompile(localTime(" ")).MatchString},
	{Says("an email address"), "email", "", isPersonalEmail},
	{Says("a web address"), "uri", "", isWebAddress},
	{Says("a UUID"), "uuid", "", formats["uuid"]},
}

// localTime is the pattern of a date and time with no zone, which RFC 3339, and with
// it the format date-time, does not have.
func localTime(between string) string {
	return `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])` + between + `([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?$`
}

// isPersonalEmail reports whether a text is an email address as people have them.
func isPersonalEmail(text string) bool {
	_, host, _ := strings.Cut(text, "@")
	return formats["email"](text) && strings.Contains(host, ".")
}

// isWebAddress reports whether a text is what a browser opens.
func isWebAddress(text string) bool {
	return formats["uri"](text) && (strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://"))
}

// What makes a text long, and a set of texts a choice.
const (
	longText      = 80 // characters of the median
	choiceMost    = 20 // different texts
	choiceLength  = 60 // bytes of each
	choiceSamples = 50 // filled cells before a choice is believed
	choiceShare   = 10 // filled cells for each different text
	choiceSingles = 3  // at most one in so many different texts may occur only once
)

// guessLong finds texts that people write rather than pick.
func guessLong(texts []string) (guess, bool) {
	lengths, lines, data := make([]int, len(texts)), false, 0
	for i, text := range texts {
		lengths[i] = utf8.RuneCountInString(text)
		lines = lines || strings.ContainsAny(text, "\n\r")
		if isData(text) {
			data++
		}
	}
	slices.Sort(lengths)
	median := lengths[len(lengths)/2]
	switch {
	case data*2 > len(texts):
		return guess{map[string]any{"type": "string"}, Says("a text in one piece, because most cells are data for programs, in brackets")}, true
	case !lines && median <= longText:
		return guess{}, false
	}
	why := Says("a long text, because half of the filled cells have %s characters or more", strconv.Itoa(median))
	if lines {
		why = Says("a long text, because it has more than one line")
	}
	return guess{map[string]any{"type": "string", "contentMediaType": "text/plain"}, why}, true
}

// isData reports whether a text looks like an object or a list of some language.
func isData(text string) bool {
	return len(text) > 1 && (text[0] == '{' && text[len(text)-1] == '}' || text[0] == '[' && text[len(text)-1] == ']')
}

// guessChoice finds the few texts that come again and again.
func guessChoice(texts []string) (guess, bool) {
	counts := countTexts(texts)
	singles := 0
	for text, n := range counts {
		if len(text) > choiceLength || strings.ContainsFunc(text, unicode.IsControl) {
			return guess{}, false
		}
		if n == 1 {
			singles++
		}
	}
	if len(counts) < 2 || len(counts) > choiceMost || len(texts) < choiceSamples ||
		len(counts)*choiceShare > len(texts) || singles*choiceSingles > len(counts) {
		return guess{}, false
	}
	choices := make([]any, 0, len(counts))
	for _, text := range sortedKeys(counts) {
		choices = append(choices, text)
	}
	why := Says("a choice of %s, because no other text is in %s filled cells; a new one must be added before anybody can pick it", strconv.Itoa(len(choices)), strconv.Itoa(len(texts)))
	return guess{map[string]any{"type": "string", "enum": choices}, why}, true
}

func countTexts(texts []string) map[string]int {
	counts := map[string]int{}
	for _, text := range texts {
		counts[text]++
	}
	return counts
}

// whyText says why some texts are neither a form, nor long, nor a choice.
func whyText(texts []string) Sentence {
	switch different := len(countTexts(texts)); {
	case len(texts) == 1:
		return Says("one filled cell, %q, tells no more", shorten(texts[0]))
	case len(texts) < choiceSamples:
		return Says("%s filled cells are too few to call it a choice", strconv.Itoa(len(texts)))
	case different == 1:
		return Says("all %s filled cells say %q, which is no choice", strconv.Itoa(len(texts)), shorten(texts[0]))
	case different > choiceMost:
		return Says("%s different ones are in %s filled cells", strconv.Itoa(different), strconv.Itoa(len(texts)))
	}
	return Says("new ones keep coming among the %s filled cells", strconv.Itoa(len(texts)))
}

// shorten cuts a text that is shown as an example.
func shorten(text string) string {
	const most = 30
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
