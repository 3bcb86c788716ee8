// Package mongo keeps a [collections.Store] in a database of a MongoDB server: where one
// machine is not enough, several servers share it.
//
//   - [Open] connects to a database and gives a [Store]. Several, in several processes, may
//     have the same database open.
//   - [Server] is what the server said it is; [Server.Safety] says what that means for
//     what is kept.
//   - [ErrDamaged] is what errors about a document wrap that is not as it was written.
//
// # How it keeps its promises
//
// There are no transactions, so that the same code runs on a replica set, on a sharded
// cluster and on servers that are compatible. All that is needed is that the write of one
// document is one step, and that of those who insert the same _id one succeeds.
//
// A commit is the insertion of one document into the log: a batch, with its entries,
// receipts, and what it writes of items and replicas. Its number b counts the batches of a
// stream from 1 without gaps, and a unique index on stream and b is the fence between those
// who believe they hold the stream. A batch without entries takes a b, but no entry number.
//
//  1. Items and replicas are locked, each on the revision it was read with. The lock names
//     the batch: stream, b and a random id. One that moved on is ErrStale.
//  2. The batch is inserted. Where b is taken by another, it is ErrTaken.
//  3. It is applied: items and replicas get what is in the batch, and lose the lock; records
//     are written by compare-and-set on their revision.
//
// Whoever comes by can finish what another began (lock.go). What is locked by a batch in the
// log is read out of the batch: it is true already. Who wants to write it applies the batch
// first. What is locked by a batch that does not come is waited for, for some seconds; then
// an empty batch is put in its place, and its writer, should it still live, finds its number
// taken and nothing written. A Store's first commit to a stream finishes what is open of it.
//
// Every call has a deadline. Where no answer comes the outcome is unknown, and is found out
// by identity: a batch, a lock, a written item and a record each carry the id of who wrote
// them. What is only known to be on one server is confirmed by a write that the majority has
// to acknowledge. Where that does not succeed in time, the error is none of the store's own,
// and the caller looks in the log.
//
// Writes wait for the majority and its journal. Reads are of what the majority has, from the
// primary, so that nothing read is undone by an election; only to find out what became of a
// write does it read what the primary has.
//
// Every document carries a checksum of what it keeps, verified on every read.
//
// # Collections, and how to shard them
//
//	facts      the epoch, the format                              leave it whole
//	streams    the streams, with their floors                     leave it whole
//	log        batches                                            {s: 1, b: 1}, unique
//	parts      what of a batch is more than a document holds      {_id: "hashed"}
//	things     items and replicas                                 {_id: "hashed"}
//	receipts   of refused changes whose batches were trimmed      {_id: "hashed"}
//	r.<type>   the records of a type                              {_id: "hashed"}
//
// Every read and write on the way of a commit, of a pull and of one record carries these
// keys. What asks all shards is what cannot do otherwise: lists, search, the history of a
// document (by the index of marks in the log), a receipt asked for again (rare: a device
// sends once more what was answered), the list of all items of a kind. Records have a
// collection for each type because a collection has at most 64 indexes; the views of a type
// ask for two for each field that they sort by (index.go), so about thirty fields can have
// them.
//
// # How it finds
//
// Beside its value a record carries sort keys (key.go): texts that order by their bytes as
// [collections.Sort] says. Conditions, orders and page ends are comparisons of texts, in
// filters whose names are escaped and whose values are keys: nothing that a person wrote
// can become an operator or a path. A page is read in steps, each a range of one index
// (order.go). What keys cannot decide, Go does.
//
// # Caveats
//
// Texts that have the same first 1,024 bytes are the same in an order, and come by id. A
// record of which the keys would take more than 5 MiB (a million tiny fields) has none: it is
// found by id, by search and in plain lists; conditions only ever leave it out, but a count
// may count it.
// A record that does not fit into a document of the server (16 MiB, value and metadata
// compressed) is refused before anything is written. A batch of any size is kept.
//
// What a record is found by takes space: a work order of 478 bytes is a document of 1,785,
// with 549 of keys and 520 of words, before the server compresses it.
//
// Find is not of one moment: a record that is written between two steps of a page may be
// missing from it, or be in it as it was; it is never listed twice.
//
// Backup writes a file of parts, and is not of one moment: see [Store.Backup]. What it costs
// is reading all there is; a large database is better backed up by the means of its server
// (mongodump with --oplog, or snapshots of its disks), which are of one moment.
//
// # What it was run against
//
// It is meant for MongoDB 5.0 and later.
//
// The tests run against FerretDB 1.24 with its SQLite back end, which the nested module
// ferretdb builds, and against what FIELDSTACK_TEST_MONGODB names. No MongoDB server could
// be had where this was written: not a replica set, not a sharded cluster, not a standalone
// server has been run. Change streams ([Store.Wake]), partial indexes, majority reads and
// write concerns, retryable writes and step-downs are written by the documentation, and
// have not been seen to work. FerretDB 1 has none of them. It also does not write a document
// as one step: of four who each counted to 100 by compare-and-set, 114 steps succeeded, which
// is why the nested module has a front that lets one write through at a time.
package mongo
