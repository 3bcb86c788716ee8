//go:build race

package main

// raced has kill loops run a server without the race detector, and real tables imported once.
const raced = true
