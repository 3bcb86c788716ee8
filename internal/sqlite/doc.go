// Package sqlite keeps a [collections.Store] in one SQLite file.
//
//   - [Open] opens or makes the file and gives a [Store]; one process at a time.
//   - [Verify] reads a whole file and says whether all of it is as it was written.
//   - [Restore] makes a file of what [Store.Backup] wrote, with a new epoch.
//
// # How it keeps its promises
//
// One connection writes, a pool of connections reads; the journal is a write-ahead
// log with synchronous=FULL, so a commit returns after its fsync and readers never
// wait for it. Every row carries a checksum of its columns, verified on every read:
// what the disk changed is refused as [ErrDamaged], never served. A failed write is
// never tried again on the same pages (the kernel may have dropped them): the store
// turns read-only until it is opened again. A full disk is not such a failure; the
// commit is undone and the next may succeed.
//
// # How it finds
//
// Values are JSON text. A condition becomes SQL whose text never holds anything that
// a person wrote: values and field names are parameters. Where SQL cannot decide
// (letter case beyond ASCII), the SQL lets too much through and Go decides. A field
// has two sort keys, its rank (null, false, true, number, text, rest) and its value
// within the rank; [Store.EnsureIndex] makes both a pair of generated columns, and an
// index of them for the live documents of a type.
package sqlite
