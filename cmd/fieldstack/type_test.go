package main

import (
	"strings"
	"testing"
)

const draftFour = `{"$schema":"http://json-schema.org/draft-04/schema#","title":"Pump","type":"object",
 "properties":{"name":{"title":"Name","type":"string"},"flow":{"title":"Flow","type":"number","minimum":0,"exclusiveMinimum":true}}}`

func TestType(t *testing.T) {
	atBoth(t, func(t *testing.T, s shell) {
		file := writeFile(t, "pump.json", draftFour)
		s.fails([]string{"type", "export", "pump"}, "no type pump; 'fieldstack type list' shows")
		s.fails([]string{"type", "publish", "pump"}, `no draft of "pump"`)
		got := s.ok("type", "import", "pump", file)
		wants(t, got, "Flow", "register", "Saved as the draft of pump. Publish it with 'fieldstack type publish pump'.")
		if list := s.ok("type", "list"); strings.Contains(list, "pump") {
			t.Errorf("a draft is listed as published:\n%s", list)
		}
		wants(t, s.ok("type", "import", "pump", file), "Saved as the draft") // over the draft that is there
		wants(t, s.ok("type", "publish", "pump"), "pump is now at version 1.")
		wants(t, s.ok("type", "list"), "pump  1        Pump   2")
		schema := s.ok("type", "export", "pump")
		wants(t, schema, `"exclusiveMinimum": 0`)

		two := writeFile(t, "two.json", strings.Replace(schema, `"properties": {`, `"properties": {"site": {"title": "Site", "type": "string"},`, 1))
		wants(t, s.ok("type", "publish", "pump", two), "pump is now at version 2.")
		if again := s.ok("type", "export", "pump"); !strings.Contains(again, `"site"`) {
			t.Errorf("version 2 is not what was published:\n%s", again)
		}
		s.fails([]string{"type", "publish", "Bad Name", two}, `"Bad Name" is no name of a type`)
		s.fails([]string{"type", "export", "../x"}, "is no name of a type")
	})
}

// TestType_Refused: a schema that cannot become a type is explained, place by place.
func TestType_Refused(t *testing.T) {
	s := atFolder(t)
	writeFile(t, "bad.json", `{"type":"object","properties":{"a":{"type":"string","x-merge":"counter"}}}`)
	got := s.fails([]string{"type", "publish", "bad", "bad.json"}, "bad.json cannot become a type")
	wants(t, got.out, "/properties/a", "counter")
	writeFile(t, "empty.json", "")
	s.fails([]string{"type", "import", "bad", "empty.json"}, "empty.json cannot become a type")
	s.fails([]string{"type", "import", "bad", "missing.json"}, "missing.json")
}
