// Package hooks tells other programs what happens to records: webhooks, sent as the
// Standard Webhooks specification says, at least once.
//
// # Its types
//
//   - [Service]: all of it. Safe for concurrent use. Only owners may call it.
//   - [Hook]: where to send what, and whose it is. [State]: how far it has got.
//   - [Message]: what is sent. [Delivery]: one attempt to send it, for the log that
//     people read.
//
// # Laws
//
//  1. What the log has after a hook was made is sent to it at least once, in the order
//     of the log; a crash repeats messages (with the same id) and never loses one.
//  2. A message that is not taken is tried again, with growing pauses, for three days;
//     then the hook is paused and says why. Nothing is passed over meanwhile, unless an
//     owner says so, or the server was restored, or history was folded: then the log of
//     deliveries says so.
//  3. Each hook has a worker of its own, which holds one page of changes: one endpoint
//     that hangs holds up no other.
//  4. A hook sees what the owner sees whose it is: the whole record, as owners are not
//     narrowed by rules. When that account is disabled or no owner any more, the hook
//     pauses until another owner takes it over by saving it.
//  5. Addresses of this machine and of private networks are not called, unless the
//     server's settings allow it. That is checked on the address that is dialled, so no
//     name can lead there; redirects are not followed, and no proxy is used.
//
// # Caveats
//
// Of several servers on one store one sends at a time (Config.Chore), and another one
// takes over within about ten seconds when it is gone: messages that were not noted as
// taken yet come again then, with the same id. What owners change at another server
// takes effect within about a second. The log of deliveries is written about once a
// second: a crash takes its last lines, never a message.
package hooks
