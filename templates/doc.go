// Package templates is how the admin pages look: templ components, the plain view
// models they show, and the files under static/ that a browser loads beside them. It
// knows nothing of the engine: whoever fills a model decides what is on the page.
//
// # Its types
//
//   - Frame: what is around every page. Each page has a model of its own that begins
//     with it, and a component of that model: ConfirmPage and Confirm, and so on.
//   - Input: one field of a form, with its error beside it and what was typed kept.
//   - Value: a value of a record, ready to be read by a person.
//   - Static: the embedded files.
//
// This package is the kit; the components of each area of pages are in a package below it,
// with the stories that show them.
//
// # Laws
//
//  1. Whatever string a model holds, the page holds no script, no handler and no link
//     but those that are written in a template: storytest fills every string of every
//     story.
//  2. Pages are read and forms sent without script. What stands in a page as an island
//     of the field app (the form of a record, the rehearsal) needs it, and says so. Nothing
//     is styled inline, so the content security policy holds.
//  3. Every text that a person reads goes through package words.
package templates
