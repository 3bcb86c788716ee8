// Package types is the admin's pages on which types are made: the list of types, ways to
// begin one, the builder with the draft as a form, and the draft as JSON Schema.
//
// # Its types
//
//   - [Asks]: what the pages ask of the engine.
//   - work: a draft as it is now, with the versions that it follows.
//   - order: what one post to the builder asks for.
//   - trails: who can take back what.
//
// # Laws
//
//  1. Every change is one [studio.Command], made on the draft as it is when the command
//     arrives, and tried again where somebody else was faster. A draft is never saved as
//     a whole over what somebody else did.
//  2. A command that is refused, or that two people disagree about, changes nothing, and
//     the page that answers has what was typed where it was typed.
//  3. GET changes nothing.
//  4. Undo takes back what the same person did and nothing else.
package types
