// Package collections is the engine: it accepts changes, merges them into
// documents, keeps the log, answers queries, tells history, feeds live readers, and
// decides what each person may see and do.
//
// # Its types
//
//   - [Engine]: one server's engine over one [Store]. Safe for concurrent use.
//   - [Actor]: who asks. [Rules] and [Grant]: what they may do; [Engine.Grant] is the
//     one door every read and write goes through. [Engine.Explain] tells why it lets
//     somebody or does not, out of the same grant.
//   - [Type]: a published version of a schema. [Draft]: the next one, unpublished.
//   - [Record]: one document as stored. [Entry]: one line of the log, which is the
//     truth; records can be rebuilt from it. [Batch]: what one commit writes.
//   - [Store]: what the engine needs of a database; declared here, implemented by
//     internal/sqlite, its contract tested by storetest.
//   - [Engine.Fold]: lets go of history that is older than it is kept. The floor is the
//     place in the log up to which it has.
//   - [Observer]: is told what was done, for those who count and those who keep a trail.
//   - [Refusal]: a pushed change that was refused, kept for an editor to look at.
//   - [Follower]: reads the log change by change, for those who send each one on.
//   - [Device]: an installed copy as it was heard of last. What it says about itself is
//     shown, and decides nothing.
//   - A cursor: an opaque place in the log, with what its reader was subscribed to; text
//     that goes out in a [SyncResponse] and comes back in a [SyncRequest].
//
// # Laws
//
//  1. A change is acknowledged after the commit that holds it is durable, and has its
//     effect exactly once however often it is sent.
//  2. Checks come before any state moves, in the order of the design's section 4; a
//     refused change moves nothing but its number.
//  3. A merge is never refused: a document that breaks today's schema is kept with
//     its problems.
//  4. Whatever leaves the engine has passed [Engine.Grant]; a field or a document that
//     may not be seen is, to the asker, one that does not exist.
//  5. A record has the value that the replay of its log entries has, upon what was
//     folded of it before them.
//  6. No change comes in from who had not seen the log up to its floor, and nothing
//     above the floor is let go of.
//  7. A refused change is kept until somebody has dealt with it, or nothing of it is lost
//     any more: its device wrote again what it was about, or the record has it.
//
// # Caveats
//
// Refused changes are kept for editors, but not for ever: [Refusal] says how many. Amounts,
// texts and rows count each time they are written, so the same once more does not settle
// one; a person has to look. What
// a device sent in vain is on the device in any case.
//
// One committer goroutine merges and commits; changes that arrive together share one
// commit. An Engine assumes that no other process writes its stream.
package collections
