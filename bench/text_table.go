package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// writeBeside prints a row for each metric, ours first and every peer beside it with the
// ratio of its figure to ours: 2.0x is twice as slow, or as large.
func writeBeside(w io.Writer, work, ours string, figures []figure) error {
	engines := []string{ours}
	var metrics []string
	for _, f := range figures {
		if !slices.Contains(engines, f.Engine) {
			engines = append(engines, f.Engine)
		}
		if !slices.Contains(metrics, f.Metric) {
			metrics = append(metrics, f.Metric)
		}
	}
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%s\tunit\t%s\t", work, ours)
	for _, e := range engines[1:] {
		fmt.Fprintf(table, "%s\tratio\t", e)
	}
	fmt.Fprintln(table)
	for _, m := range metrics {
		writeRow(table, m, engines, figures)
	}
	fmt.Fprintln(table)
	return table.Flush()
}

// writeRow prints one metric; an engine that has no figure for it has a dash.
func writeRow(w io.Writer, metric string, engines []string, figures []figure) {
	values, unit := map[string]float64{}, ""
	for _, f := range figures {
		if f.Metric == metric {
			values[f.Engine], unit = f.Value, f.Unit
		}
	}
	fmt.Fprintf(w, "%s\t%s\t", metric, unit)
	base, measured := values[engines[0]]
	for i, e := range engines {
		v, ok := values[e]
		cell, ratio := "-", "-"
		if ok {
			cell = readable(v)
		}
		if ok && measured && base > 0 {
			ratio = fmt.Sprintf("%.2fx", v/base)
		}
		fmt.Fprintf(w, "%s\t", cell)
		if i > 0 {
			fmt.Fprintf(w, "%s\t", ratio)
		}
	}
	fmt.Fprintln(w)
}

// readable gives three digits at least, and all those before the point.
func readable(v float64) string {
	switch size := math.Abs(v); {
	case size >= 100:
		return fmt.Sprintf("%.0f", v)
	case size >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
