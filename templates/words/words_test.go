package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// verb is one place of a text where an argument goes: its number, where it names one,
// and how it is written.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*(?:\d+)?(?:\.\d+)?([a-zA-Z%])`)

// TestSaid holds the catalogues against the code: all that is said has its German, and
// what depends on a number its English forms; nothing is translated that nobody says.
func TestSaid(t *testing.T) {
	said := keys(t, filepath.Join("..", ".."))
	german, english := entries(t, German), entries(t, English)
	for _, key := range slices.Sorted(maps.Keys(said)) {
		if _, ok := german[key]; !ok {
			t.Errorf("%q has no German text (said in %s): add it to templates/words/de", key, said[key])
		}
		if (german[key].Forms == nil) != (english[key].Forms == nil) {
			t.Errorf("%q has plural forms in one language and none in another", key)
		}
	}
	for _, catalogue := range []map[string]entry{german, english} {
		for _, key := range slices.Sorted(maps.Keys(catalogue)) {
			if said[key] == "" {
				t.Errorf("%q is translated and nobody says it: take it out", key)
			}
			checkArguments(t, key, catalogue[key])
		}
	}
}

// checkArguments sees that a text takes the arguments of its key.
func checkArguments(t *testing.T, key string, e entry) {
	t.Helper()
	texts := slices.Collect(maps.Values(e.Forms))
	if e.Forms == nil {
		texts = []string{e.Text}
	} else if _, ok := e.Forms["other"]; !ok {
		t.Errorf("%q has no form for %q", key, "other")
	}
	want := arguments(key)
	for _, text := range texts {
		for i, kind := range arguments(text) {
			if want[i] != kind {
				t.Errorf("%q is %q, which takes argument %d as %q", key, text, i, kind)
			}
		}
		if len(arguments(text)) < len(want) && e.Forms == nil {
			t.Errorf("%q is %q, which leaves out an argument", key, text)
		}
	}
}

// arguments gives the kind of each argument that a text takes, counted from 1.
func arguments(text string) map[int]string {
	all, next := map[int]string{}, 1
	for _, m := range verb.FindAllStringSubmatch(text, -1) {
		if m[2] == "%" {
			continue
		}
		if n, err := strconv.Atoi(m[1]); err == nil {
			next = n
		}
		all[next] = m[2]
		next++
	}
	return all
}

func entries(t *testing.T, l Language) map[string]entry {
	t.Helper()
	all, err := read(l)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sayers are the functions that are given a text to say, by the folder they are called
// in ("" for anywhere) and their name, with the place of the text among their
// arguments. SaysOf has its singular first.
var sayers = map[string]map[string]int{
	"":              {"words.Say": 1, "words.Key": 0, "schema.Says": 0, "schema.SaysOf": 2, "collections.Errorf": 2, "web.Errorf": 3},
	"crdt":          {"p.fail": 0, "p.failAt": 1},
	"schema":        {"Says": 0, "SaysOf": 2, "im.noteEach": 1, "w.noteEach": 1},
	"collections":   {"Errorf": 2},
	"internal/auth": {"retryLater": 1},
	"internal/web":  {"Errorf": 3},
	"studio": {
		"refuse": 1, "c.add": 2, "cannot": 0, "noForm": 2, "p.fail": 1, "r.note": 2, "r.once": 3, "w.note": 0,
	},
	"sheets": {"mistake": 0, "mistakeAt": 2},
}

// speaking are the folders whose texts people read on the admin pages.
var speaking = []string{
	"admin", "templates", "crdt", "schema", "studio", "collections", "sheets", "internal/auth", "internal/backups", "internal/hooks",
	"internal/settings", "internal/sqlite", "internal/views", "internal/web",
}

// keys reads every Go file of the program for what it says, and where.
func keys(t *testing.T, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, dir := range speaking {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Name() == "storetest" {
				return fs.SkipDir // says what stores are tried with, to nobody
			}
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			return keysOf(path, sayers[dir], found)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(found) == 0 {
		t.Fatal("nothing is said anywhere")
	}
	return found
}

func keysOf(path string, own map[string]int, found map[string]string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		i, known := own[calledName(call)]
		if !known {
			i, known = sayers[""][calledName(call)]
		}
		if !known || len(call.Args) <= i {
			return true
		}
		if text, ok := call.Args[i].(*ast.BasicLit); ok && text.Kind == token.STRING {
			if key, err := strconv.Unquote(text.Value); err == nil {
				found[key] = filepath.ToSlash(path)
			}
		}
		return true
	})
	return nil
}

// calledName is how a call names what it calls, with its package or receiver where it
// has one.
func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
	}
	return ""
}

func TestSay(t *testing.T) {
	german := With(t.Context(), German)
	for _, c := range []struct{ got, want string }{
		{Say(t.Context(), "Records"), "Records"},
		{Say(german, "Records"), "Einträge"},
		{Say(german, "version %s", "2026"), "Version 2026"},
		{Say(t.Context(), "%d hours", 1), "1 hour"}, {Say(t.Context(), "%d hours", 0), "0 hours"}, {Say(t.Context(), "%d hours", 2000), "2,000 hours"},
		{Say(german, "%d hours", 1), "1 Stunde"}, {Say(german, "%d hours", 2000), "2.000 Stunden"},
		{Say(german, "nobody translated %d of this", 1000), "nobody translated 1.000 of this"},
		{Say(t.Context(), "nobody translated %d of this", 1000), "nobody translated 1,000 of this"},
		{Say(german, "version %s", "%d<b>"), "Version %d<b>"},
		{string(Choose("de", "en")), "de"}, {string(Choose("xx", "de-AT,en;q=0.5")), "de"}, {string(Choose("", "fr")), "en"},
		{string(Choose("", "garbage;;q")), "en"}, {string(Choose("", "")), "en"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
