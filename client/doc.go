// Package client is a device: one installed store of one person, which works with no
// network and merges when there is one. It is the reference that the JavaScript
// client mirrors, file by file.
//
// # Its types
//
//   - [Device]: the local store (one SQLite file, or memory), the queue, the clock,
//     and the way to the server. [Open] makes or reopens one.
//   - [Collection]: the documents of one type on the device: create, edit, delete,
//     find, validate, all offline.
//   - [Document]: what the person sees: confirmed and pending, merged.
//   - [Refusal]: a change that the server would not take, kept with its reason.
//   - [Status]: what to show: online, pending, refused, when it last synced.
//
// # How it keeps its promises
//
// Confirmed documents are what the server has acknowledged, with the server's stamps.
// Pending changes are this device's own, numbered 1, 2, 3 … with no gaps. The view is
// the confirmed document with the pending changes applied. So an acknowledged change
// only moves over, with whatever stamp the server gave it, and a refused one only
// leaves the queue. What a round trip brings (documents, cursor, answers) is written
// in one local transaction, synced to disk: a device killed at any moment comes back
// with all of it or none, and sends again what it does not know to be acknowledged.
//
// A change is made at a cursor, and a server that keeps history for some time only says
// so when that is too long ago. Then what the unsent changes did is made anew, by value,
// on top of the documents as they are (outdated.go), and the person is told by a note.
//
// # Caveats
//
// A Device is safe for concurrent use by one process; a second process on the same
// file is refused. A file that was copied or restored is found out at the next round trip:
// the device then takes a new replica id and sends its pending changes under it.
package client
