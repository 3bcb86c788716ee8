// Package api is the HTTP interface for clients: sign-in, types, documents, sync,
// live events, and what a command line needs of a running server.
//
// # Its types
//
//   - [Mount] registers every endpoint of the table in endpoints.go on a
//     [web.Server]. Each has its rule of access, and its part of the contract that
//     GET /api/openapi.json tells, beside its handler.
//   - [Options]: what differs between servers.
//
// # Laws
//
//  1. A handler reads the request strictly, asks the engine as the one who called,
//     and writes the answer; it decides nothing itself.
//  2. An unknown query parameter or body member is refused by name, so that a typing
//     mistake is not taken for a wish that was granted.
//  3. A GET changes nothing.
//  4. What a live event tells is what a GET would tell the same person then.
//
// # Caveats
//
// Preconditions (If-Match) are refused rather than ignored: edits merge field by
// field, so there is no whole to compare with.
package api
