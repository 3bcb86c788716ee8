package schema

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// guessColumn guesses what a column of a table is from its filled cells: the first of
// these that fits them all.
func guessColumn(name string, cells []string) guess {
	if len(cells) == 0 {
		return guess{map[string]any{"type": "string"}, Says("a text, because no row fills it in")}
	}
	for _, try := range []func(string, []string) (guess, bool){guessCode, guessBool, guessNumber, guessDate} {
		if g, ok := try(name, cells); ok {
			return g
		}
	}
	g := guessTexts(cells)
	if almost := almostNumbers(cells); !almost.IsEmpty() && g.schema["enum"] == nil {
		g.why = Says("%s, though most are numbers: %s", g.why, almost)
	}
	return g
}

// codeWords name columns of digits that nobody adds up and that may begin with a zero.
var codeWords = []string{
	"zip", "zipcode", "postal", "postcode", "postalcode", "plz",
	"phone", "telephone", "tel", "mobile", "fax", "ssn", "iban",
}

// guessCode keeps postal codes and telephone numbers texts.
func guessCode(name string, cells []string) (guess, bool) {
	word := ""
	for _, w := range Words(name) {
		if slices.Contains(codeWords, w) {
			word = w
		}
	}
	if word == "" || !allCells(cells, func(cell string) bool { _, wanted := numberCell{}.read(cell); return wanted.IsEmpty() }) {
		return guess{}, false
	}
	why := Says(`a text, because its name says %q, and codes and telephone numbers are no amounts`, word)
	return guess{map[string]any{"type": "string"}, why}, true
}

func allCells(cells []string, fits func(string) bool) bool {
	for _, cell := range cells {
		if !fits(cell) {
			return false
		}
	}
	return true
}

// boolFormats are the words for true and false, by how many of the two a column must
// show before it is believed: one letter alone may be anything.
var boolFormats = []struct {
	format string
	both   bool
}{
	{"true/false", false}, {"True/False", false}, {"TRUE/FALSE", false},
	{"yes/no", false}, {"Yes/No", false}, {"YES/NO", false},
	{"y/n", true}, {"Y/N", true}, {"t/f", true}, {"T/F", true},
}

func guessBool(_ string, cells []string) (guess, bool) {
	for _, f := range boolFormats {
		c := boolCellOf(f.format)
		if !allCells(cells, func(cell string) bool { return cell == c.yes || cell == c.no }) {
			continue
		}
		if f.both && !(slices.Contains(cells, c.yes) && slices.Contains(cells, c.no)) {
			continue
		}
		g := guess{map[string]any{"type": "boolean"}, everyCell(cells, Says("yes or no"), Says("%s or %s", c.yes, c.no))}
		if f.format != "true/false" {
			g.schema["x-format"] = f.format
		}
		return g, true
	}
	return guess{}, false
}

// everyCell says that every cell is what it was taken for; as says, with at most one
// sentence, in which way.
func everyCell(cells []string, what Sentence, as ...Sentence) Sentence {
	if len(as) == 0 {
		return SaysOf(len(cells), "%[2]s, because the one filled cell is", "%[2]s, because all %[1]d filled cells are", what)
	}
	return SaysOf(len(cells), "%[2]s, because the one filled cell is %[3]s", "%[2]s, because all %[1]d filled cells are %[3]s", what, as[0])
}

func guessNumber(_ string, cells []string) (guess, bool) {
	c := numberCell{leastDecimals(cells)}
	whole := c.decimals == 0
	for _, cell := range cells {
		v, _ := c.read(cell)
		n, ok := v.(float64)
		if !ok || c.write(n) != cell {
			return guess{}, false
		}
		whole = whole && n == math.Trunc(n)
	}
	switch {
	case whole:
		return guess{map[string]any{"type": "integer"}, everyCell(cells, Says("a whole number"))}, true
	case c.decimals == 0:
		return guess{map[string]any{"type": "number"}, everyCell(cells, Says("a number"))}, true
	}
	why := Says("%s, each with at least one decimal", everyCell(cells, Says("a number")))
	if c.decimals > 1 {
		why = Says("%s, each with at least %s decimals", everyCell(cells, Says("a number")), strconv.Itoa(c.decimals))
	}
	return guess{map[string]any{"type": "number", "x-format": formatOf(c.decimals)}, why}, true
}

// leastDecimals is how many decimals a column always shows, where it shows more than
// its numbers need: 12.50 or 7.0.
func leastDecimals(cells []string) int {
	least, padded := math.MaxInt, false
	for _, cell := range cells {
		_, decimals, _ := strings.Cut(cell, ".")
		least = min(least, len(decimals))
		padded = padded || strings.HasSuffix(decimals, "0")
	}
	if !padded || least > 15 {
		return 0
	}
	return least
}

// almostNumbers names a cell that keeps a column of numbers from being one, nothing where
// fewer than nine in ten are numbers.
func almostNumbers(cells []string) Sentence {
	numbers, other := 0, Sentence{}
	for _, cell := range cells {
		switch v, wanted := (numberCell{}).read(cell); {
		case !wanted.IsEmpty():
			other = Says("%s is not", crdt.Canonical(shorten(cell)))
		default:
			numbers++
			if again := crdt.Canonical(v); other.IsEmpty() && again != cell {
				other = Says("%q would come back as %q", cell, again)
			}
		}
	}
	if numbers*10 < len(cells)*9 {
		return Sentence{}
	}
	return other
}

// guessDate finds dates that are not written as ISO 8601; guessTexts finds the others.
func guessDate(_ string, cells []string) (guess, bool) {
	var fits []string
	for _, format := range sortedKeys(dateLayouts) {
		c := dateCell{format, dateLayouts[format]}
		if allCells(cells, func(cell string) bool {
			return len(cell) >= len("1/2/2006") && sameCell(c, cell) && !formats["date"](cell)
		}) {
			fits = append(fits, format)
		}
	}
	switch {
	case len(fits) == 0:
		return guess{}, false
	case sameDays(fits, cells):
		why := everyCell(cells, Says("a date"), Says("written %s", fits[0]))
		return guess{map[string]any{"type": "string", "format": "date", "x-format": fits[0]}, why}, true
	}
	why := Says("a text, because nothing tells the day from the month in dates such as %s", cells[0])
	return guess{map[string]any{"type": "string"}, why}, true
}

// sameDays reports whether all formats read the same dates.
func sameDays(formats, cells []string) bool {
	for _, cell := range cells {
		first, _ := time.Parse(dateLayouts[formats[0]], cell)
		for _, format := range formats[1:] {
			if other, _ := time.Parse(dateLayouts[format], cell); !other.Equal(first) {
				return false
			}
		}
	}
	return true
}
