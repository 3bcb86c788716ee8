package text

import (
	"fmt"
	"slices"
)

// action is what a replica does in a step.
type action int

const (
	edits    action = iota // types transaction number Index
	sends                  // the next message: Index counts 0, 1, 2 over all replicas
	receives               // message number Index
)

// step is one thing that one replica does.
type step struct {
	does  action
	who   int
	index int
}

// message is what a replica typed since its message before, up to its end-th transaction.
type message struct{ index, from, end int }

// script gives the steps that play a session as it happened. Before a replica types, it
// receives what its transaction's history holds of the others, and nothing more. A
// message is sent at each place that somebody, by the trace, had come to. In the end
// everybody has everything.
func script(t *Trace) ([]step, error) {
	needs, err := needsOf(t)
	if err != nil {
		return nil, err
	}
	ends := messageEnds(t, needs)
	var steps []step
	inboxes := make([][]message, t.Agents)
	receive := func(who int, upTo []int) {
		inboxes[who] = slices.DeleteFunc(inboxes[who], func(m message) bool {
			taken := m.end <= upTo[m.from]
			if taken {
				steps = append(steps, step{receives, who, m.index})
			}
			return taken
		})
	}
	typed, sent := make([]int, t.Agents), 0
	for i, x := range t.Transactions {
		if needs[i].grown {
			receive(x.Agent, needs[i].upTo)
		}
		steps = append(steps, step{edits, x.Agent, i})
		typed[x.Agent]++
		if !ends[x.Agent][typed[x.Agent]] {
			continue
		}
		steps = append(steps, step{sends, x.Agent, sent})
		for other := range inboxes {
			if other != x.Agent {
				inboxes[other] = append(inboxes[other], message{sent, x.Agent, typed[x.Agent]})
			}
		}
		sent++
	}
	for who := range inboxes {
		receive(who, typed)
	}
	return steps, nil
}

// need is what a transaction's history holds: how many transactions of each replica, and
// whether that is more than its own replica had.
type need struct {
	upTo  []int
	grown bool
}

// needsOf follows the parents of each transaction. One that does not know of all that its
// replica had cannot be played, because a replica does not forget.
func needsOf(t *Trace) ([]need, error) {
	after := make([][]int, len(t.Transactions)) // each transaction's history with itself
	last := make([][]int, t.Agents)
	for who := range last {
		last[who] = make([]int, t.Agents)
	}
	needs := make([]need, len(t.Transactions))
	for i, x := range t.Transactions {
		upTo := make([]int, t.Agents)
		for _, p := range x.Parents {
			for who, n := range after[p] {
				upTo[who] = max(upTo[who], n)
			}
		}
		for who, had := range last[x.Agent] {
			if upTo[who] < had {
				return nil, fmt.Errorf("transaction %d does not know of all that its replica had", i)
			}
			needs[i].grown = needs[i].grown || upTo[who] > had
		}
		needs[i].upTo = upTo
		after[i] = slices.Clone(upTo)
		after[i][x.Agent]++
		last[x.Agent] = after[i]
	}
	return needs, nil
}

// messageEnds says after which of its own transactions each replica sends.
func messageEnds(t *Trace, needs []need) []map[int]bool {
	ends := make([]map[int]bool, t.Agents)
	for who := range ends {
		ends[who] = map[int]bool{}
	}
	typed := make([]int, t.Agents)
	for i, x := range t.Transactions {
		typed[x.Agent]++
		for who, n := range needs[i].upTo {
			if who != x.Agent {
				ends[who][n] = true
			}
		}
	}
	for who, n := range typed {
		ends[who][n] = true
	}
	return ends
}
