// Package crdt merges documents that were edited apart.
//
// It is pure: no I/O, no clock, no randomness of its own, no goroutines. Whoever
// calls it brings the time and the identity; the same calls always give the same
// bytes.
//
// # Its types
//
//   - [Replica]: one installed store of one client. [Stamp]: a hybrid logical
//     clock reading of a replica; stamps are totally ordered. [Clock] makes them.
//   - [Change]: what one person did at once to one document, a list of [Op]. Every
//     operation is legible: one field, one kind, plain JSON; so each can be
//     checked, authorized and shown as history.
//   - [Strategy] and [Plan]: how each field of a type merges. Only [Document.Diff]
//     and [Editor] need a plan, to choose operations; merging never does, because
//     an operation's kind says how it merges.
//   - [Document]: one record: its value (plain JSON) and who wrote what when.
//     [Document.Encode] splits it into value and meta, and [Decode] joins them
//     again. Meta never repeats the value.
//   - [Packer] and [Unpack]: the log, many changes folded into little room; [Replay]
//     makes a document of the changes of one.
//
// # Identity inside a document
//
// Everything that a change adds and that another change may later point at (a
// character of a text, a place in a list, a row, an element of a set, one of two
// conflicting values) has a [Dot]: the replica that made it and a sequence number
// that this replica counts up inside this document. An operation that makes one
// element carries the number as "id"; one that makes several (a run of text)
// carries the first.
//
// # Laws
//
// Each is a property test (laws_test.go) against a deliberately dumb model (package
// crdttest).
//
//  1. The document depends only on the set of changes it was given, not on their
//     order and not on how often each came. [Document.Apply] holds a change back
//     inside the document until what it leans on has come.
//  2. Equal documents encode to equal bytes.
//  3. Decode(Encode(d)) equals d.
//  4. Merge is commutative, associative and idempotent, and merging two documents
//     equals applying both their changes to one.
//  5. After applying Diff(d, v, plan) the value is v.
//  6. A refused change changes nothing.
//
// # Caveats
//
// A document is not safe for concurrent use. A field's strategy never changes once
// there are documents (the schema package refuses it); an operation of another
// kind on an existing field is an error. Values follow what JavaScript and Go both
// read alike: numbers are IEEE doubles, strings are valid Unicode ([ParseValue]
// refuses the rest).
//
// The spelling of a path says what is a map and what a list: a segment that looks like
// an element names a row, so no key may look like one. A document holds back at most
// 1,000 changes and 1 MiB of them; more is an error.
//
// What was removed costs a few bytes in texts and lists, because somebody may still
// point at it, and nothing elsewhere; a removed row keeps its contents, because an edit
// may bring it back. [Document.Compact] clears that away once everybody who may still
// write has seen the removals; one element stays for each gap in which some were
// removed. Copies that were compacted and copies that were not, or otherwise, show the
// same and go on showing the same, but their meta differs, so laws 1, 2 and 4 then hold
// for their values only. That is for operations as [Editor] makes them: an insertion
// whose Before is not what stood behind its After may come to stand elsewhere in a copy
// that was compacted, and a removal that claims to have seen too little may remove more.
package crdt
