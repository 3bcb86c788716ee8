// Package records is the admin's pages about records: the grid with its filters and saved
// views, one record with its timeline, the trash, what needs attention, the printed
// sheet.
//
// # Its types
//
//   - [Asks]: what the pages ask of the engine.
//
// # Laws
//
//  1. Every page shows what [collections.Engine] gives to who asks, and nothing else.
//  2. GET changes nothing; a form that does something answers with a redirect.
//  3. All that a list shows, and in which order, is in its address: a link is a view.
//  4. No list is counted unless somebody asks, and none is read whole to be shown.
package records
