package crdt

import (
	"slices"
)

// saw is how much of each replica was seen: mostly all there was.
func (x *packCoder) saw(v Vector) Vector {
	d := x.model.author.doc
	if x.is(d.sawAll(v)) {
		x.seen += len(d.authors)
		v = make(Vector, len(d.authors))
		for _, a := range d.authors {
			if a.n > 0 {
				v[a.replica.id] = a.n
			}
		}
		return v
	}
	n := x.count(packCounts, uint64(len(v)), uint64(len(x.in[packSaw].buf)))
	if x.writing {
		for _, id := range sortedReplicas(v) {
			x.sawOne(id, v[id])
		}
		return v
	}
	v = make(Vector, n)
	for range n {
		id, seen := x.sawOne(0, 0)
		if _, twice := v[id]; twice || seen == 0 {
			x.fail("what was seen names a replica twice or nothing of it")
			return nil
		}
		v[id] = seen
	}
	return v
}

func (x *packCoder) sawOne(id Replica, n uint64) (Replica, uint64) {
	r := x.replica(id)
	guess := uint64(0)
	if a := r.authors[x.model.author.doc]; a != nil {
		guess = a.n
	}
	return r.id, x.near(packSaw, n, guess)
}

// sawAll reports whether v is all changes so far.
func (d *packDoc) sawAll(v Vector) bool {
	n := 0
	for _, a := range d.authors {
		if a.n > 0 {
			if v[a.replica.id] != a.n {
				return false
			}
			n++
		}
	}
	return n == len(v)
}

func sortedReplicas(v Vector) []Replica {
	replicas := make([]Replica, 0, len(v))
	for r := range v {
		replicas = append(replicas, r)
	}
	slices.Sort(replicas)
	return replicas
}
