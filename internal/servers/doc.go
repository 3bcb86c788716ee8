// Package servers knows which servers share a store: each writes now and then that it is
// there, and each looks which others do.
//
// # Its types
//
//   - [Roll]: keeps this server on the list and reads it. Safe for concurrent use.
//   - [Server]: what a server says of itself. [Seen]: one as this server sees it.
//
// # Laws
//
//  1. No clocks are compared: a server is silent when what it wrote has not moved for a
//     while by the clock of the one who looks.
//  2. A server that stops leaves the list. One that died stays on it for about an hour, as
//     silent.
//  3. A server that has its store to itself (Config.Alone) writes nothing.
package servers
