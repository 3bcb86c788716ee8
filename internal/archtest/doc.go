// Package archtest holds the house rules that the compiler does not know: which
// package may import which, where Fiber and the database drivers may be named, and
// the calls that are never made. It has no code, only tests; its import table is the
// one of the design, and the test fails with the sentence that says what to do.
package archtest
