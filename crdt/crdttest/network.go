package crdttest

import "math/rand/v2"

// network carries messages between places, numbered from 0. It delays, loses, repeats
// and reorders them, and falls apart into sides that do not hear each other.
type network struct {
	links  map[[2]int]link
	side   []int // of each place: those on different sides do not hear each other
	asleep []bool
	whole  bool // nothing goes wrong any more
}

// link is how it goes from one place to another.
type link struct {
	delay, jitter int64 // ms
	loss, repeat  float64
}

func newNetwork(r *rand.Rand, places int) *network {
	n := &network{links: map[[2]int]link{}, side: make([]int, places), asleep: make([]bool, places)}
	for from := range places {
		for to := range places {
			n.links[[2]int{from, to}] = link{
				delay: pick(r, []int64{1, 20, 500, 20_000}), jitter: pick(r, []int64{1, 100, 30_000}),
				loss: pick(r, []float64{0, 0.05, 0.5}), repeat: pick(r, []float64{0, 0.05, 0.5}),
			}
		}
	}
	return n
}

// split draws the sides anew.
func (n *network) split(r *rand.Rand) {
	for place := range n.side {
		n.side[place] = r.IntN(2)
	}
}

// heal joins the sides.
func (n *network) heal() { clear(n.side) }

// mend ends all that goes wrong, for good.
func (n *network) mend() {
	n.heal()
	clear(n.asleep)
	n.whole = true
}

// fate says how often a message arrives: mostly once.
func (n *network) fate(r *rand.Rand, from, to int) int {
	l := n.links[[2]int{from, to}]
	switch chance := r.Float64(); {
	case n.whole:
		return 1
	case n.side[from] != n.side[to] || chance < l.loss:
		return 0
	case chance > 1-l.repeat:
		return 2
	}
	return 1
}

// send lets something be done at another place if and when the message arrives there.
func (w *World) send(from, to int, what string, arrives func() error) {
	times := w.network.fate(w.Rand, from, to)
	w.note("%d sends %d %s, which will come %d times", from, to, what, times)
	for range times {
		l := w.network.links[[2]int{from, to}]
		w.plan(l.delay+w.Rand.Int64N(l.jitter), func() error {
			if w.network.asleep[to] {
				w.note("%d sleeps while %s comes from %d", to, what, from)
				return nil
			}
			w.note("%d hears from %d: %s", to, from, what)
			return arrives()
		})
	}
}

// weather lets the network fall apart and come together again while the world lives.
func (w *World) weather() error {
	if w.Rand.IntN(2) == 0 {
		w.network.split(w.Rand)
		w.note("the network falls apart: %v", w.network.side)
	} else {
		w.network.heal()
		w.note("the network is whole")
	}
	w.whileAlive(60_000, w.weather)
	return nil
}
