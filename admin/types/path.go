package types

import (
	"net/url"
	"strings"
)

var (
	escapeStep   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapeStep = strings.NewReplacer("~1", "/", "~0", "~")
)

// encoded writes the path of a field for an address or a form: its steps with "/"
// between them.
func encoded(path []string) string {
	steps := make([]string, len(path))
	for i, s := range path {
		steps[i] = escapeStep.Replace(s)
	}
	return strings.Join(steps, "/")
}

// decoded reads what encoded wrote; nil for "".
func decoded(at string) []string {
	if at == "" {
		return nil
	}
	steps := strings.Split(at, "/")
	for i, s := range steps {
		steps[i] = unescapeStep.Replace(s)
	}
	return steps
}

// formPath is the address of a type's builder.
func formPath(name string) string { return "/admin/types/" + url.PathEscape(name) + "/form" }

// withQuery adds names and values to an address, leaving out those that are empty.
func withQuery(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
