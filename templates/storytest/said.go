package storytest

import (
	"bytes"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"github.com/fieldstack/fieldstack/templates/story"
	"github.com/fieldstack/fieldstack/templates/words"
)

// fromModel stands for every string of a model while a page is looked through for what
// is written into its template.
const fromModel = "¤"

// marked is what was said through package words.
var marked = regexp.MustCompile(`⟦[^⟦⟧]*⟧`)

// ownNames are texts that are the same in every language.
var ownNames = []string{"fieldstack", "JSON", "JSON Schema", "CSV", "XLSX", "XLSForm", "API", "QR", "URL", "HTTP"}

// translated looks for texts of a page that no translation can reach, because they do
// not go through package words: between elements, and in the attributes that are read.
// What stands in code is not for translating, and a language is called as its speakers
// call it.
func translated(t *testing.T, s story.Story) {
	t.Helper()
	model := poisoned(reflect.ValueOf(s.Model), fromModel).Interface()
	root, err := html.Parse(bytes.NewReader(rendered(t, s.With(model), words.Marked)))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode && !within(n, "code", "pre", "script", "style") && !foreign(n):
			report(t, n.Data)
		case n.Type == html.ElementNode:
			for _, a := range n.Attr {
				if slices.Contains([]string{"aria-label", "placeholder", "title", "alt", "data-copied"}, a.Key) {
					report(t, a.Val)
				}
			}
		}
	}
}

func report(t *testing.T, text string) {
	t.Helper()
	rest := strings.TrimSpace(strings.ReplaceAll(marked.ReplaceAllString(text, ""), fromModel, ""))
	if strings.ContainsFunc(rest, unicode.IsLetter) && !slices.Contains(ownNames, strings.Trim(rest, " ·:,.()…")) {
		t.Errorf("%q is written into the page: say it through package words", rest)
	}
}

// within reports whether a node is inside one of the elements.
func within(n *html.Node, elements ...string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if slices.Contains(elements, p.Data) {
			return true
		}
	}
	return false
}

// foreign reports whether a text says what language it is in.
func foreign(n *html.Node) bool {
	for p := n.Parent; p != nil && p.Data != "html"; p = p.Parent {
		if slices.ContainsFunc(p.Attr, func(a html.Attribute) bool { return a.Key == "lang" }) {
			return true
		}
	}
	return false
}
