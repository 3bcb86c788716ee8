// Package schema reads what a type is: a JSON Schema that any validator can use,
// from which it derives how each field merges.
//
// # Its types
//
//   - [Schema]: one JSON Schema 2020-12, checked and compiled, with its merge plan.
//     Immutable and safe for concurrent use. [Parse] takes 2020-12, [Import] also
//     drafts 4 to 2019-09, which it brings up and says what it changed.
//   - [Field]: one field of the plan: where it is, how it merges, and the sentence
//     that says why.
//   - [Problem]: one thing about a value that breaks the schema, in words for the
//     person who typed it. [SchemaError]: one thing about a schema that makes it no
//     type, with the place and the way out.
//   - [Condition]: the small JSON language of filters, views, row rules,
//     subscriptions and form logic.
//   - [Comparison]: what a new version changes, and what devices will feel of it.
//
// # Laws
//
//  1. Nothing is opened: no file, no socket, whatever a $ref, $id or $schema says.
//  2. What Parse accepts means the same to a browser: patterns are in the subset
//     that RE2 and ECMA 262 read alike, formats are asserted, no keyword is ignored
//     because it was misspelt.
//  3. Validation costs at most a bound that Parse computed; no value makes it panic.
//  4. The schema stays standard: every annotation of ours begins with "x-".
//
// # Caveats
//
// Values are plain JSON as crdt.ParseValue gives it, already bounded in size and in
// numbers. Validation runs on santhosh-tekuri/jsonschema/v5, guarded as the tests
// named after its traps say.
package schema
