// Package copying moves all that a store holds to another store, of the same kind or of
// another: the live history, accounts and settings included.
//
//   - [Copy] copies, goes on where a copy was cut off, and verifies.
//   - [Restore] makes a store of a backup that is a file of parts, with a history of its own.
//   - [ErrHolds], [ErrMovedOn], [ErrDiffers] are why it does not.
//
// The copy keeps the epoch of its source: devices go on with their cursors and notice
// nothing. So it is a move. Two servers that serve one history, each a store of its own,
// would give the same numbers to different changes, and devices that saw the one would
// miss what the other has; the source is not to be served any more. What begins a history
// of its own is a restore of a backup.
//
// How far it has come is kept in the target, as an item of the kind
// [collections.KindCopy], written after each part: who is killed between the two writes
// the part once more, which changes nothing. While the item is there, nobody opens the
// target as a server.
//
// # Verifying
//
// Each thing of a store (a record, an entry of the log, a receipt, an item, a replica's
// state) has one text, whichever store it is in. A tally is how many there are and the sum
// of their SHA-256 digests, so the order plays no part. At the end the target is read from
// the first thing to the last, and for each kind its tally must be that of what was
// copied, and of the source, which is read once more. Where it is not, what differs is
// named. Search words and indexes follow from the records and are not compared.
package copying
