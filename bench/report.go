package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
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

// report collects figures in the order they were measured.
type report struct{ figures []figure }

func (r *report) add(work, engine, metric string, value float64, unit string) {
	r.figures = append(r.figures, figure{work, engine, metric, value, unit})
	fmt.Fprintf(os.Stderr, "  %s %s %s: %.4g %s\n", work, engine, metric, value, unit)
}

// write prints a row for each work and metric, the engines side by side with the ratio
// of the first to the second, and appends the figures to the file that BENCH_JSON names.
func (r *report) write() error {
	var engines []string
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
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "work\tmetric\tunit\t")
	for _, e := range engines {
		fmt.Fprintf(table, "%s\t", e)
	}
	fmt.Fprintln(table, "ratio\t")
	for _, k := range rows {
		unit, ratio := "", "-"
		cells := ""
		for _, e := range engines {
			f, ok := values[k][e]
			if !ok {
				cells += "-\t"
				continue
			}
			unit = f.Unit
			cells += fmt.Sprintf("%.4g\t", f.Value)
		}
		if len(engines) > 1 {
			a, okA := values[k][engines[0]]
			b, okB := values[k][engines[1]]
			if okA && okB && b.Value != 0 {
				ratio = fmt.Sprintf("%.2f", a.Value/b.Value)
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s%s\t\n", k.work, k.metric, unit, cells, ratio)
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
