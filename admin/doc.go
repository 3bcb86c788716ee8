// Package admin is the pages in which people see and shape what the server holds:
// types and their versions, records and their history, people, tokens and devices.
//
// A handler asks the engine or the accounts, makes a view model of templates, and
// renders it. It decides nothing about who may do what: routes have a rule of
// internal/web, and whatever is shown or done goes through the engine's one door.
//
// # Its types
//
//   - [Config], [Mount]: what the pages are made of, and how they get on a server.
//   - [Types], [Accounts], [Tokens]: what they ask of the engine and of the
//     accounts.
//
// # Laws
//
//  1. GET changes nothing. What changes something is a POST, and is answered by a
//     redirect, or by the same form with what was typed and the error beside it.
//  2. A secret is shown once, in the answer to the request that made it.
//  3. Every page can be read without script, and every form of ours sent.
//
// Pages of a type are under /admin/types/{name}; names that begin with _ are ours, so
// that no type's name is taken by a page.
package admin
