// Package office is the pages about the server itself: what goes on and who did what,
// webhooks, settings, backups. All of them are the owner's.
//
// # Its types
//
//   - [Asks]: what the pages ask of the rest of the house; each member an interface that
//     is declared here.
package office
