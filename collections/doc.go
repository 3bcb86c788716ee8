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
//   - [Hold]: what one server at a time may have, of those that share a store; [Chore]: what
//     only its holder does. The holds of streams say who writes which part of the log.
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
//  7. An entry is published after everything that it builds on, whichever server wrote that,
//     and after the records tell of it.
//  8. A refused change is kept until somebody has dealt with it, or nothing of it is lost
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
// commit.
//
// # Several servers
//
// An engine has its store to itself, or shares it with others under a name of its own
// ([Config].Server). Then it holds a stream of the log (stream.go) and writes to no other,
// and reads those of the others (tail.go). A hold tells nobody the truth: a server that slept
// believes that it has what another took. What keeps it from harm is the store: a batch of
// an older term is refused, and so is one that would write an item or a replica that moved
// on. The round is then made up anew upon what is there.
//
// Records are written after the log, by compare-and-set; who finds one moved on merges its
// entry into what is there. Until that is done the stream's level stays below the entry, and
// nobody reads it. Who finds a holder silent (takeover.go) raises the term, fences the one
// before off, does what that had left undone, and lets go of the stream.
//
// An entry says what of other streams it builds on: the last entries of the documents and of
// the replicas that its batch moves on (Entry.After). What those build on stands with them,
// so that is enough to have every reader see causes before effects. A device whose last
// change another server has, and has not brought into the records yet, waits for that.
//
// What only a look at other documents tells, two servers may get wrong at once: the same
// unique value, a reference to what is just deleted. Each looks again when its own write is
// durable (again.go), and whoever wrote last sees both. Between the two looks, milliseconds
// mostly, both records stand without the problem.
//
// Where servers share a store history is never folded: how much of the other streams the
// author of a change had seen is not kept with it.
package collections
