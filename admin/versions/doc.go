// Package versions is the pages on which a draft is published and published versions
// are looked at.
//
// # Its types
//
//   - [Asks]: what the pages ask of the engine. [Routes]: the ways to them.
//
// # Laws
//
//  1. What is published is the draft that was looked at: who publishes names its Rev.
//  2. Before anything is published the page says what changes, how many of the records
//     there are would newly need attention, and which devices may hold older work. All
//     records are looked at, however many: what the first of them say is shown at once.
//  3. A version that becomes the draft takes the place of the draft that its author was
//     shown, never of one that somebody saved since.
//  4. GET changes nothing.
package versions
