package crdt

import (
	"iter"
	"slices"
)

// ordered keeps elements in an order that its owner searches by. They stand in
// chunks, so that putting one between many others moves few of them; up to maxChunk
// there is one chunk, a plain slice. The zero value is empty and ready.
type ordered[E any] struct {
	first []E
	more  [][]E // behind first; no chunk is empty but first alone
	n     int
}

const maxChunk = 256

// spot is a place among the elements of an ordered: in which chunk, and how far in.
type spot struct{ chunk, at int }

func (o *ordered[E]) len() int { return o.n }

func (o *ordered[E]) chunk(i int) *[]E {
	if i == 0 {
		return &o.first
	}
	return &o.more[i-1]
}

// find gives the spot of the element for which compare is zero, or where it would
// have to go. compare is negative for the elements before it and positive for those
// behind.
func (o *ordered[E]) find(compare func(*E) int) (spot, bool) {
	chunk := firstNot(len(o.more), func(i int) bool { return compare(&o.more[i][0]) <= 0 })
	elements := *o.chunk(chunk)
	at := firstNot(len(elements), func(i int) bool { return compare(&elements[i]) < 0 })
	return spot{chunk, at}, at < len(elements) && compare(&elements[at]) == 0
}

// firstNot is the first of n that is not before, where those that are come first.
func firstNot(n int, before func(i int) bool) int {
	low := 0
	for low < n {
		if middle := int(uint(low+n) >> 1); before(middle) {
			low = middle + 1
		} else {
			n = middle
		}
	}
	return low
}

// at is the element at a spot that find found, until the next insert or remove.
func (o *ordered[E]) at(s spot) *E { return &(*o.chunk(s.chunk))[s.at] }

// insert puts an element to a spot that find gave.
func (o *ordered[E]) insert(s spot, e E) {
	chunk := o.chunk(s.chunk)
	*chunk = slices.Insert(*chunk, s.at, e)
	o.n++
	if n := len(*chunk); n > maxChunk {
		behind := slices.Clone((*chunk)[n/2:])
		*chunk = slices.Delete(*chunk, n/2, n)
		o.more = slices.Insert(o.more, s.chunk, behind)
	}
}

// push puts an element behind all others.
func (o *ordered[E]) push(e E) {
	chunk := o.chunk(len(o.more))
	o.n++
	if len(*chunk) < maxChunk {
		*chunk = append(*chunk, e)
		return
	}
	o.more = append(o.more, append(make([]E, 0, maxChunk), e))
}

// grow makes room for n elements that will be pushed.
func (o *ordered[E]) grow(n int) { o.first = slices.Grow(o.first, min(n, maxChunk)) }

// remove takes the element at a spot out.
func (o *ordered[E]) remove(s spot) {
	chunk := o.chunk(s.chunk)
	*chunk = slices.Delete(*chunk, s.at, s.at+1)
	o.n--
	switch {
	case len(*chunk) > 0 || len(o.more) == 0:
	case s.chunk == 0:
		o.first, o.more = o.more[0], o.more[1:]
	default:
		o.more = slices.Delete(o.more, s.chunk-1, s.chunk)
	}
}

// all goes through the elements in order; those may be changed on the way, but not
// where they stand.
func (o *ordered[E]) all() iter.Seq[*E] {
	return func(yield func(*E) bool) {
		for i := range len(o.more) + 1 {
			elements := *o.chunk(i)
			for k := range elements {
				if !yield(&elements[k]) {
					return
				}
			}
		}
	}
}

// clone gives a copy, each element of which one makes.
func (o *ordered[E]) clone(one func(*E) E) ordered[E] {
	c := ordered[E]{n: o.n}
	copied := func(elements []E) []E {
		if len(elements) == 0 {
			return nil
		}
		to := make([]E, len(elements))
		for i := range elements {
			to[i] = one(&elements[i])
		}
		return to
	}
	c.first = copied(o.first)
	for _, chunk := range o.more {
		c.more = append(c.more, copied(chunk))
	}
	return c
}
