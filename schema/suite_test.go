package schema

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// suiteGroup is one group of the official JSON Schema test suite: a schema and values
// that it must and must not accept.
type suiteGroup struct {
	Description string
	Schema      json.RawMessage
	Tests       []struct {
		Description string
		Data        json.RawMessage
		Valid       bool
	}
}

// Every case of the official suite. Its schemas are not all of records, so a value is
// given to the compiled schema itself, and, for the same schema as that of a field, to
// Validate. What is refused or answered otherwise is in the golden file, one by one.
func TestSuite(t *testing.T) {
	root := sharedData(t, "json-schema-suite/draft2020-12")
	var b strings.Builder
	var passed, failed, refused int
	for _, file := range suiteFiles(t, root) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		var groups []suiteGroup
		if err := json.Unmarshal(text, &groups); err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			check, err := bareCheck(g.Schema)
			if err != nil {
				refused += len(g.Tests)
				fmt.Fprintf(&b, "%s: %s\n    refused, %d cases: %s\n", file, g.Description, len(g.Tests), Errors(err)[0].Message)
				continue
			}
			for _, c := range g.Tests {
				v, err := crdt.ParseValue(c.Data, crdt.Limits{})
				switch {
				case err != nil:
					refused++
					fmt.Fprintf(&b, "%s: %s: %s\n    the value is refused: %v\n", file, g.Description, c.Description, err)
				case check(v) == c.Valid:
					passed++
				default:
					failed++
					fmt.Fprintf(&b, "%s: %s: %s\n    answered %v\n", file, g.Description, c.Description, !c.Valid)
				}
				if err == nil {
					asField(t, g, v, check(v))
				}
			}
		}
	}
	golden(t, "suite.golden", fmt.Sprintf("%d as the suite says, %d answered otherwise, %d refused\n\n%s", passed, failed, refused, b.String()))
}

func suiteFiles(t *testing.T, root string) []string {
	var files []string
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".json" {
			rel, _ := filepath.Rel(root, path)
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// bareCheck compiles any schema, as Parse does but for what makes it one of records.
func bareCheck(text []byte) (func(v any) bool, error) {
	doc, order, err := readText(text)
	if err != nil {
		return nil, err
	}
	if truth, ok := doc.(bool); ok {
		return func(any) bool { return truth }, nil
	}
	root, err := readNodes(doc, order)
	if err != nil {
		return nil, err
	}
	if err := weigh(root); err != nil {
		return nil, err
	}
	c, err := compile(root)
	if err != nil {
		return nil, err
	}
	return func(v any) bool { return c.whole.Validate(v) == nil }, nil
}

// asField asks for the same with the schema as that of a record's field, where it can
// be moved there (a reference would lead elsewhere): Validate must say the same, and
// give a reason with every no.
func asField(t *testing.T, g suiteGroup, v any, valid bool) {
	t.Helper()
	if strings.Contains(string(g.Schema), `"$ref"`) || strings.Contains(string(g.Schema), `"$id"`) {
		return
	}
	text := strings.Replace(string(g.Schema), `"$schema"`, `"x-schema"`, 1)
	s, err := Parse([]byte(`{"type":"object","properties":{"f":` + text + `}}`))
	if err != nil {
		t.Errorf("%s: a schema by itself, but not as a field: %v", g.Description, err)
		return
	}
	problems := s.Validate(map[string]any{"f": v})
	if (problems == nil) != valid {
		t.Errorf("%s given %s: %v by itself, as a field %+v", g.Schema, crdt.Canonical(v), valid, problems)
	}
	for _, p := range problems {
		if p.Message.String() == "" || !strings.HasPrefix(p.Path, "/f") || strings.Contains(p.Message.String(), "not as the type asks") {
			t.Errorf("%s given %s: %+v", g.Schema, crdt.Canonical(v), p)
		}
	}
	if found := s.ValidateField([]string{"f"}, v, false); (found == nil) != valid {
		t.Errorf("%s given %s: ValidateField: %+v", g.Schema, crdt.Canonical(v), found)
	}
}

// Of every case that can be a type's, JavaScript says the same as Go: of the schema itself
// where the value is a record, and of the schema as that of a field.
func TestSuite_JavaScript(t *testing.T) {
	root := sharedData(t, "json-schema-suite/draft2020-12")
	var types []*twinType
	var parsed []*Schema
	add := func(text string, values ...any) {
		s, err := Parse([]byte(text))
		if err != nil || len(values) == 0 {
			return
		}
		v := &twinType{Schema: s.JSON(), Fields: s.Fields(), Values: values, Places: []twinPlace{}}
		for _, record := range values {
			for key, value := range record.(map[string]any) {
				v.Places = append(v.Places, twinPlace{[]string{key}, value})
			}
		}
		types, parsed = append(types, v), append(parsed, s)
	}
	for _, file := range suiteFiles(t, root) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		var groups []suiteGroup
		if err := json.Unmarshal(text, &groups); err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			var records, fields []any
			for _, c := range g.Tests {
				v, err := crdt.ParseValue(c.Data, crdt.Limits{})
				if err != nil {
					continue
				}
				if _, ok := v.(map[string]any); ok {
					records = append(records, v)
				}
				fields = append(fields, map[string]any{"f": v})
			}
			inner := strings.NewReplacer(`"$schema"`, `"x-schema"`, `"#"`, `"#/properties/f"`, `"#/`, `"#/properties/f/`).Replace(string(g.Schema))
			add(string(g.Schema), records...)
			add(`{"type":"object","properties":{"f":`+inner+`}}`, fields...)
		}
	}
	compareTwins(t, 0, types, parsed)
}
