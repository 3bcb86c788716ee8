package crdt

import (
	"strings"
	"testing"
)

// Ensure a long word costs no more than its length: one of a million letters is cut
// with a number of allocations that does not grow with it, but for the list of its
// characters.
func TestWordsOfOneLongWord(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	bytes := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if got := words(long + " " + long); len(got) != 3 || got[0] != long || got[2] != long {
				b.Fatalf("%d words", len(got))
			}
		}
	}).AllocedBytesPerOp()
	if limit := int64(300 * len(long)); bytes > limit {
		t.Errorf("cutting two words of 1 MiB takes %d bytes, want at most %d", bytes, limit)
	}
}
