// Package people is the pages about who may do what: the people of a server, their
// devices and tokens, the rules of a type, and trying them out as somebody.
//
// A handler asks the engine or the accounts and shows the answer. What a person may do is
// never worked out here: the rules page writes rules, and the page that tries them asks
// [collections.Engine.Explain].
package people
