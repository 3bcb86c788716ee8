//go:build !race

package crdt_test

const raced = false
