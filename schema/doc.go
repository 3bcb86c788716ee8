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
//   - [Sentence]: whatever of these a person reads: its English text and what is put
//     into it, so that who has a catalogue says it in another language.
//
// # Laws
//
//  1. Nothing is opened: no file, no socket, whatever a $ref, $id or $schema says.
//  2. What Parse accepts means the same to a browser (client/js/src/schema): patterns
//     are read as ECMA 262 and run as an RE2 of the same meaning, or refused; formats
//     are few, asserted, and settled case by case in testdata/formats.json; no keyword
//     is ignored because it was misspelt; unevaluated… stands only where validators
//     agree. What is wrong with a value is told there in the same words: both are held
//     to testdata/problems.json, and compared on the official test suite and on random
//     types, patterns and texts.
//  3. Validation costs at most a bound that Parse computed; no value makes it panic.
//  4. The schema stays standard: every annotation of ours begins with "x-".
//  5. Parse of [Schema.JSON] is the same type, in the same order.
//  6. A Sentence is whole: what is put into it is a name, a value, or a Sentence of its
//     own, never a part glued on, because other languages order their words otherwise.
//     Its JSON and its String are the English.
//  7. What [Schema.Validate] accepts as a whole, [Schema.ValidateField] accepts field
//     by field, but for keys that no field may have.
//
// # How a schema becomes a type
//
// The text is read strictly (text.go) into nodes, each keyword checked (read.go,
// readplain.go, keywords.go), each $ref led to its place (ref.go) and the cost of
// validating computed (budget.go). What several schemas say together about one value
// is its shape (shape.go, children.go); from shapes follow the fields and how each
// merges (plan.go, strategy.go). The nodes are then given to the validator
// (compile.go), and what it finds is told in words (validate.go, message.go).
//
// # Caveats
//
// Values are plain JSON as crdt.ParseValue gives it, already bounded in size and in
// numbers. Validation runs on santhosh-tekuri/jsonschema/v5, guarded as the tests
// named after its traps say (traps_test.go). The browser's evaluator is our own: the one
// measured before it (@cfworker/json-schema) was 22 kB minified, of which types may use
// a fraction, and only gave back a flat list that had to be taken apart again.
//
// What only some branches of a schema say about a field (anyOf, then, …) counts for the
// plan, but is checked only in whole records: by itself the field may be anything that
// some record may hold there.
package schema
