// Package transfer is the pages on which records leave as a file and come in from one,
// and on which a file becomes a type.
//
// # Its types
//
//   - [Engine], [Accounts]: what the pages ask. [Routes]: the ways to them.
//
// # Laws
//
//  1. What goes out is what the engine lists for who asks, field by field; nothing is
//     read past it. What comes in goes through its batches of writes.
//  2. Nothing is written before somebody has seen what would be: an import is mapped,
//     checked against the records there are, and only then run.
//  3. An import can be taken back: what it made goes to the trash and what it changed
//     gets back what it had, except where somebody has worked on it since, which is said.
//  4. A file that does not fit is told row by row, with line and column, and can be had
//     as a table with the reasons beside the rows.
//
// # Caveats
//
// Uploaded files and imports under way are kept in memory (store.go), an hour after they
// were last looked at, for the account that sent them. They survive closing the page, not
// a restart of the server, and the page says so. With several servers an import is known
// to the one that took the file.
package transfer
