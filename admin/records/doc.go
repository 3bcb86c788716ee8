// Package records is the admin's pages about records: one record with its timeline, the
// trash, what needs attention, the printed sheet.
//
// # Its types
//
//   - [Asks]: what the pages ask of the engine.
//
// # Laws
//
//  1. Every page shows what [collections.Engine] gives to who asks, and nothing else.
//  2. GET changes nothing; a form that does something answers with a redirect.
package records
