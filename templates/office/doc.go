// Package office is the pages about the server itself: what goes on, who did what,
// webhooks, settings, backups.
package office
