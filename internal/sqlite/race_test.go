//go:build race

package sqlite

// raced makes tests smaller: the race detector slows SQLite down some thirty times.
const raced = true
