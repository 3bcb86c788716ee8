package mongo

import (
	"strings"
	"testing"
)

func TestShown(t *testing.T) {
	for uri, want := range map[string]string{
		"mongodb://localhost/x":                                "mongodb://localhost/x",
		"mongodb://anna:ge@heim@a:1,b:2/x?replicaSet=r":        "mongodb://a:1,b:2/x",
		"mongodb+srv://anna:geheim@cluster.example.com":        "mongodb+srv://cluster.example.com",
		"mongodb://anna:geheim@host?authSource=admin&password": "mongodb://host",
		"anna:geheim@host":                                     "the database",
	} {
		if got := Shown(uri); got != want {
			t.Errorf("%s is shown as %s, want %s", uri, got, want)
		}
	}
}

func TestDatabaseOf(t *testing.T) {
	for uri, want := range map[string]string{
		"mongodb://localhost":               defaultDatabase,
		"mongodb://localhost/":              defaultDatabase,
		"mongodb://a,b/?replicaSet=r":       defaultDatabase,
		"mongodb://u:p@a:27017/field%2Dx?w": "field-x",
	} {
		if got, err := databaseOf(uri); err != nil || got != want {
			t.Errorf("%s names %q, %v, want %q", uri, got, err, want)
		}
	}
	for _, uri := range []string{"localhost/x", "mongodb://a/x%2Fy", "mongodb://a/" + strings.Repeat("x", 64), "mongodb://a/a.b", "mongodb://a/%zz"} {
		if got, err := databaseOf(uri); err == nil {
			t.Errorf("%s names %q, want an error", uri, got)
		}
	}
}

// What the server is decides what is said of it.
func TestServer(t *testing.T) {
	s := mustOpen(t, newDatabase(t, ferretURI(t)))
	if got := s.Server(); got.Kind != Compatible || got.Name != "FerretDB" || got.Replicated() || !strings.Contains(got.Safety(), "one server") {
		t.Errorf("FerretDB is taken for %v: %s", got, got.Safety())
	}
	seen := map[string]bool{}
	for _, kind := range []ServerKind{Standalone, ReplicaSet, Sharded, Compatible} {
		if said := (Server{Kind: kind}).Safety(); said == "" || seen[said] {
			t.Errorf("%s: %q", kind, said)
		} else {
			seen[said] = true
		}
	}
}
