package xlsform

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// expressionOf writes one of our conditions, as JSON, as XPath; or says what of it has
// no counterpart.
func expressionOf(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	c, err := schema.ParseCondition(text)
	if err != nil {
		return "", err
	}
	return xpath(c)
}

// signs are the comparisons that XPath has.
var signs = map[string]string{"is": "=", "not": "!=", "above": ">", "from": ">=", "below": "<", "to": "<="}

func xpath(c *schema.Condition) (string, error) {
	switch c.Op {
	case "all", "any", "none":
		return groupXPath(c)
	case "true", "false":
		return c.Op + "()", nil
	}
	if len(c.Field) != 1 || !goodName.MatchString(c.Field[0]) {
		return "", cannot("%s is no name of a question", strings.Join(c.Field, "."))
	}
	field := "${" + c.Field[0] + "}"
	switch c.Op {
	case "empty":
		if c.Value == true {
			return field + " = ''", nil
		}
		return field + " != ''", nil
	case "in":
		return inXPath(field, c.Value)
	case "contains", "starts":
		return "", cannot("a form looks into texts with letter case, which %q puts aside", c.Op)
	}
	value, err := operand(c.Value)
	if err != nil {
		return "", err
	}
	if c.Op == "has" {
		return "selected(" + field + ", " + value + ")", nil
	}
	return field + " " + signs[c.Op] + " " + value, nil
}

func inXPath(field string, v any) (string, error) {
	list, _ := v.([]any)
	var parts []string
	for _, one := range list {
		text, err := operand(one)
		if err != nil {
			return "", err
		}
		parts = append(parts, field+" = "+text)
	}
	if len(parts) == 0 {
		return "false()", nil
	}
	return strings.Join(parts, " or "), nil
}

// groupXPath joins parts, with brackets around those that hold less tightly.
func groupXPath(c *schema.Condition) (string, error) {
	var parts []string
	for _, sub := range c.Subs {
		part, err := xpath(sub)
		if err != nil {
			return "", err
		}
		if c.Op == sub.Op || c.Op == "all" && (sub.Op == "any" || sub.Op == "in") {
			part = "(" + part + ")"
		}
		parts = append(parts, part)
	}
	switch {
	case len(parts) == 0 && c.Op == "any":
		return "false()", nil
	case len(parts) == 0:
		return "true()", nil
	case c.Op == "all":
		return strings.Join(parts, " and "), nil
	case c.Op == "any":
		return strings.Join(parts, " or "), nil
	}
	return "not(" + strings.Join(parts, " or ") + ")", nil
}

// operand writes a value that is compared with.
func operand(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "''", nil
	case float64:
		return plainNumber(v), nil
	case bool:
		return strconv.FormatBool(v) + "()", nil
	case string:
		if strings.HasPrefix(v, "$") {
			return "", cannot("%s is not known to a form", v)
		}
		return quoted(v)
	}
	return "", cannot("a list cannot be compared")
}

// quoted writes a text of XPath, which has no escapes.
func quoted(text string) (string, error) {
	switch {
	case !strings.Contains(text, "'"):
		return "'" + text + "'", nil
	case !strings.Contains(text, `"`):
		return `"` + text + `"`, nil
	}
	return "", cannot("a text has both kinds of quotes in it")
}

func plainNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
