// Package auth knows who somebody is: accounts, sign-in, sessions, tokens, devices.
// What they may do is decided by the engine; this package only says who asks.
//
// # Its types
//
//   - [Service]: all of it, over the [Items] of a store. Safe for concurrent use.
//   - [Account]: one person. [Identity]: one request's proven author.
//   - [Credential]: what proves it again and again: a browser's session, an API token
//     or a device's token. Only the SHA-256 of its secret is kept.
//   - [Code]: a one-time code that enrols a device.
//   - [AuditEntry]: one line of who did what: to accounts and credentials, and, where
//     other packages note it, to types, records and the server.
//
// # Laws
//
//  1. There is no account, key or password before set-up, and the token that allows
//     set-up is made anew by each process and kept nowhere; of several servers on one
//     store each knows the SHA-256 of the others' tokens, and one of them is set up once.
//  2. Whether a name exists cannot be told from an answer to a wrong sign-in, nor
//     from the work it took.
//  3. Two names that look alike to Unicode (composed and decomposed, full width, letter
//     case) are one name, so nobody can register a twin.
//  4. Disabling an account, or changing its role or password, ends every credential
//     it had, on every channel, within a second, in every process on the store.
//  5. There is always an owner who can sign in.
//  6. Attempts to sign in are counted by name and address, where several servers share
//     the store (Config.Shared) by all of them together.
//
// # Caveats
//
// Without Config.Shared attempts are counted in memory, per process. An owner who is
// about to be demoted is not counted on for two minutes, even where that fails then.
package auth
