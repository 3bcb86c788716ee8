// Package storytest holds stories against what must be true of every page: its HTML is
// as it was last looked at, no string of its model becomes script, every label is said
// in the reader's language, and nothing has the same id as something else.
package storytest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/templates/story"
	"github.com/fieldstack/fieldstack/templates/words"
)

var update = flag.Bool("update", false, "write the golden files anew; commit only changes that you understand and want")

// Check runs all of it over an area's stories. The golden files are testdata/NAME.html
// beside the test that calls it.
func Check(t *testing.T, stories []story.Story) {
	known := map[string]bool{}
	for _, s := range stories {
		if known[s.Name] {
			t.Errorf("two stories are named %s", s.Name)
		}
		known[s.Name] = true
		t.Run(s.Name, func(t *testing.T) {
			page := rendered(t, s, words.English)
			golden(t, s.Name, mainOf(page, s.Name))
			unambiguous(t, page)
			resist(t, s)
			rendered(t, s, words.German)
			translated(t, s)
		})
	}
	files, err := filepath.Glob(filepath.Join("testdata", "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[strings.TrimSuffix(filepath.Base(file), ".html")] {
			t.Errorf("%s belongs to no story: delete it", file)
		}
	}
}

// mainOf is what a page has within its frame. The frame itself is held by the story of
// that name, so that a change of it is not a change of every golden file.
func mainOf(page []byte, name string) []byte {
	from, to := bytes.Index(page, []byte("<main")), bytes.Index(page, []byte("</main>"))
	if name == "frame" || from < 0 || to < from {
		return page
	}
	return page[from : to+len("</main>")]
}

// golden holds a page against its HTML as it was last looked at.
func golden(t *testing.T, name string, page []byte) {
	t.Helper()
	got := broken(string(page))
	file := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); if it is meant, run go test on this package with -update:\n%s", file, diff)
	}
}

// unambiguous looks for elements of one id, and for labels and descriptions that name
// an element which is not there.
func unambiguous(t *testing.T, page []byte) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) { ids[e.AttrOr("id", "")]++ })
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%d elements have the id %q", n, id)
		}
	}
	for _, attribute := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
		doc.Find("[" + attribute + "]").Each(func(_ int, e *goquery.Selection) {
			for _, id := range strings.Fields(e.AttrOr(attribute, "")) {
				if ids[id] == 0 {
					t.Errorf("%s names the id %q, which is not there", attribute, id)
				}
			}
		})
	}
}

func rendered(t *testing.T, s story.Story, in words.Language) []byte {
	t.Helper()
	var page bytes.Buffer
	if err := s.Component().Render(words.With(t.Context(), in), &page); err != nil {
		t.Fatal(err)
	}
	return page.Bytes()
}

// broken puts each element on a line of its own, so that a difference is legible.
func broken(html string) string {
	return strings.ReplaceAll(html, "><", ">\n<") + "\n"
}
