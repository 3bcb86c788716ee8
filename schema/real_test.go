package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Each schema that a real project publishes becomes a type with a plan, or is refused
// with a place and a sentence; none takes long.
func TestRealSchemas(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData(t, "schemas"), "*.json"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var b strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		s, notes, err := Import(text)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s took %v", file, took)
		}
		fmt.Fprintf(&b, "%s: ", filepath.Base(file))
		if err != nil {
			describeRefusal(t, &b, err)
			continue
		}
		checkReal(t, file, s)
		fmt.Fprintf(&b, "accepted (%d fields, %d notes)\n", len(s.Fields()), len(notes))
	}
	golden(t, "real-schemas.golden", b.String())
}

func describeRefusal(t *testing.T, b *strings.Builder, err error) {
	list := Errors(err)
	if len(list) == 0 {
		t.Fatalf("%v is no SchemaError", err)
	}
	for _, e := range list {
		if e.Message.String() == "" || !strings.HasSuffix(e.Message.String(), ".") || e.Fix.String() == "" {
			t.Errorf("%s: %q %q", e.Path, e.Message.String(), e.Fix.String())
		}
	}
	fmt.Fprintf(b, "refused (%d)\n    %s\n    %s\n", len(list), list[0].Path, list[0].Message)
}

// checkReal checks what must hold of any type.
func checkReal(t *testing.T, file string, s *Schema) {
	t.Helper()
	for _, f := range s.Fields() {
		if f.Title == "" || f.Why.String() == "" || f.Type == "" || f.Strategy == "" {
			t.Errorf("%s: %+v", file, f)
		}
		if found, ok := s.Field(f.Path); !ok || found.Why.String() != f.Why.String() {
			t.Errorf("%s: %v is listed but not found", file, f.Path)
		}
	}
	again, err := Parse(s.JSON())
	if err != nil || string(again.JSON()) != string(s.JSON()) {
		t.Errorf("%s: its own JSON: %v", file, err)
		return
	}
	if changes := Compare(s, again).Changes; changes != nil {
		t.Errorf("%s differs from itself: %+v", file, changes)
	}
	s.Validate(map[string]any{"name": 1.0, "$schema": []any{}, "version": map[string]any{"x": nil}})
}
