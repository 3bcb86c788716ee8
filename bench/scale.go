package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// scaleOptions say how large the benchmark of scale is.
type scaleOptions struct {
	documents int           // in the large store
	first     int           // … in that of the first sync
	readers   []int         // of live events
	devices   []int         // that push at once
	morning   int           // devices that come back
	time      time.Duration // for which each rate is measured
	alone     bool          // without the peer
	again     bool          // also what is measured already
	keep      bool          // the folder, at the end
	dir       string
	results   string // file that the table is written to; "": none
	works     []string
}

// runScale reads the flags of `bench scale`.
func runScale(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench scale", flag.ContinueOnError)
	o := scaleOptions{readers: []int{1_000, 10_000}, devices: []int{1, 16, 256}, results: filepath.Join("bench", "RESULTS.md")}
	short := flags.Bool("short", false, "20,000 documents, 1,000 readers, 200 devices, and no file of results")
	flags.IntVar(&o.documents, "n", 1_000_000, "work orders in the large store")
	flags.IntVar(&o.morning, "morning", 2_000, "devices that come back within a minute")
	flags.DurationVar(&o.time, "time", 10*time.Second, "how long each rate is measured")
	flags.BoolVar(&o.alone, "alone", false, "leave the peer out")
	flags.BoolVar(&o.again, "again", false, "measure also what an earlier run of the same commit left in -dir")
	flags.BoolVar(&o.keep, "keep", false, "keep the stores when all is measured")
	flags.StringVar(&o.dir, "dir", filepath.Join(os.TempDir(), "fieldstack-bench-scale"), "where the stores and what is measured are kept between runs")
	flags.StringVar(&o.results, "results", o.results, "the file that the table is written to; empty for none")
	works := flags.String("works", "", "only these, with commas: "+strings.Join(scaleNames(), ", "))
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *short {
		o.documents, o.readers, o.morning, o.time, o.results = 20_000, []int{1_000}, 200, 3*time.Second, ""
	}
	if o.documents < 1_000 || o.morning < 1 {
		return errors.New("-n: at least 1,000 work orders, and -morning: at least one device")
	}
	o.first = min(o.documents, 100_000)
	o.dir = filepath.Join(o.dir, sizeName(o.documents))
	if *works != "" {
		o.works = strings.Split(*works, ",")
		for _, name := range o.works {
			if !slices.Contains(scaleNames(), name) {
				return fmt.Errorf("-works: there is no %q; there are %s", name, strings.Join(scaleNames(), ", "))
			}
		}
	}
	return benchScale(ctx, o)
}

// scaleWork is one piece of the benchmark: it can be measured by itself, once load has
// made the stores, and a run that was broken off goes on with the next.
type scaleWork struct {
	name  string
	limit time.Duration // after which it is given up, so that the others have their turn
	do    func(ctx context.Context, s *scale, r *report) error
}

func scaleWorks() []scaleWork {
	return []scaleWork{
		{"load", time.Hour, scaleLoad},
		{"start", 5 * time.Minute, scaleStart},
		{"disk", 10 * time.Minute, scaleDisk},
		{"queries", 15 * time.Minute, scaleQueries},
		{"delta", 10 * time.Minute, scaleDelta},
		{"first-sync", 10 * time.Minute, scaleFirst},
		{"push", 10 * time.Minute, scalePush},
		{"fan-out", 15 * time.Minute, scaleFanOut},
		{"morning", 20 * time.Minute, scaleMorning},
	}
}

func scaleNames() []string {
	var names []string
	for _, w := range scaleWorks() {
		names = append(names, w.name)
	}
	return names
}

// scale is a run of the benchmark.
type scale struct {
	scaleOptions
	program string // fieldstack
	peer    string // PocketBase; "" when it is left out
	orders  *orders
	kept    *kept
	middle  int64 // ms since 1970 UTC: half of the large store was written by then
}

// benchScale measures the works one after the other, each in its own time, and tells of
// all that are measured, in this run or in one before.
func benchScale(ctx context.Context, o scaleOptions) error {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	s := &scale{scaleOptions: o, orders: newOrders(o.documents), program: filepath.Join(o.dir, "fieldstack")}
	if err := build(ctx, ".", "./cmd/fieldstack", s.program); err != nil {
		return err
	}
	if !o.alone {
		s.peer = filepath.Join(o.dir, "pocketbase")
		if err := build(ctx, filepath.Join("bench", "pocketbase"), ".", s.peer); err != nil {
			return err
		}
	}
	var err error
	if s.kept, err = openKept(filepath.Join(o.dir, "measured.jsonl"), commitOf(ctx)); err != nil {
		return err
	}
	whole := true
	for _, w := range scaleWorks() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if len(o.works) > 0 && !slices.Contains(o.works, w.name) {
			continue
		}
		if s.kept.has(w.name) && !o.again {
			fmt.Fprintf(os.Stderr, "%s: measured already (-again measures it anew)\n", w.name)
			continue
		}
		whole = s.measure(ctx, w) && whole
	}
	if err := s.tell(ctx); err != nil {
		return err
	}
	if !whole {
		return errors.New("not all was measured: the table says what is missing; the same command goes on with that")
	}
	if !o.keep && len(o.works) == 0 {
		return os.RemoveAll(o.dir)
	}
	return nil
}

// measure does one work and keeps its figures. A work that fails says so in the table,
// with the figures that it had by then.
func (s *scale) measure(ctx context.Context, w scaleWork) (done bool) {
	fmt.Fprintf(os.Stderr, "%s (at most %s) …\n", w.name, w.limit)
	start := time.Now()
	limited, cancel := context.WithTimeout(ctx, w.limit)
	defer cancel()
	var r report
	err := w.do(limited, s, &r)
	if ctx.Err() != nil {
		return false
	}
	m := measured{Work: w.name, Figures: r.figures, Notes: r.notes, Seconds: time.Since(start).Seconds()}
	if err != nil {
		m.Error = err.Error()
		fmt.Fprintf(os.Stderr, "%s: %v\n", w.name, err)
	}
	if err := s.kept.add(m); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		return false
	}
	return m.Error == ""
}

// sizeName is a number of documents as works are named by it: 10k, 1m.
func sizeName(n int) string {
	switch {
	case n%1_000_000 == 0:
		return fmt.Sprintf("%dm", n/1_000_000)
	case n%1_000 == 0:
		return fmt.Sprintf("%dk", n/1_000)
	}
	return fmt.Sprint(n)
}
