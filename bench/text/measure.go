package text

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// How often something is measured: the least of so many runs counts, after one that does
// not if it was short. measure.mjs holds itself to the same.
const (
	Runs            = 5
	Patience        = 10 * time.Second // no further run after so long
	tooLongToWarmUp = 5 * time.Second  // a first run that took longer counts
	localEdits      = 20_000
)

// Add takes one figure.
type Add func(metric string, value float64, unit string)

// Measure replays a trace on documents of the crdt package and reports what it costs. An
// error is a replay that failed, or did not end in the text that was recorded.
func Measure(t *Trace, add Add) error {
	measure := measureAlone
	if t.Concurrent() {
		measure = measureSession
	}
	r, err := measure(t, add)
	if err != nil {
		return err
	}
	past := r.history.Bytes()
	value, meta := r.doc.Encode()
	add("bytes", float64(len(past)), "B")
	add("bytes-state", float64(len(value)+len(meta)), "B")
	for _, from := range []struct {
		metric string
		load   func() (*replica, error)
	}{
		{"load", func() (*replica, error) { return load(past) }},
		{"load-state", func() (*replica, error) { return loadState(value, meta) }},
	} {
		if err := measureLoad(t, from.metric, from.load, add); err != nil {
			return err
		}
	}
	if err := measureMemory(t, past, add); err != nil || t.Concurrent() {
		return err
	}
	if err := measureTimed(t, add); err != nil {
		return err
	}
	return measureFlat(t, add)
}

// measureSession plays a session of several.
func measureSession(t *Trace, add Add) (*replica, error) {
	var s *session
	least, err := best(func() (took time.Duration, err error) {
		if s, err = newSession(t); err != nil {
			return 0, err
		}
		start := time.Now()
		err = s.play()
		took = time.Since(start)
		for _, r := range s.replicas {
			if err == nil {
				err = check(r.text(), t.End)
			}
		}
		return took, err
	})
	if err != nil {
		return nil, err
	}
	add("replay", milliseconds(least), "ms")
	return s.replicas[0], nil
}

// measureAlone plays the edits of one writer, without and with what is sent.
func measureAlone(t *Trace, add Add) (*replica, error) {
	edits := t.Edits()
	var r *replica
	replayed := func(replay func() error) func() (time.Duration, error) {
		return func() (took time.Duration, err error) {
			start := time.Now()
			if r, err = newReplica(0); err == nil {
				err = replay()
			}
			took = time.Since(start)
			if err == nil {
				err = check(r.text(), t.End)
			}
			return took, err
		}
	}
	least, err := best(replayed(func() error { return r.replay(edits) }))
	if err != nil {
		return nil, err
	}
	add("replay", milliseconds(least), "ms")
	sent := 0
	least, err = best(replayed(func() (err error) { sent, err = r.replayUpdates(edits); return err }))
	if err != nil {
		return nil, err
	}
	add("replay-updates", milliseconds(least), "ms")
	add("update-bytes", float64(sent), "B")
	return r, nil
}

// measureLoad measures from bytes to a text that was read and an edit that was made.
func measureLoad(t *Trace, metric string, load func() (*replica, error), add Add) error {
	last := Patch{At: t.length(), Inserted: "x"}
	least, err := best(func() (time.Duration, error) {
		start := time.Now()
		r, err := load()
		if err != nil {
			return 0, err
		}
		text := r.text()
		_, err = r.edit(last)
		took := time.Since(start)
		if err == nil {
			err = check(text, t.End)
		}
		if err == nil {
			err = check(r.text(), t.End+"x")
		}
		return took, err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", metric, err)
	}
	add(metric, milliseconds(least), "ms")
	return nil
}

// measureMemory measures what a loaded document adds to the heap, its packed history with
// it.
func measureMemory(t *Trace, past []byte, add Add) error {
	if _, err := load(past); err != nil { // brings in what is there once
		return err
	}
	before := heap()
	r, err := load(bytes.Clone(past))
	if err != nil {
		return err
	}
	if err := check(r.text(), t.End); err != nil {
		return err
	}
	after := heap()
	runtime.KeepAlive(r)
	add("memory", max(0, float64(after)-float64(before)), "B")
	return nil
}

// measureTimed packs the history with a moment for every edit, as a device stamps them:
// somebody types, 30 to 400 ms from key to key, with a pause now and then.
func measureTimed(t *Trace, add Add) error {
	r, err := newReplica(0)
	if err != nil {
		return err
	}
	keys := rand.New(rand.NewPCG(1, 1))
	var clock crdt.Clock
	now := int64(1_764_000_000_000)
	r.clock = func(uint64) crdt.Time {
		now += 30 + keys.Int64N(370)
		if keys.IntN(50) == 0 {
			now += keys.Int64N(60_000)
		}
		return clock.Next(now)
	}
	if err := r.replay(t.Edits()); err != nil {
		return err
	}
	add("bytes-timed", float64(len(r.history.Bytes())), "B")
	return check(r.text(), t.End)
}

// measureFlat measures what an edit at a random place costs in the trace's document, and
// in ten of it end to end.
func measureFlat(t *Trace, add Add) error {
	one, err := editCost(t, 1)
	if err != nil {
		return err
	}
	ten, err := editCost(t, 10)
	if err != nil {
		return err
	}
	add("edit-1x", one, "ns")
	add("edit-10x", ten, "ns")
	add("edit-flat", ten/one, "x")
	return nil
}

// editCost gives the nanoseconds that an edit costs in so many documents end to end.
func editCost(t *Trace, times int) (float64, error) {
	r, err := newReplica(0)
	if err != nil {
		return 0, err
	}
	size := t.length()
	for i := range times {
		edits := t.Edits()
		for j := range edits {
			edits[j].At += i * size
		}
		if err := r.replay(edits); err != nil {
			return 0, err
		}
	}
	length, seed := times*size, uint32(0)
	least, err := best(func() (time.Duration, error) {
		edits := randomEdits(length, localEdits, seed)
		seed++
		for _, p := range edits {
			length += len(p.Inserted) - p.Deleted
		}
		start := time.Now()
		err := r.replay(edits)
		return time.Since(start), err
	})
	return float64(least.Nanoseconds()) / localEdits, err
}

// best gives the least of some runs after a first that does not count, if it was short.
func best(run func() (time.Duration, error)) (time.Duration, error) {
	start := time.Now()
	least, err := run()
	measured := least > tooLongToWarmUp
	for i := 0; err == nil && i < Runs && (!measured || time.Since(start) < Patience); i++ {
		runtime.GC()
		var took time.Duration
		took, err = run()
		if !measured || took < least {
			least, measured = took, true
		}
	}
	return least, err
}

// heap gives the bytes of what is alive.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func check(got, want string) error {
	if got != want {
		return fmt.Errorf("the text is not what it must be: %d bytes against %d", len(got), len(want))
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
