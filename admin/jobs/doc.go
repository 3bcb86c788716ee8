// Package jobs runs what takes longer than a request: an import, an edit of many
// records, a look through all of them. A job goes on when its page is closed, says how
// far it is, can be cancelled, and what it wrote can be undone.
//
// # Its types
//
//   - [Runner]: runs jobs, finds them again, undoes them. Safe for concurrent use.
//   - [About], [Work]: what a job is for, and what it does.
//   - [Progress]: by which the work says how far it is, and through which it writes.
//   - [Report]: how a job stands; [Outcome]: what came of it.
//
// # Laws
//
//  1. A job is its account's alone: for everybody else it is not there. It ends when
//     whoever began it is signed out.
//  2. A job that was cancelled, or that panicked, ends; what it did until then stays done.
//  3. What a job writes to records it writes by [Progress.Write], which notes in the store
//     what it is about to do before it does it (the ledger). So a job that was under way
//     when the server stopped, however that came, is found again as [Interrupted], and all
//     it wrote can be undone.
//  4. Undoing puts back what was, where nobody has changed it since; it is done once. An
//     undoing that was broken off goes on where it was when it is asked for again, and
//     does nothing twice.
//  5. Close ends all jobs and waits until the last one has.
//  6. Where several servers share the store, a job that writes is found at each of them,
//     and ended from each. One whose server died is found as [Interrupted] when another
//     one has heard nothing of it for some seconds, by its own clock alone.
//
// # What is kept, and for how long
//
// Jobs that write are kept in the store, with their ledgers: of each account the last
// [KeptEach], for [KeptFor]. A ledger that grows beyond [KeptBytes] is let go of, and the
// job says that it cannot be undone. Jobs that write nothing are kept in memory,
// of the one server that runs them.
package jobs
