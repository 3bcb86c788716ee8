package sheets

import (
	"encoding/json"
	"strconv"
	"time"
)

// Kind is what kind of value a cell holds.
type Kind uint8

const (
	Empty  Kind = iota
	Text        // any text; the only kind that CSV has
	Number      // see Cell.Number
	Truth       // true or false; Cell.Number is 1 or 0
	Date        // a day, with no time; text as 2006-01-02
	Moment      // a day and a time of it, with no zone; text as 2006-01-02T15:04:05
	Clock       // a time of day, or a duration in hours; text as 15:04:05
	Data        // a list or an object; see Cell.Data
)

// Cell is what stands in one place of a table. The zero Cell is empty.
type Cell struct {
	Kind Kind
	// Text says the value as a person sees it, but for what only looks that way:
	// numbers have a point and no separators, days and times are as Kind says, a list
	// or an object is JSON. It is "" only for an empty cell or an empty text.
	Text   string
	Number float64 // of Number, exact; of Truth
	Data   any     // of Data: []any or map[string]any, as encoding/json gives them, numbers as float64
}

// OfText is a cell of a text; "" makes an empty one.
func OfText(text string) Cell {
	if text == "" {
		return Cell{}
	}
	return Cell{Kind: Text, Text: text}
}

// OfNumber is a cell of a number.
func OfNumber(n float64) Cell { return Cell{Kind: Number, Text: numberText(n), Number: n} }

// OfTruth is a cell of true or false.
func OfTruth(b bool) Cell {
	if b {
		return Cell{Kind: Truth, Text: "true", Number: 1}
	}
	return Cell{Kind: Truth, Text: "false"}
}

// OfDate is a cell of the day of t, in its own zone.
func OfDate(t time.Time) Cell { return Cell{Kind: Date, Text: t.Format(time.DateOnly)} }

// OfMoment is a cell of the day and the time of t, in its own zone, which is not kept.
func OfMoment(t time.Time) Cell { return Cell{Kind: Moment, Text: t.Format(momentLayout)} }

const momentLayout = "2006-01-02T15:04:05.999"

// OfValue is a cell of a plain JSON value: nil, string, float64, bool, []any or
// map[string]any. The cell keeps lists and objects; they must not change from then on.
func OfValue(v any) Cell {
	switch v := v.(type) {
	case nil:
		return Cell{}
	case string:
		return OfText(v)
	case float64:
		return OfNumber(v)
	case bool:
		return OfTruth(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return Cell{}
	}
	return Cell{Kind: Data, Text: string(text), Data: v}
}

// Value is the cell as plain JSON: nil, string, float64, bool, []any or map[string]any.
func (c Cell) Value() any {
	switch c.Kind {
	case Empty:
		return nil
	case Number:
		return c.Number
	case Truth:
		return c.Number == 1
	case Data:
		return c.Data
	}
	return c.Text
}

// time reads the text of a Date or Moment.
func (c Cell) time() (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, momentLayout} {
		if t, err := time.Parse(layout, c.Text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// numberText writes a number with the fewest digits that give it again, and without an
// exponent where a person would write none.
func numberText(n float64) string {
	if abs := max(n, -n); abs != 0 && (abs < 1e-7 || abs >= 1e21) {
		return strconv.FormatFloat(n, 'e', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
