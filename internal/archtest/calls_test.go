package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// never lists selectors that are not called outside tests, where, and what to do
// instead. A package of "" means anywhere.
var never = []struct{ pkg, selector, instead string }{
	{"", "templ.Raw", "let templ escape it"},
	{"", "templ.SafeURL", "pass a string; templ checks the scheme"},
	{"", "templ.JSExpression", "put behaviour in a file under templates/static"},
	{"", "templ.JSUnsafeFuncCall", "put behaviour in a file under templates/static"},
	{"", "utils.UUID", "make ids from crypto/rand"},
	{"", "utils.UUIDv4", "make ids from crypto/rand"},
	{"crdt", "time.Now", "time is an argument"},
	{"schema", "time.Now", "time is an argument"},
	{"admin", "time.Now", "take the time from the server's configuration"},
	{"internal/api", "time.Now", "take the time from the server's configuration"},
}

// TestForbiddenCalls finds calls that the house does without, and init functions:
// nothing registers itself.
func TestForbiddenCalls(t *testing.T) {
	root := filepath.Join("..", "..")
	for file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
			continue
		}
		pkg := filepath.ToSlash(filepath.Dir(file))
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					t.Errorf("%s has an init function: do it where it is used, or in cmd", file)
				}
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if !ok {
					return true
				}
				for _, rule := range never {
					if x.Name+"."+n.Sel.Name == rule.selector && (rule.pkg == "" || pkg == rule.pkg) {
						t.Errorf("%s uses %s: %s", file, rule.selector, rule.instead)
					}
				}
			}
			return true
		})
	}
}
