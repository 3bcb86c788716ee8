package templates

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew; commit only changes that you understand and want")

// TestGolden holds each page against its HTML as it was last looked at.
func TestGolden(t *testing.T) {
	known := map[string]bool{}
	for _, s := range stories() {
		known[s.name+".html"] = true
		t.Run(s.name, func(t *testing.T) {
			got := broken(string(rendered(t, s, s.model)))
			file := filepath.Join("testdata", s.name+".html")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s differs (-want +got); if it is meant, run go test ./templates -update:\n%s", file, diff)
			}
		})
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[filepath.Base(file)] {
			t.Errorf("%s belongs to no story: delete it", file)
		}
	}
}

func rendered(t *testing.T, s story, model any) []byte {
	t.Helper()
	var page bytes.Buffer
	if err := s.render(model).Render(context.Background(), &page); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

// broken puts each element on a line of its own, so that a difference is legible.
func broken(html string) string {
	return strings.ReplaceAll(html, "><", ">\n<") + "\n"
}
