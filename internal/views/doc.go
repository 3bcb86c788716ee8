// Package views keeps how people look at the records of a type: saved views, which view
// somebody begins with, and everybody's own columns.
//
// # Its types
//
//   - [Look]: what a list shows, and in which order.
//   - [View]: a look under a name, one's own or shared.
//   - [Layout]: how somebody has arranged the columns.
//   - [Store]: where they are kept. Safe for concurrent use.
//
// # Laws
//
//  1. A view that is not shared is its maker's alone. Editors and up may share views, and
//     may change and take away those that are shared.
//  2. A view tells nobody of fields that are hidden from them: whatever in it names a
//     field that its reader does not have is left out ([Look.For]), and the view says so.
//  3. Nothing here decides which records somebody sees: a condition only narrows what the
//     engine gives.
//  4. A shared view has the indexes that its list needs; one's own asks for none.
package views
