package schema

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateGolden = flag.Bool("update", false, "rewrite testdata/*.golden; commit only what you understand and want")

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *updateGolden {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", path, diff)
	}
}

// sharedData is the folder of real data, or skips the test.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("FIELDSTACK_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	dir = filepath.Join(dir, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared data is not here; set FIELDSTACK_DATA to its folder")
	}
	return dir
}

func mustParse(t testing.TB, text string) *Schema {
	t.Helper()
	s, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("Parse(%.200s): %v", text, err)
	}
	return s
}

// mustRefuse parses what is no type and gives the errors.
func mustRefuse(t testing.TB, text string) []*SchemaError {
	t.Helper()
	_, err := Parse([]byte(text))
	if err == nil {
		t.Fatalf("Parse(%.200s): accepted", text)
	}
	list := Errors(err)
	if len(list) == 0 {
		t.Fatalf("Parse(%.200s): %v is no SchemaError", text, err)
	}
	return list
}

func workOrder(t testing.TB) *Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/work-order.json")
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, string(text))
}
