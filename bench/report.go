package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// figure is one number, as BENCH_JSON has it.
type figure struct {
	Work   string  `json:"work"`
	Engine string  `json:"engine"`
	Metric string  `json:"metric"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
}

// report collects figures in the order they were measured, and what has to be said of
// them.
type report struct {
	figures []figure
	notes   []string
}

func (r *report) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	r.notes = append(r.notes, text)
	fmt.Fprintln(os.Stderr, "  "+text)
}

func (r *report) add(work, engine, metric string, value float64, unit string) {
	r.figures = append(r.figures, figure{work, engine, metric, value, unit})
	fmt.Fprintf(os.Stderr, "  %s %s %s: %.4g %s\n", work, engine, metric, value, unit)
}

// line is one row of the table: what each engine has of one metric of one work, in the
// order of the engines, and the ratio of the first to the second.
type line struct {
	work, metric, unit string
	cells              []string
	ratio              string
}

// lines make the table: a row for each work and metric, the engines side by side.
func (r *report) lines() (engines []string, lines []line) {
	type row struct{ work, metric string }
	var rows []row
	values := map[row]map[string]figure{}
	for _, f := range r.figures {
		k := row{f.Work, f.Metric}
		if values[k] == nil {
			values[k] = map[string]figure{}
			rows = append(rows, k)
		}
		values[k][f.Engine] = f
		if !slices.Contains(engines, f.Engine) {
			engines = append(engines, f.Engine)
		}
	}
	for _, k := range rows {
		l := line{work: k.work, metric: k.metric, ratio: "-"}
		for _, e := range engines {
			cell := "-"
			if f, ok := values[k][e]; ok {
				l.unit, cell = f.Unit, shortNumber(f.Value)
			}
			l.cells = append(l.cells, cell)
		}
		if len(engines) > 1 {
			a, okA := values[k][engines[0]]
			b, okB := values[k][engines[1]]
			if okA && okB && b.Value != 0 {
				l.ratio = fmt.Sprintf("%.2f", a.Value/b.Value)
			}
		}
		lines = append(lines, l)
	}
	return engines, lines
}

// shortNumber gives four figures of a number, and all that stand before the point.
func shortNumber(v float64) string {
	if v >= 1000 || v <= -1000 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.4g", v)
}

// write prints a row for each work and metric, the engines side by side with the ratio
// of the first to the second, and appends the figures to the file that BENCH_JSON names.
func (r *report) write() error {
	engines, lines := r.lines()
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "work\tmetric\tunit\t%s\tratio\t\n", strings.Join(engines, "\t"))
	for _, l := range lines {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t\n", l.work, l.metric, l.unit, strings.Join(l.cells, "\t"), l.ratio)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return r.appendJSON(os.Getenv("BENCH_JSON"))
}

func (r *report) appendJSON(path string) error {
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(file)
	for _, f := range r.figures {
		if err := lines.Encode(f); err != nil {
			_ = file.Close()
			return err
		}
	}
	return file.Close()
}

// percentile of durations, in milliseconds. It sorts them.
func percentile(times []time.Duration, p float64) float64 {
	slices.Sort(times)
	i := min(len(times)-1, int(p*float64(len(times))))
	return float64(times[i].Microseconds()) / 1000
}
