// Package transfer is the pages on which records leave as a file and come in from one,
// and on which a file becomes a type.
//
// # Its types
//
//   - [Engine], [Trail], [Files]: what the pages ask, and where they keep files.
//     [Routes]: the ways to them.
//
// # Laws
//
//  1. What goes out is what the engine lists for who asks, field by field; nothing is
//     read past it. What comes in goes through its batches of writes.
//  2. Nothing is written before somebody has seen what would be: a file is mapped,
//     checked against the records there are, and only then imported.
//  3. An import is a job (admin/jobs): it is found again, and can be undone, also after
//     the server was started anew.
//  4. A file that does not fit is told row by row, with line and column, and can be had
//     as a table with the reasons beside the rows.
//  5. A file is written to the disk as it arrives and read from there, so that memory
//     does not grow with it.
//
// # Caveats
//
// Uploaded files, and the rows of them that do not fit, are kept an hour after they were
// last looked at, for the account that sent them (store.go). They survive closing the
// page, not a restart of the server, and the page says so. With several servers a file is
// known to the one that took it.
package transfer
