// The merge, written a second time: what package crdt does in Go, file by file under the
// same names. Both run the vectors in crdt/testdata/vectors, whose README.md has the rules
// and META.md the stored bytes; a fuzzer compares the two on random histories.
//
// It is pure: no I/O, no clock, no randomness of its own. What packs a log, what compacts
// and what bounds a stranger's changes stay with the server.

export {}
