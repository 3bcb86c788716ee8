// Package sqlite keeps a [collections.Store] in one SQLite file.
//
//   - [Open] opens or makes the file and gives a [Store]; one process at a time.
//   - [Verify] reads a whole file and says whether all of it is as it was written.
//   - [Restore] makes a file of what [Store.Backup] wrote, with a new epoch.
//   - [Store.DumpPart] and [Store.LoadPart] give all there is and take it, part by part:
//     for moving between kinds of stores.
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
// # How it keeps the log
//
// The newest few thousand entries are rows. Older ones are folded in the background,
// some thousand into one compressed row of blocks, and the receipts of accepted
// changes go with them, for a receipt says nothing that its entry does not: the digest
// is worked out from the change again, and kept whole only for a change that got
// another stamp than it was sent with. Readers see no difference. There is no index of
// the documents in blocks, which would take more than the entries do: each block says
// of each document how many blocks back it goes on, and the record names the last
// entry. [Store.Trim] hides entries at once and takes blocks away when all of them
// was trimmed.
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
