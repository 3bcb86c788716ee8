package schema

import (
	"fmt"
	"strings"
	"testing"
)

// Where some validators would count what a schema beside has looked at.
func TestUnevaluatedAgrees(t *testing.T) {
	const closed = `{"unevaluatedProperties":false}`
	for text, refused := range map[string]bool{
		closed: false,
		`{"$ref":"#/$defs/x","unevaluatedProperties":false}`:                    false,
		`{"$ref":"#/$defs/closed"}`:                                             false,
		`{"allOf":[{"$ref":"#/$defs/x"},` + closed + `]}`:                       false,
		`{"properties":{"a":{}},"anyOf":[` + closed + `]}`:                      false,
		`{"$ref":"#/$defs/x","not":` + closed + `}`:                             false,
		`{"$ref":"#/$defs/x","if":` + closed + `}`:                              false,
		`{"$ref":"#/$defs/x","properties":{"a":` + closed + `}}`:                false,
		`{"$ref":"#/$defs/x","allOf":[` + closed + `]}`:                         true,
		`{"$ref":"#/$defs/x","allOf":[{"oneOf":[` + closed + `]}]}`:             true,
		`{"$ref":"#/$defs/x","allOf":[{"$ref":"#/$defs/closed"}]}`:              true,
		`{"if":{"properties":{"a":{}}},"then":` + closed + `}`:                  true,
		`{"anyOf":[true],"else":` + closed + `}`:                                true,
		`{"dependentSchemas":{"a":` + closed + `}}`:                             false,
		`{"dependentSchemas":{"a":` + closed + `,"b":{}}}`:                      true,
		`{"$ref":"#/$defs/x","dependentSchemas":{"a":` + closed + `}}`:          true,
		`{"$ref":"#/$defs/x","allOf":[{"unevaluatedItems":{"type":"string"}}]}`: true,
	} {
		_, err := Parse([]byte(fmt.Sprintf(`{"type":"object","properties":{"f":%s},"$defs":{"x":{"properties":{"a":{}}},"closed":%s}}`, text, closed)))
		if (err != nil) != refused {
			t.Errorf("%s: %v", text, err)
		}
		if err != nil && !strings.Contains(err.Error(), "joined with other schemas") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
