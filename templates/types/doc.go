// Package types has the pages on which a type is made: the list of types, how to begin
// one, and the builder, with the view models that they show.
//
// # Laws
//
//  1. Every change is a form that works without script; builder.js sends the same forms
//     as they are filled in and puts the answer in their place.
//  2. What was typed and not taken stands where it was typed, with why beside it.
//  3. An element that stands for a field or a setting keeps its id as long as that is
//     there, so that an answer can be put in the place of a page somebody types on.
package types
