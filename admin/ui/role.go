package ui

import (
	"context"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates/words"
)

// ExplainRole says what a role may do, to whoever gives it to somebody.
func ExplainRole(ctx context.Context, r collections.Role) string {
	switch r {
	case collections.Owner:
		return words.Say(ctx, "Everything a designer may, and manages people, tokens and the server.")
	case collections.Designer:
		return words.Say(ctx, "Everything an editor may, and makes types and decides who sees what.")
	case collections.Editor:
		return words.Say(ctx, "Works with all records, sees the trash and what needs attention, and exports.")
	case collections.Worker:
		return words.Say(ctx, "Does what each type's rules allow: without rules, sees and edits its records.")
	}
	return ""
}

// RoleName is what people call a role.
func RoleName(ctx context.Context, r collections.Role) string {
	switch r {
	case collections.Owner:
		return words.Say(ctx, "owner")
	case collections.Designer:
		return words.Say(ctx, "designer")
	case collections.Editor:
		return words.Say(ctx, "editor")
	case collections.Worker:
		return words.Say(ctx, "worker")
	}
	return string(r)
}
