package collections

import (
	"crypto/rand"
	"testing"
	"time"
)

// Ensure ids sort in the order they are made: in one millisecond, past the 4,096th of
// it, and when the clock steps back.
func TestIDsSortAsMade(t *testing.T) {
	var s ids
	start := time.UnixMilli(1_790_000_000_000)
	before := ""
	for i := range 20_000 {
		now := start.Add(time.Duration(i/9_000) * time.Millisecond)
		if i > 15_000 {
			now = start.Add(-time.Hour)
		}
		id, err := s.next(now, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !isUUID(id) || id[14] != '7' {
			t.Fatalf("%q is no UUIDv7", id)
		}
		if id <= before {
			t.Fatalf("id %d, %s, sorts before the one made before it, %s", i, id, before)
		}
		before = id
	}
}
