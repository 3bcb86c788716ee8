package sheets

import "strings"

// Spreadsheets that open a CSV file take a cell for a formula by its first character,
// whether it stands in quotes or not, and a formula can send the others away. OWASP
// ("CSV Injection") names = + - @, tab and carriage return; some programs also take a
// line feed and the wide forms of East Asian keyboards. A text that begins so is
// written with an apostrophe before it, which makes it a text and is what people type
// for it themselves.
//
// To be read again as it was, a text that begins with apostrophes and then such a
// character gets one more as well; the reader takes one away from each such text, and
// leaves all other apostrophes alone. A number that is a number is written as it is.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// disarm makes a text safe as a cell of CSV.
func disarm(text string) string {
	if startsFormula(strings.TrimLeft(text, "'")) {
		return "'" + text
	}
	return text
}

// rearm is the text that disarm was given.
func rearm(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && startsFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

func startsFormula(text string) bool {
	for _, start := range formulaStarts {
		if strings.HasPrefix(text, string(start)) {
			return true
		}
	}
	return false
}
