// Package studio is the model of the type builder: what a draft's JSON Schema text says
// as a form, and the small commands that change it.
//
// # Its types
//
//   - [Draft]: one draft, read from its text. Immutable and safe for concurrent use;
//     [Draft.Do] gives another.
//   - [Field]: one field as the builder shows it: its [Kind] in work words, its settings
//     by name, how it merges and what else there is to choose, what is wrong with it.
//   - [Kind] and [KindInfo]: the gallery that fields are picked from.
//   - [Command]: one small change, as a form post carries it. [Refusal]: why it is not
//     made, in a sentence. [Clash]: somebody else changed the same setting meanwhile.
//   - [Removed]: a field that was taken out and can come back.
//
// # Laws
//
//  1. Any JSON is read, also what schema.Parse refuses, and what the model does not know
//     stays as it is, in its order.
//  2. A command changes what it is about and nothing else.
//  3. What [Draft.Undo] gives back makes the draft what it was.
//  4. A valid draft stays valid, and one that can follow the published versions stays
//     so: a command that would end that is refused.
//  5. What was set is read again as it was set.
//  6. A key that was published never changes and never comes back as something else: a new
//     field takes no key that the draft, its tray or a published version knows. Only a
//     field that no version has may move into a group or out of one, which changes its
//     path. The same holds for the values of choices.
//  7. Nobody is overwritten: a command carries what its author saw, and where that is
//     no longer so and is not what the author wants either, nothing is written.
//
// # What is written
//
// All rules are standard JSON Schema. Annotations of ours say what it has no word for:
// "x-icon" names the icon of the
// type, "x-section" heads the fields from one on, "x-when" says when a form shows a field,
// "x-error" is an own sentence for a value that breaks the field's rules, "x-unit" what
// a number counts in, "x-input" how a value is entered. In "allOf" stand the fields that
// are required only sometimes, as "if" and "then", each with its condition beside as
// "x-required-when" (true: always, as long as it is shown). The draft alone has "x-tray",
// the fields taken out that no version has, and "x-sections", the headings in order
// while one of them has no field yet.
package studio
