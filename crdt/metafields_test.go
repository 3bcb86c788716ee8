package crdt

import (
	"testing"

	"pgregory.net/rapid"
)

func TestShortSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sum := rapid.Int64Range(-maxReplicaSum, maxReplicaSum).Draw(t, "digits")
		for range rapid.IntRange(0, 6).Draw(t, "zeros") {
			sum *= 10
		}
		if got := longSum(shortSum(sum)); got != sum {
			t.Fatalf("%d comes back as %d", sum, got)
		}
	})
	if short := shortSum(2_500_000); short > 200 {
		t.Errorf("two and a half hours are written as %d", short)
	}
}
