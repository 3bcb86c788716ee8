package crdt

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// Random puts and removes against a plain sorted slice, also when all go in at one end.
func TestOrdered_AgainstSlice(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 5))
		var o ordered[int]
		var want []int
		values := 1 + rng.IntN(4*maxChunk)
		for step := range 3_000 {
			v := rng.IntN(values)
			if seed%4 == 0 {
				v = 3_000 - step // descending
			}
			at, found := o.find(func(e *int) int { return cmp.Compare(*e, v) })
			i, there := slices.BinarySearch(want, v)
			switch {
			case found != there || found && *o.at(at) != v:
				t.Fatalf("seed %d, step %d: %d is found %v, want %v", seed, step, v, found, there)
			case !there:
				o.insert(at, v)
				want = slices.Insert(want, i, v)
			case rng.IntN(3) > 0:
				o.remove(at)
				want = slices.Delete(want, i, i+1)
			}
			if o.len() != len(want) {
				t.Fatalf("seed %d, step %d: %d elements, want %d", seed, step, o.len(), len(want))
			}
		}
		copied := o.clone(func(e *int) int { return *e + 1 })
		var got, next []int
		for e := range o.all() {
			got = append(got, *e)
		}
		for e := range copied.all() {
			next = append(next, *e-1)
		}
		if !slices.Equal(got, want) || !slices.Equal(next, want) {
			t.Fatalf("seed %d: the elements are\n%v, of the copy\n%v, want\n%v", seed, got, next, want)
		}
		for _, chunk := range o.more {
			if len(chunk) == 0 || len(chunk) > maxChunk {
				t.Fatalf("seed %d: a chunk has %d elements", seed, len(chunk))
			}
		}
	}
}

func TestOrdered_Push(t *testing.T) {
	var o ordered[int]
	o.grow(10)
	for i := range 3 * maxChunk {
		o.push(i)
	}
	next := 0
	for e := range o.all() {
		if *e != next {
			t.Fatalf("element %d is %d", next, *e)
		}
		next++
	}
	if at, found := o.find(func(e *int) int { return cmp.Compare(*e, 2*maxChunk) }); !found || *o.at(at) != 2*maxChunk {
		t.Error("a pushed element is not found")
	}
	if next != 3*maxChunk {
		t.Errorf("%d elements, want %d", next, 3*maxChunk)
	}
}
