// Package jobs runs what takes longer than a request: an import, an edit of many
// records. A job goes on when its page is closed, says how far it is, can be cancelled,
// and keeps what came of it for a while.
//
// # Its types
//
//   - [Runner]: runs jobs. Safe for concurrent use.
//   - [About], [Work]: what a job is for, and what it does.
//   - [Progress]: by which the work says how far it is.
//   - [Report]: how a job stands.
//
// # Laws
//
//  1. A job is its account's alone: for everybody else it is not there.
//  2. A job that was cancelled, or that panicked, ends; what it did until then stays done.
//  3. Close cancels all jobs and waits until the last one has ended.
//
// Jobs are kept in memory: a server that stops ends them, and forgets what came of them.
package jobs
