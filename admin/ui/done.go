package ui

import (
	"context"

	"github.com/fieldstack/fieldstack/templates/words"
)

// doneText is the sentence for what a redirect says was done.
func doneText(ctx context.Context, done string) string {
	switch done {
	case "welcome":
		return words.Say(ctx, "The account is made, and you are signed in.")
	case "saved":
		return words.Say(ctx, "The draft is saved. Nothing is published yet.")
	case "published":
		return words.Say(ctx, "Published. Devices get it the next time they sync.")
	case "discarded":
		return words.Say(ctx, "The draft is discarded.")
	case "deleted":
		return words.Say(ctx, "The record is in the trash, and can be restored.")
	case "restored":
		return words.Say(ctx, "The record is back.")
	case "applied":
		return words.Say(ctx, "It is done, in your name.")
	case "dismissed":
		return words.Say(ctx, "It is dismissed. The device that sent it still has what was typed.")
	case "picked":
		return words.Say(ctx, "The value is picked. The other one stays in the timeline.")
	case "taken-back":
		return words.Say(ctx, "The value is back. What stood there stays in the timeline.")
	case "returned":
		return words.Say(ctx, "The record is what it was then. What was done since stays in the timeline.")
	case "restored-many":
		return words.Say(ctx, "They are back, with all that was in them.")
	case "password":
		return words.Say(ctx, "The password is changed. You stay signed in here, and are signed out everywhere else.")
	case "role":
		return words.Say(ctx, "The role is changed. The person has to sign in again.")
	case "disabled":
		return words.Say(ctx, "The account is disabled, and signed out everywhere.")
	case "enabled":
		return words.Say(ctx, "The account is enabled: the person can sign in again.")
	case "settings":
		return words.Say(ctx, "The settings are saved.")
	case "plan":
		return words.Say(ctx, "The plan is saved.")
	case "backup-removed":
		return words.Say(ctx, "The backup is removed.")
	case "unstaged":
		return words.Say(ctx, "Nothing is restored: everything stays as it is.")
	case "hook-saved":
		return words.Say(ctx, "The webhook is saved.")
	case "hook-removed":
		return words.Say(ctx, "The webhook is removed.")
	case "rules":
		return words.Say(ctx, "The rules are saved. They hold from now on, on every device.")
	case "signed-out":
		return words.Say(ctx, "The device is signed out. What is unsent stays on it, and can be sent after signing in again.")
	case "forgotten":
		return words.Say(ctx, "The device is taken off the list. It comes back when it syncs again.")
	case "revoked":
		return words.Say(ctx, "The token is revoked.")
	}
	return ""
}
