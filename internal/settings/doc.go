// Package settings keeps what an owner sets about the server while it runs. What is set
// by flags, because it must be known before the store is open, is not here.
//
// # Its types
//
//   - [Values]: all settings. [Service]: reads and changes them. Safe for concurrent use.
//
// # Laws
//
//  1. Only owners change settings.
//  2. A change is of what its author changed, against what its author saw: what others
//     set meanwhile stays, and where both set one thing to different values, nothing is
//     written and the author is told.
//  3. Reading costs nothing: the values are in memory, at most about a second old where
//     another process wrote them.
package settings
