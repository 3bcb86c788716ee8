// Package xlsform reads forms that are written as an XLSForm (https://xlsform.org), the
// spreadsheet that ODK, Kobo and Survey123 take, as a type, and writes a type as one.
//
// # Its types
//
//   - [Read]: from a book of sheets to a [Form]: a JSON Schema, and what was not carried
//     over. [Write]: back.
//   - [Note]: one thing that has no counterpart, with the sheet and the row where it is,
//     and what to do.
//
// # Laws
//
//  1. What Read gives parses with schema.Parse.
//  2. Nothing is dropped in silence: whatever is not carried over has a note.
//  3. What a form says and both sides know comes back from Write and Read as it was.
//  4. A field's key is the name that the form gives it, so that data collected with the
//     form can be imported under it.
//
// # What becomes what
//
// A question is a field, a group a section of the form, a repeat rows. select_one is a
// choice, select_multiple a set of choices, rank a list in order, range a number with
// bounds, acknowledge a yes or no, geopoint a place. relevant becomes "x-when", and
// constraint the bounds and patterns of JSON Schema, as far as people write them:
// comparisons of one question with a value, and, or, not, selected, regex,
// string-length, count-selected (expression.go).
//
// A form in several languages keeps its default one. Photos, sound, video and files have
// no field yet.
package xlsform
