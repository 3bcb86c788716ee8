// Package people is the pages about who may do what: people and their devices, tokens,
// what each role may do with a type, and trying that out.
package people
