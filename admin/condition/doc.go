// Package condition is the condition editor: rows of field, comparison and value, in
// groups, that a person fills in without knowing the language they make. Rules, filters
// and "show when" are made with it.
//
// # Its types
//
//   - [Model]: a condition as it is edited. [New] makes one of a condition, [Read] of the
//     form that the component of templates/condition sends. [Model.Condition] gives the
//     condition back, [Model.View] what the component shows.
//
// # Laws
//
//  1. No condition is lost by editing it: what rows cannot say is kept as it is and shown
//     as a sentence. New(c, …).Condition() means what c means, and a second time it is the same.
//  2. What a form brings back is what was shown: through View, the browser and Read
//     nothing changes but what the person changed.
//  3. What was typed is kept, also where it is wrong: the mistake stands beside it.
//
// # Use
//
// Show templates/condition.Editor inside a form. On each POST (or GET) of that form call
// Read; when Acted says that a button of the editor was pressed, answer with the page
// again, and else take the condition. With script the buttons and the selects fetch the
// page by themselves and take only their editor out of it.
package condition
