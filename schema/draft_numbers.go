package schema

import (
	"math"
	"regexp"
	"strconv"
)

// token finds the texts and the numbers of JSON; a text is matched so that what looks
// like a number inside it is not.
var token = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*`)

// exact is the largest whole number up to which a double holds every one.
const exact = 1<<53 - 1

// roundNumbers writes the whole numbers that no double holds exactly, such as the
// bounds of a 64-bit integer, as the nearest that any value here can reach.
func roundNumbers(text []byte) (rounded []byte, count int) {
	rounded = token.ReplaceAllFunc(text, func(t []byte) []byte {
		if t[0] == '"' {
			return t
		}
		n, err := strconv.ParseFloat(string(t), 64)
		if err != nil || math.Abs(n) <= exact || !whole(t) {
			return t
		}
		count++
		return strconv.AppendFloat(nil, math.Copysign(exact, n), 'f', -1, 64)
	})
	return rounded, count
}

// whole reports whether a number is written with digits only.
func whole(token []byte) bool {
	for _, c := range token {
		if c == '.' || c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}
