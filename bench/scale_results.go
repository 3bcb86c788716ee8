package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// tell prints the table of all that is measured, appends it to the file that BENCH_JSON
// names, and writes the file of results.
func (s *scale) tell(ctx context.Context) error {
	var all report
	for _, w := range scaleWorks() {
		for _, m := range s.kept.works {
			if m.Work == w.name {
				all.figures = append(all.figures, m.Figures...)
			}
		}
	}
	if err := all.write(); err != nil || s.results == "" {
		return err
	}
	return os.WriteFile(s.results, []byte(s.resultsText(ctx, &all)), 0o644)
}

// resultsText is the file of results: what was measured on what, the table, and what has
// to be said of each work.
func (s *scale) resultsText(ctx context.Context, all *report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Scale, measured\n\nMade by `make bench-scale`; docs/scale.md says what the works are and what follows from them.\n\n")
	for _, l := range append(machineLines(ctx, s.dir), s.versionLines(ctx)...) {
		fmt.Fprintf(&b, "- %s\n", l)
	}
	engines, lines := all.lines()
	fmt.Fprintf(&b, "\nThe servers and the load that they bear run on the same cores. A ratio is the first engine's figure by the second's.\n\n")
	fmt.Fprintf(&b, "| work | metric | unit | %s | ratio |\n| --- | --- | --- | %s--: |\n", strings.Join(engines, " | "), strings.Repeat("--: | ", len(engines)))
	for _, l := range lines {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", l.work, l.metric, l.unit, strings.Join(l.cells, " | "), l.ratio)
	}
	fmt.Fprintf(&b, "\n## Notes\n\n")
	for _, w := range scaleWorks() {
		s.notesOf(&b, w)
	}
	return b.String()
}

// notesOf writes what has to be said of a work, whether it was measured above all.
func (s *scale) notesOf(b *strings.Builder, w scaleWork) {
	for _, m := range s.kept.works {
		if m.Work != w.name {
			continue
		}
		if m.Error != "" {
			fmt.Fprintf(b, "- %s: **not measured to its end**: %s\n", w.name, m.Error)
		}
		for _, note := range m.Notes {
			fmt.Fprintf(b, "- %s: %s\n", w.name, note)
		}
		return
	}
	fmt.Fprintf(b, "- %s: **not measured**\n", w.name)
}

func (s *scale) versionLines(ctx context.Context) []string {
	lines := []string{
		"fieldstack: commit " + s.kept.commit + ", " + runtime.Version() + ", embedded store",
		"date: " + time.Now().UTC().Format(time.DateOnly),
	}
	if s.peer != "" {
		lines = append(lines, "pocketbase: "+commandSays(ctx, "go", "-C", "bench/pocketbase", "list", "-m", "-f", "{{.Version}}", "github.com/pocketbase/pocketbase")+
			", as its makers ship it; works ending in -fsync with a server that waits for the disk at each commit, as ours always does")
	}
	var took float64
	for _, m := range s.kept.works {
		took += m.Seconds
	}
	return append(lines, fmt.Sprintf("measured in %.0f minutes", took/60))
}
