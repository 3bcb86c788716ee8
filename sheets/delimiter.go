package sheets

import "bytes"

// delimiters are the characters that stand between cells, the likelier first.
var delimiters = []byte{',', ';', '\t', '|'}

// guessDelimiter finds the character between the cells from the beginning of a file:
// the one that cuts the most lines into equally many cells, more than one. Semicolons
// are what spreadsheets write where the comma stands in numbers.
func guessDelimiter(head []byte) byte {
	best, bestScore := delimiters[0], 0
	for _, d := range delimiters {
		if score := delimiterScore(head, d); score > bestScore {
			best, bestScore = d, score
		}
	}
	return best
}

// delimiterScore counts the lines that have as many cells as the first, and makes
// those with more cells win between delimiters that fit as many lines.
func delimiterScore(head []byte, d byte) int {
	first, same, lines := 0, 0, 0
	for line := range bytes.SplitSeq(outsideQuotes(head), []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		n := bytes.Count(line, []byte{d})
		if lines++; lines == 1 {
			first = n
		}
		if n == first {
			same++
		}
	}
	if first == 0 || lines == 0 {
		return 0
	}
	const most = 1000
	return same*most*most/lines + min(first, most)
}

// outsideQuotes leaves out what stands in quotes, and makes all line ends one.
func outsideQuotes(text []byte) []byte {
	out, quoted := make([]byte, 0, len(text)), false
	for _, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\r':
			out = append(out, '\n')
		default:
			out = append(out, c)
		}
	}
	return out
}
