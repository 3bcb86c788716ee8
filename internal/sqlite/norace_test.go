//go:build !race

package sqlite

// raced makes tests smaller where the race detector slows them down.
const raced = false
