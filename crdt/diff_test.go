package crdt

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A diff turns one sequence into the other, and its length is that of the shortest:
// both lengths less twice the longest common subsequence, found by the textbook table.
func TestDiff(t *testing.T) {
	letters := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 30)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		var built []string
		i, length := 0, 0
		for _, s := range diff(len(a), len(b), func(i, j int) bool { return a[i] == b[j] }) {
			built = append(append(built, a[i:s.a]...), b[s.b:s.bEnd]...)
			i = s.aEnd
			length += s.aEnd - s.a + s.bEnd - s.b
		}
		built = append(built, a[i:]...)
		if !slices.Equal(built, b) {
			t.Fatalf("the diff gives %v", built)
		}
		if want := len(a) + len(b) - 2*common(a, b); length != want {
			t.Fatalf("the diff has length %d, the shortest %d", length, want)
		}
	})
}

// common is the length of the longest common subsequence.
func common(a, b []string) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := range a {
		for j := range b {
			table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
			if a[i] == b[j] {
				table[i+1][j+1] = table[i][j] + 1
			}
		}
	}
	return table[len(a)][len(b)]
}

// Sequences that have nothing in common are given up on, and still come out right.
func TestDiff_GivesUp(t *testing.T) {
	n := 10 * maxDifferences
	stretches := diff(n, n, func(i, j int) bool { return i == j && i < 10 })
	if !slices.Equal(stretches, []stretch{{10, n, 10, n}}) {
		t.Errorf("the differences are %v", stretches)
	}
}

// Cut into characters or words, a text is still the same text, and no word is empty.
func TestClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{
			"a", "\u0301", "\u200d", "👩", "🏻", "🇫", "🇮", " ", "\r", "\n", "ש", "7", "\ufe0f",
		})).Draw(t, "pieces")
		text := ""
		for _, p := range pieces {
			text += p
		}
		for _, cut := range [][]string{clusters(text), words(text)} {
			joined := ""
			for _, c := range cut {
				if c == "" {
					t.Fatal("a piece is empty")
				}
				joined += c
			}
			if joined != text {
				t.Fatalf("%q became %q", text, joined)
			}
		}
	})
	for text, want := range map[string]int{"e\u0301e": 2, "👩‍👧👩": 2, "🇫🇮🇸🇪": 2, "👍🏻👍": 2, "\r\n\n": 2, "abc": 3} {
		if got := clusters(text); len(got) != want {
			t.Errorf("%q is %d characters: %q", text, len(got), got)
		}
	}
}
