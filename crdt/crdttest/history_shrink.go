package crdttest

import (
	"encoding/json"
	"slices"
	"strings"
)

// Shortened looks for a history that is part of h and still fails: up to which step, then
// without which steps and calls. fails is asked again and again.
func (h *History) Shortened(fails func(*History) bool) *History {
	short := *h
	for n := len(h.Steps) / 2; n > 0; {
		smaller := false
		for i := len(short.Steps) - n; i >= 0; i -= n {
			try := short
			try.Steps = slices.Delete(slices.Clone(short.Steps), i, i+n)
			if fails(&try) {
				short, smaller = try, true
			}
		}
		if !smaller || n > len(short.Steps) {
			n /= 2
		}
	}
	for i := range short.Steps {
		for c := len(short.Steps[i].Calls) - 1; c >= 0; c-- {
			try := short
			try.Steps = slices.Clone(short.Steps)
			try.Steps[i].Calls = slices.Delete(slices.Clone(short.Steps[i].Calls), c, c+1)
			if fails(&try) {
				short = try
			}
		}
	}
	return &short
}

// String is the history for people, a step a line.
func (h *History) String() string {
	var told strings.Builder
	plan, _ := json.Marshal(h.Plan)
	told.WriteString("plan " + string(plan) + "\n")
	for i := range h.Steps {
		step, _ := json.Marshal(&h.Steps[i])
		told.Write(append(step, '\n'))
	}
	return told.String()
}
