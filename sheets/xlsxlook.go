package sheets

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"
)

// look is what a number format says about the numbers shown with it.
type look struct {
	day, clock bool // it is a date, a time, or both
	elapsed    bool // hours go past 24
	decimals   int  // it shows at least so many
	padded     int  // it shows so many digits before the point, with zeros; 0 where it is not of zeros alone
	plain      bool // nothing is said
}

func (w *workbook) look(style int) look {
	if style < 0 || style >= len(w.looks) {
		return look{plain: true}
	}
	return w.looks[style]
}

// readStyles reads the number formats of styles, by their place among the cellXfs.
func (w *workbook) readStyles(name string) error {
	formats, inCells := map[string]string{}, false
	return w.read(name, w.smallPart(), func(token xml.Token) error {
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "numFmt":
				formats[attribute(t, "numFmtId")] = attribute(t, "formatCode")
			case "cellXfs":
				inCells = true
			case "xf":
				if inCells {
					w.looks = append(w.looks, lookOf(attribute(t, "numFmtId"), formats))
				}
			}
		case xml.EndElement:
			inCells = inCells && t.Name.Local != "cellXfs"
		}
		return nil
	})
}

func lookOf(id string, formats map[string]string) look {
	if code, ok := formats[id]; ok {
		return readLook(code)
	}
	n, _ := strconv.Atoi(id)
	switch {
	case n == 2 || n == 4 || n == 10 || n == 39 || n == 40 || n == 44:
		return look{decimals: 2}
	case n >= 14 && n <= 17, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
		return look{day: true}
	case n >= 18 && n <= 21, n >= 32 && n <= 35, n == 45, n == 47, n == 55, n == 56:
		return look{clock: true}
	case n == 22:
		return look{day: true, clock: true}
	case n == 46:
		return look{clock: true, elapsed: true}
	}
	return look{plain: true}
}

// readLook reads a format such as dd.mm.yyyy hh:mm or #,##0.00.
func readLook(code string) look {
	l := look{elapsed: strings.Contains(strings.ToLower(code), "[h")}
	code = bareFormat(code)
	switch {
	case strings.HasPrefix(code, "general"), code == "@", code == "":
		return look{plain: true}
	case strings.ContainsAny(code, "yd"):
		l.day, l.clock = true, strings.ContainsAny(code, "hs")
		return l
	case l.elapsed, strings.ContainsAny(code, "hs"):
		l.clock = true
		return l
	case strings.Contains(code, "m"):
		l.day = true
		return l
	}
	whole, fraction, _ := strings.Cut(code, ".")
	l.decimals = min(strings.Count(fraction, "0"), 15)
	if strings.Trim(whole, "0") == "" && fraction == "" && len(whole) > 1 && len(whole) < 16 {
		l.padded = len(whole)
	}
	if strings.Contains(code, "%") || strings.ContainsAny(code, "e/") {
		l.decimals = 0
	}
	return l
}

// bareFormat is the first part of a format in lower case, without texts, colours and
// conditions.
func bareFormat(code string) string {
	var out strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case ';':
			return strings.ToLower(out.String())
		case '\\', '_', '*':
			i++
		case '"', '[':
			closing := byte('"')
			if c == '[' {
				closing = ']'
			}
			for i++; i < len(code) && code[i] != closing; i++ {
			}
		default:
			out.WriteByte(c)
		}
	}
	return strings.ToLower(out.String())
}

// cell makes the cell of a number with this look. A number that a spreadsheet worked
// out is said with the 15 digits that it shows, as 4.1*3 is 12.3 there.
func (l look) cell(n float64, from1904 bool) Cell {
	if (l.day || l.clock) && n >= 0 && n < 2_958_466 { // the day after the year 9999
		return l.moment(n, from1904)
	}
	cell := OfNumber(n)
	if seen, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64); err == nil {
		cell.Text = numberText(seen)
	}
	whole, fraction, _ := strings.Cut(cell.Text, ".")
	switch {
	case strings.Contains(cell.Text, "e"):
	case len(fraction) < l.decimals:
		cell.Text = whole + "." + fraction + strings.Repeat("0", l.decimals-len(fraction))
	case fraction == "" && len(whole) < l.padded && n >= 0:
		return OfText(strings.Repeat("0", l.padded-len(whole)) + whole) // a code, whose zeros count
	}
	return cell
}

// moment makes the cell of a number of days.
func (l look) moment(days float64, from1904 bool) Cell {
	ms := math.Round(days * 24 * 60 * 60 * 1000)
	if !l.day || days < 1 && l.clock {
		if l.elapsed || days < 1 {
			seconds := int64(math.Round(ms / 1000))
			text := strconv.FormatInt(seconds/3600, 10) + time.Unix(seconds, 0).UTC().Format(":04:05")
			if len(text) < len("00:00:00") {
				text = "0" + text
			}
			return Cell{Kind: Clock, Text: text}
		}
	}
	// Day 1 is 1 January 1900, and day 60 the 29 February that year never had.
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		first = first.AddDate(0, 0, 1)
	}
	whole := math.Floor(ms / 86_400_000)
	t := first.AddDate(0, 0, int(whole)).Add(time.Duration(ms-whole*86_400_000) * time.Millisecond)
	// Where seconds are meant, a double is off by less than a millisecond.
	if r := t.Round(time.Second); r.Sub(t).Abs() <= time.Millisecond {
		t = r
	}
	if !l.clock && t.Equal(t.Truncate(24*time.Hour)) {
		return OfDate(t)
	}
	return OfMoment(t)
}

// isoCell reads a date that the file writes as ISO 8601.
func isoCell(text string) Cell {
	c := Cell{Kind: Text, Text: strings.TrimSuffix(text, "Z")}
	t, ok := c.time()
	switch {
	case text == "":
		return Cell{}
	case !ok:
		return OfText(text)
	case len(c.Text) == len(time.DateOnly):
		return OfDate(t)
	}
	return OfMoment(t)
}
