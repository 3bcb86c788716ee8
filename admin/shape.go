package admin

import (
	"bytes"
	"encoding/json"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

func differenceRows(c *schema.Comparison) []templates.Difference {
	var rows []templates.Difference
	for _, d := range c.Changes {
		rows = append(rows, templates.Difference{Where: keyOf(d.Path), Kind: d.Kind, Message: d.Message, Devices: d.Devices, Refused: d.Refused})
	}
	return rows
}

// indented gives JSON as a person reads it, and any other text as it is.
func indented(text []byte) string {
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return string(text)
	}
	return out.String()
}
