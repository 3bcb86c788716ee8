package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// progress tells a person how far something long is. Safe for concurrent use.
type progress struct {
	mu          sync.Mutex
	doing       string
	done, total int
	start, told time.Time
}

func newProgress(doing string, total int) *progress {
	return &progress{doing: doing, total: total, start: time.Now(), told: time.Now()}
}

// add counts n more, and says so now and then.
func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	if now := time.Now(); now.Sub(p.told) >= 2*time.Second {
		p.told = now
		p.tell()
	}
}

func (p *progress) tell() {
	rate := float64(p.done) / time.Since(p.start).Seconds()
	left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second))
	fmt.Fprintf(os.Stderr, "  %s: %d of %d, %.0f/s, %s left\n", p.doing, p.done, p.total, rate, left.Round(time.Second))
}

// end says how long it took.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	took := time.Since(p.start)
	fmt.Fprintf(os.Stderr, "  %s: %d in %.1f s, %.0f/s\n", p.doing, p.done, took.Seconds(), float64(p.done)/took.Seconds())
}
