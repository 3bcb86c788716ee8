// Package web is the one place where Fiber is set up: limits, deadlines, headers,
// who asks, what a mistake looks like, and how a stream is written. The API and the
// admin pages declare routes on it.
//
// # Its types
//
//   - [Server]: the app with its defences. [Config]: what it is made of.
//   - [Route]: a method, a path, who may call it, and a handler. A route without a
//     rule of [Access] is refused when it is registered, so none is open by mistake.
//   - [Site]: an app of the browser's own, served as files.
//   - [Events]: writes server-sent events, each with a deadline of its own.
//
// # Laws
//
//  1. Who may call is decided on the route that was resolved, never on a prefix of
//     the path; paths that could be read in two ways are refused before routing.
//  2. A request body is what came over the wire, at most Config.BodyLimit of it, and
//     only that of who may call is read: nothing is inflated. A route that takes more
//     says how much, and reads it as it arrives.
//  3. What fails unforeseen is answered by one opaque sentence and a request id, and
//     logged once with all that is known.
//  4. A panic ends the request or the stream it happens in, and nothing else.
//  5. A reader that does not read is cut, and holds up nobody; one that waits holds a
//     connection and a goroutine, and nothing of fasthttp's.
//
// # Caveats
//
// Handlers must not keep a *fiber.Ctx after they return; what they take from it they
// may keep, because the app copies (Immutable).
package web
