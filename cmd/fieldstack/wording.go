package main

import (
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// withArticle says what somebody with a role is.
func withArticle(role collections.Role) string {
	if role == collections.Owner || role == collections.Editor {
		return "an " + string(role)
	}
	return "a " + string(role)
}

// count says how many of something there are.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
