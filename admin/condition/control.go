package condition

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/templates/words"
)

// control is how the value of a comparison is given.
type control string

// The controls.
const (
	noControl   control = ""
	oneText     control = "text"
	manyTexts   control = "texts" // one a line
	oneNumber   control = "number"
	manyNumbers control = "numbers" // one a line
	oneDay      control = "day"
	oneMoment   control = "moment" // in UTC
	oneChoice   control = "choice"
	anyChoices  control = "choices"
)

// What can be wrong with a row.
var (
	noField    = words.Key("Choose a field: the one that was chosen is not there any more.")
	noOperator = words.Key("Choose how to compare this field.")
	noText     = words.Key("Type what to compare with.")
	noTexts    = words.Key("Type what to compare with, one to a line.")
	noNumber   = words.Key("Type a number, such as 12.5.")
	noDay      = words.Key("Choose a day.")
	noMoment   = words.Key("Choose a day and a time.")
	noChoice   = words.Key("Choose a value.")
	noChoices  = words.Key("Choose at least one value.")
	emptyGroup = words.Key("Add a condition to this group, or remove the group.")
	tooMuch    = words.Key("This is more than can be edited here: remove some of it.")
	unreadable = words.Key("This part did not arrive whole: remove it and make it again.")
)

// coded reports whether the form gives scalars as JSON rather than texts.
func (c control) coded() bool { return c == oneChoice || c == anyChoices }

// momentLayout is how a control for a day and a time gives it; stored is how it is
// compared, which is how $now is written.
const (
	momentLayout = "2006-01-02T15:04"
	storedMoment = "2006-01-02T15:04:05.000Z"
)

// shown gives the texts or scalars with which the control shows a value of a condition.
// A value that it cannot show gives what does not mean that value.
func (c control) shown(v any) []any {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	switch c {
	case noControl:
		return nil
	case manyTexts, manyNumbers:
		return []any{strings.Join(texts(list), "\n")}
	case oneMoment:
		at, err := time.Parse(storedMoment, fmt.Sprint(v))
		if err != nil {
			return nil
		}
		return []any{at.Format(momentLayout)}
	case oneText, oneDay:
		if _, isText := v.(string); !isText {
			return nil
		}
	}
	return slices.Clone(list)
}

// texts gives scalars as a person types them.
func texts(list []any) []string {
	typed := make([]string, len(list))
	for i, v := range list {
		typed[i] = typedAs(v)
	}
	return typed
}

func typedAs(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// meant gives the value that was typed or chosen, or what is wrong with it. It is what
// the whole control means: choices are those of its field.
func (c control) meant(values, choices []any) (v any, fault string) {
	switch c {
	case oneChoice:
		if len(values) == 1 && slices.Contains(choices, values[0]) {
			return values[0], ""
		}
		return nil, noChoice
	case anyChoices:
		if len(values) == 0 || slices.ContainsFunc(values, func(v any) bool { return !slices.Contains(choices, v) }) {
			return nil, noChoices
		}
		return inOrder(choices, values), ""
	case manyTexts, manyNumbers:
		return c.meantLines(values)
	}
	text := ""
	if len(values) > 0 {
		text = typedAs(values[0])
	}
	return c.meantText(text)
}

// inOrder gives those of choices that are among values: which were ticked has no order.
func inOrder(choices, values []any) []any {
	var ticked []any
	for _, c := range choices {
		if slices.Contains(values, c) {
			ticked = append(ticked, c)
		}
	}
	return ticked
}

func (c control) meantText(text string) (v any, fault string) {
	switch c {
	case oneNumber:
		return number(text)
	case oneDay:
		if day, err := time.Parse(time.DateOnly, text); err != nil || day.Format(time.DateOnly) != text {
			return nil, noDay
		}
		return text, ""
	case oneMoment:
		at, err := time.Parse(momentLayout, text)
		if err != nil {
			return nil, noMoment
		}
		return at.Format(storedMoment), ""
	}
	if text == "" || strings.ContainsAny(text, "\r\n\x00") {
		return nil, noText
	}
	return text, ""
}

// meantLines reads one value a line; empty lines do not count.
func (c control) meantLines(values []any) (v any, fault string) {
	all := []any{}
	for line := range strings.Lines(strings.Join(texts(values), "\n")) {
		line = strings.Trim(line, "\r\n")
		switch {
		case line == "":
		case c == manyTexts:
			all = append(all, line)
		default:
			n, fault := number(line)
			if fault != "" {
				return nil, fault
			}
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return nil, noTexts
	}
	return all, ""
}

// number reads a number with a dot or a comma before its fraction.
func number(text string) (v any, fault string) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || strings.ContainsAny(text, "xX_pP") {
		return nil, noNumber
	}
	return n + 0, "" // no negative zero
}

// coding is a scalar as the form carries it.
func coding(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "null" // never: a scalar is always JSON
	}
	return string(text)
}

// decoded reads what coding wrote.
func decoded(text string) (v any, ok bool) {
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return nil, false
	}
	switch v.(type) {
	case string, float64, bool:
		return v, true
	}
	return nil, false
}
