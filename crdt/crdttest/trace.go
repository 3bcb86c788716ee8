package crdttest

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// Trace is what happened in a world, one legible line each.
type Trace struct{ lines []string }

// String gives the lines.
func (t *Trace) String() string { return strings.Join(t.lines, "\n") }

// Digest is short and differs where the lines do.
func (t *Trace) Digest() string { return fmt.Sprintf("%x", sha256.Sum256([]byte(t.String()))) }

// note adds a line to the world's trace if somebody wants one.
func (w *World) note(format string, args ...any) {
	if w.trace == nil {
		return
	}
	since := float64(w.now-start) / 1000
	w.trace.lines = append(w.trace.lines, fmt.Sprintf("%10.3fs ", since)+fmt.Sprintf(format, args...))
}
