package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/fieldstack/fieldstack"

// mayImport is the table of the design, section 5: for each package of ours, the
// packages of ours that it may import. A package below one that is listed follows
// the same row and may also import its parent.
var mayImport = map[string][]string{
	"crdt":              {},
	"schema":            {"crdt"},
	"studio":            {"schema", "crdt"},
	"studio/xlsform":    {"schema", "sheets", "studio"},
	"templates":         {},
	"sheets":            {},
	"collections":       {"schema", "crdt"},
	"internal/sqlite":   {"collections", "schema", "crdt"},
	"internal/mongo":    {"collections", "schema", "crdt"},
	"client":            {"schema", "crdt"},
	"client/app":        {},
	"internal/auth":     {"collections"},
	"internal/activity": {"collections"},
	"internal/hooks":    {"collections", "schema"},
	"internal/servers":  {"collections"},
	"internal/settings": {"collections"},
	"internal/backups":  {"collections"},
	"internal/copying":  {"collections"},
	"internal/metrics":  {"collections", "crdt"},
	"internal/views":    {"collections", "schema"},
	"internal/web":      {"internal/auth", "collections"},
	"admin":             {"collections", "schema", "sheets", "studio", "templates", "internal/web", "internal/auth", "internal/views", "internal/activity", "internal/hooks", "internal/settings", "internal/backups", "internal/servers"},
	"admin/admintest":   {"admin", "collections", "schema", "crdt", "templates", "internal/web", "internal/auth", "internal/views", "internal/activity", "internal/hooks", "internal/settings", "internal/backups", "internal/servers"},
	"internal/api":      {"collections", "schema", "crdt", "internal/web", "internal/auth", "internal/views"},
}

// onlyIn says which packages of ours may name an outside package, by prefix.
var onlyIn = map[string][]string{
	"github.com/gofiber/fiber":              {"internal/web", "internal/api", "admin"},
	"github.com/valyala/fasthttp":           {"internal/web"},
	"modernc.org/sqlite":                    {"internal/sqlite", "client", "bench"},
	"go.mongodb.org/mongo-driver":           {"internal/mongo"},
	"github.com/santhosh-tekuri/jsonschema": {"schema"},
	"github.com/a-h/templ":                  {"templates", "admin"},
	"math/rand":                             {"crdt/crdttest", "collections/storetest", "bench"},
	"unsafe":                                {},
}

// TestImports holds every file against the table. Tests of a package may import
// more (a test server, a memory store), but nobody ever imports cmd.
func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for file, imports := range goFiles(t) {
		pkg := filepath.ToSlash(filepath.Dir(file))
		seen[pkg] = true
		for _, path := range imports {
			ours, isOurs := strings.CutPrefix(path, module+"/")
			if isOurs && strings.HasPrefix(ours, "cmd/") {
				t.Errorf("%s imports %s: nobody imports cmd; move what it needs into a package of its own", file, ours)
			}
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			if isOurs && !allowed(pkg, ours) {
				t.Errorf("%s imports %s: the table of the design does not have that arrow; pass in what %s needs as an argument or an interface that it declares", file, ours, pkg)
			}
			if !isOurs && !allowedOutside(pkg, path) {
				t.Errorf("%s imports %s: it stays inside its own package (see onlyIn)", file, path)
			}
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(mayImport)) {
		if !seen[pkg] {
			t.Errorf("the table names %s, which has no files: the table and the house have drifted apart", pkg)
		}
	}
}

func allowed(pkg, imported string) bool {
	if strings.HasPrefix(pkg, "cmd/") || strings.HasPrefix(pkg, "bench") {
		return true
	}
	row, ok := rowOf(pkg)
	if !ok {
		return false
	}
	for _, may := range append([]string{row}, mayImport[row]...) {
		if imported == may || strings.HasPrefix(imported, may+"/") {
			return true
		}
	}
	return false
}

func allowedOutside(pkg, path string) bool {
	for prefix, where := range onlyIn {
		if path != prefix && !strings.HasPrefix(path, prefix+"/") {
			continue
		}
		return slices.ContainsFunc(where, func(w string) bool {
			return pkg == w || strings.HasPrefix(pkg, w+"/")
		})
	}
	return true
}

// rowOf finds the row of the table that a package follows: its own or its parent's.
func rowOf(pkg string) (string, bool) {
	for p := pkg; p != "."; p = filepath.ToSlash(filepath.Dir(p)) {
		if _, ok := mayImport[p]; ok {
			return p, true
		}
	}
	return "", pkg == "internal/archtest"
}

// goFiles reads the imports of every Go file of the module, nested modules left out.
func goFiles(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	files := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if d.IsDir() {
			name := d.Name()
			nested, _ := filepath.Glob(filepath.Join(path, "go.mod"))
			if rel != "." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || len(nested) > 0) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		imports := []string{}
		for _, spec := range f.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, p)
		}
		files[rel] = imports
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
