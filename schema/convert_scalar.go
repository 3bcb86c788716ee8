package schema

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// numberCell is a number with a point, and at least so many decimals when written.
type numberCell struct {
	decimals int
}

// Numbers in between have more digits before the point than a double holds, and
// crdt.ParseValue refuses them too.
const (
	maxWhole = 1<<53 - 1
	minHuge  = 1e21
)

// numberShape is narrower than strconv.ParseFloat: no inf, no 0x, no 1_000.
var numberShape = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

func (numberCell) read(cell string) (any, Sentence) {
	cell = strings.TrimSpace(cell)
	v, err := strconv.ParseFloat(cell, 64)
	switch {
	case !numberShape.MatchString(cell):
		return nil, Says("a number, written with a point and without separators")
	case err != nil:
		return nil, Says("a number that a computer can hold")
	case math.Abs(v) > maxWhole && math.Abs(v) < minHuge:
		return nil, Says("a number of at most 15 digits before the point (longer ones are better kept in a text)")
	}
	return v + 0, Sentence{} // -0 + 0 is 0
}

func (c numberCell) write(value any) string {
	v, ok := value.(float64)
	if !ok || c.decimals == 0 {
		return plainCell(value)
	}
	cell := strconv.FormatFloat(v, 'f', -1, 64)
	point := strings.IndexByte(cell, '.')
	if point < 0 {
		point = len(cell)
		cell += "."
	}
	return cell + strings.Repeat("0", max(0, c.decimals-(len(cell)-point-1)))
}

var decimalsShape = regexp.MustCompile(`^0\.0{1,15}$`)

// decimalsOf is how many decimals an "x-format" such as 0.00 asks for.
func decimalsOf(format string) int {
	if !decimalsShape.MatchString(format) {
		return 0
	}
	return len(format) - len("0.")
}

// formatOf is the "x-format" that decimalsOf reads.
func formatOf(decimals int) string { return "0." + strings.Repeat("0", decimals) }

// boolCell is true and false, by two words.
type boolCell struct {
	yes, no string
}

// boolCellOf reads an "x-format" such as Yes/No.
func boolCellOf(format string) boolCell {
	yes, no, ok := strings.Cut(format, "/")
	if !ok || yes == "" || no == "" || strings.EqualFold(yes, no) {
		return boolCell{"true", "false"}
	}
	return boolCell{yes, no}
}

func (c boolCell) read(cell string) (any, Sentence) {
	cell = strings.TrimSpace(cell)
	// The column's own words go first: they may be "no" for true.
	switch {
	case strings.EqualFold(cell, c.yes):
		return true, Sentence{}
	case strings.EqualFold(cell, c.no):
		return false, Sentence{}
	}
	switch strings.ToLower(cell) {
	case "true", "yes", "y", "t", "1":
		return true, Sentence{}
	case "false", "no", "n", "f", "0":
		return false, Sentence{}
	}
	return nil, Says("yes or no")
}

func (c boolCell) write(value any) string {
	switch value {
	case true:
		return c.yes
	case false:
		return c.no
	}
	return plainCell(value)
}

// dateCell is a date that a table writes in a way of its own; the value is ISO 8601.
type dateCell struct {
	format, layout string
}

// dateLayouts are the ways to write a date that "x-format" may name, as Go's time
// package has them.
var dateLayouts = map[string]string{
	"MM/DD/YYYY": "01/02/2006",
	"M/D/YYYY":   "1/2/2006",
	"DD/MM/YYYY": "02/01/2006",
	"D/M/YYYY":   "2/1/2006",
	"DD.MM.YYYY": "02.01.2006",
	"D.M.YYYY":   "2.1.2006",
	"YYYY/MM/DD": "2006/01/02",
}

func (c dateCell) read(cell string) (any, Sentence) {
	cell = strings.TrimSpace(cell)
	if _, err := time.Parse(time.DateOnly, cell); err == nil {
		return cell, Sentence{}
	}
	t, err := time.Parse(c.layout, cell)
	if err != nil {
		return nil, Says("a date written as %s", c.format)
	}
	return t.Format(time.DateOnly), Sentence{}
}

func (c dateCell) write(value any) string {
	text, _ := value.(string)
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return plainCell(value)
	}
	return t.Format(c.layout)
}

// sameCell reports whether a cell comes back as it was.
func sameCell(kind cellKind, cell string) bool {
	v, wanted := kind.read(cell)
	return wanted.IsEmpty() && kind.write(v) == cell
}
