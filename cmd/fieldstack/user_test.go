package main

import (
	"regexp"
	"strings"
	"testing"
)

// TestUser_First: whoever holds a fresh data folder makes its first owner, with a
// password that signs in.
func TestUser_First(t *testing.T) {
	s := atFolder(t)
	got := s.ok("user", "add", "olga")
	wants(t, got, "olga is now an owner.", "The password, shown only now: ")
	wants(t, s.ok("user", "add", "will"), "will is now a worker.")
	_, password, _ := strings.Cut(strings.TrimSpace(got), "now: ")
	signsIn(t, "data", "olga", password)
	s.fails([]string{"user", "role", "olga", "worker"}, "olga is the last owner")
}

func TestUser(t *testing.T) {
	atBoth(t, func(t *testing.T, s shell) {
		wants(t, s.ok("user", "add", "eve", "--role", "editor"), "eve is now an editor.")
		s.fails([]string{"user", "add", "eve"}, `The name "eve" is taken`)
		s.fails([]string{"user", "role", "eve", "king"}, "use owner, designer, editor or worker")
		s.fails([]string{"user", "role", "adam", "worker"}, `no account "adam"; 'fieldstack user list' shows`)
		wants(t, s.ok("user", "role", "eve", "designer"), "eve is now a designer.")
		wants(t, s.ok("user", "disable", "eve"), "eve is disabled.")
		if got := s.ok("user", "list"); !regexp.MustCompile(`(?m)^eve +designer +\d{4}-\d\d-\d\d +disabled$`).MatchString(got) {
			t.Errorf("the list:\n%s", got)
		}
		wants(t, s.ok("user", "enable", "eve"), "eve is enabled.")
		s.stdin = "short\n"
		s.fails([]string{"user", "password", "eve", "--password-stdin"}, "use at least 8")
		s.stdin = "long enough for eve\nand a second line\n"
		if got := s.ok("user", "password", "eve", "--password-stdin"); strings.Contains(got, "long enough") {
			t.Errorf("a password that was given is printed: %s", got)
		}
		if s.where[0] == "--data" {
			signsIn(t, "data", "eve", "long enough for eve")
		}
	})
}

// signsIn fails unless a password opens an account of a data folder.
func signsIn(t *testing.T, data, name, password string) {
	t.Helper()
	p, err := (&targetFlags{data: data}).openFolderPeople(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if _, _, err := p.accounts.SignIn(t.Context(), name, password, loopback); err != nil {
		t.Errorf("%s with %q: %v", name, password, err)
	}
}

func TestToken(t *testing.T) {
	s := atFolder(t)
	s.ok("user", "add", "owner")
	s.ok("user", "add", "will")
	s.fails([]string{"token", "create", "nobody"}, `no account "nobody"`)
	s.fails([]string{"token", "create", "will", "--days", "-3"}, "0 for never")
	s.fails([]string{"token", "create", "will", "--scopes", "fly"}, `no scope "fly"`)
	text := s.ok("token", "create", "will", "--label", "a script", "--scopes", "read,type:work-order", "--days", "3")
	if !regexp.MustCompile(`^fst_[a-z0-9]+\n$`).MatchString(text) {
		t.Errorf("more than the token on standard output: %q", text)
	}
	s.ok("token", "create", "owner")
	list := s.ok("token", "list")
	row := regexp.MustCompile(`(?m)^(\w+) +will +token +a script +read,type:work-order +\d{4}-\d\d-\d\d \d\d:\d\d +\d{4}-\d\d-\d\d$`).FindStringSubmatch(list)
	if row == nil || strings.Count(list, "never") != 1 {
		t.Fatalf("the list:\n%s", list)
	}
	s.fails([]string{"token", "revoke", "nope"}, `no token "nope"; 'fieldstack token list' shows`)
	wants(t, s.ok("token", "revoke", row[1]), "Revoked.")
	if strings.Contains(s.ok("token", "list"), row[1]) {
		t.Error("a revoked token is listed")
	}
}

// TestToken_Server: a token lists and revokes over the network, and makes no other.
func TestToken_Server(t *testing.T) {
	s := atServer(t)
	s.fails([]string{"token", "create", "owner"}, "a token cannot make tokens", "admin pages")
	s.fails([]string{"token", "revoke", "nope"}, `no token "nope"`)
	list := s.ok("token", "list")
	id := regexp.MustCompile(`(?m)^(\w+) +owner +token +test +all `).FindStringSubmatch(list)
	if id == nil {
		t.Fatalf("the list:\n%s", list)
	}
	s.ok("token", "revoke", id[1])
	s.fails([]string{"token", "list"}, "does not take the token")
}
