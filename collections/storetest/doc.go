// Package storetest holds the contract of [collections.Store] as tests, and a plain
// in-memory store that keeps it.
//
//   - [Memory] is the store to test an engine against: right before fast, nothing
//     survives the process.
//   - [Run] is the contract: each sentence of the documentation of collections.Store
//     is a subtest. Every store must pass it.
//   - [Order] and [Select] are what Find means, said as plainly as Go can; the
//     stores are compared with them.
package storetest
