// Package presence knows who has which page open just now, so that two people at one
// thing see each other, and passes on to all who have a page open that what it shows
// has moved on.
//
// It is pure: in memory, no I/O, no goroutines, and the time is an argument.
//
// # Its types
//
//   - [Hub]: all places of one process. Safe for concurrent use.
//   - [Guest]: one open page. Whoever serves the page joins, beats while the page is
//     open, and leaves; a guest that has not beaten for [Patience] is not there.
//   - [Person]: one person at a place, however many pages they have open.
//   - [Move]: what is at the place moved on: a draft was saved, a record changed.
//
// # Caveats
//
// A hub knows the pages of its own process only: where several servers share one
// database, people on different ones do not see each other. Nothing but courtesy rests
// on it: that nobody overwrites anybody is the engine's promise, not this one's. A
// guest whose expiry nobody witnesses goes when the next one at its place does anything.
package presence
