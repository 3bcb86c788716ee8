package crdt

import "slices"

// stretch is a difference of two sequences: [a, aEnd) of the old gives way to
// [b, bEnd) of the new. One of the two may be empty, not both.
type stretch struct {
	a, aEnd, b, bEnd int
}

// maxDifferences bounds the work of diff: sequences further apart than this are
// taken to differ throughout, between the parts at their ends that agree.
const maxDifferences = 500

// diff compares a sequence of n with one of m and gives the fewest differences
// between them, in order, by the greedy algorithm of Myers, "An O(ND) difference
// algorithm and its variations" (1986).
func diff(n, m int, equal func(i, j int) bool) []stretch {
	start := 0
	for start < n && start < m && equal(start, start) {
		start++
	}
	for n > start && m > start && equal(n-1, m-1) {
		n, m = n-1, m-1
	}
	n, m = n-start, m-start
	inner := func(i, j int) bool { return equal(start+i, start+j) }
	paths, ok := furthest(n, m, inner)
	if !ok {
		return []stretch{{start, start + n, start, start + m}}
	}
	stretches := backtrack(paths, n, m)
	for i := range stretches {
		s := &stretches[i]
		s.a, s.aEnd, s.b, s.bEnd = s.a+start, s.aEnd+start, s.b+start, s.bEnd+start
	}
	return stretches
}

// furthest gives, for each number d of differences, how far into the old each
// diagonal k = i-j gets with d of them; index k+d. The last gets to the end. False if
// it takes more than maxDifferences.
func furthest(n, m int, equal func(i, j int) bool) ([][]int, bool) {
	var paths [][]int
	for d := 0; d <= min(n+m, maxDifferences); d++ {
		row := make([]int, 2*d+1)
		for k := -d; k <= d; k += 2 {
			i := enter(paths, d, k)
			for i < n && i-k < m && equal(i, i-k) {
				i++
			}
			row[k+d] = i
			if i >= n && i-k >= m {
				return append(paths, row), true
			}
		}
		paths = append(paths, row)
	}
	return nil, false
}

// enter is where diagonal k begins with the d-th difference: a step down (an
// insertion) from the diagonal above or to the right (a removal) from that below.
func enter(paths [][]int, d, k int) int {
	if d == 0 {
		return 0
	}
	before := paths[d-1] // index k+d-1
	if down(before, d, k) {
		return before[k+1+d-1]
	}
	return before[k-1+d-1] + 1
}

func down(before []int, d, k int) bool {
	return k == -d || k != d && before[k-1+d-1] < before[k+1+d-1]
}

// backtrack reads the differences off the paths, from the end, and joins those that
// touch.
func backtrack(paths [][]int, n, m int) []stretch {
	var reversed []stretch
	i, j := n, m
	for d := len(paths) - 1; d > 0; d-- {
		k := i - j
		var s stretch
		if down(paths[d-1], d, k) {
			i = paths[d-1][k+1+d-1]
			j = i - k - 1
			s = stretch{i, i, j, j + 1}
		} else {
			i = paths[d-1][k-1+d-1]
			j = i - k + 1
			s = stretch{i, i + 1, j, j}
		}
		if last := len(reversed) - 1; last >= 0 && reversed[last].a == s.aEnd && reversed[last].b == s.bEnd {
			reversed[last].a, reversed[last].b = s.a, s.b
			continue
		}
		reversed = append(reversed, s)
	}
	slices.Reverse(reversed)
	return reversed
}
