package crdttest

import "container/heap"

// event is something that happens at a time.
type event struct {
	at   int64  // simulated ms
	n    uint64 // of two at one time, the one that was planned first comes first
	does func() error
}

// events is what is yet to happen, the next first.
type events struct {
	heap    eventHeap
	planned uint64
}

// plan lets something happen at a time.
func (e *events) plan(at int64, does func() error) {
	e.planned++
	heap.Push(&e.heap, event{at, e.planned, does})
}

// next takes the next event out, false if there is none.
func (e *events) next() (event, bool) {
	if len(e.heap) == 0 {
		return event{}, false
	}
	return heap.Pop(&e.heap).(event), true
}

type eventHeap []event

func (h eventHeap) Len() int      { return len(h) }
func (h eventHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h eventHeap) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].n < h[j].n
}
func (h *eventHeap) Push(x any) { *h = append(*h, x.(event)) }
func (h *eventHeap) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	*h = (*h)[:last]
	return e
}
