//go:build race

package crdt_test

// raced makes tests smaller: the race detector slows the merge down some ten times.
const raced = true
