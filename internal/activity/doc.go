// Package activity counts what goes on, hour by hour, for people who want to see how
// the work flows.
//
// # Its types
//
//   - [Counter]: counts, and tells. Safe for concurrent use.
//   - [Hour]: what was counted in one hour, UTC. [Sum] joins hours.
//
// # Laws
//
//  1. Counting costs no read and no write: counts wait in memory, and are added to what
//     the store has at most once a minute, and when the Counter is closed.
//  2. Counters of several processes on one store add up: each writes upon what it read,
//     and reads again when another was faster.
//  3. What is told holds what waits in memory as well.
//
// # Caveats
//
// A process that is killed takes the counts of its last minute with it. They are kept
// for 400 days.
package activity
