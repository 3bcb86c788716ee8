// Package recent is the pages on which somebody finds the imports and the edits of many
// records again that they began: how far each is, what came of it, and undoing it, also
// after the server was started anew.
//
// # Its types
//
//   - [Asks]: what the pages ask. [Routes]: the ways to them. [Path]: to one job.
//
// The jobs themselves, and what is kept of them, are in admin/jobs. Whoever begins one
// sends its author to [Path].
package recent
