package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/fieldstack/fieldstack/bench/text"
)

type textOptions struct {
	only  string
	alone bool
}

// runText reads the flags of `bench text`.
func runText(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench text", flag.ContinueOnError)
	var o textOptions
	flags.StringVar(&o.only, "trace", "", "only the trace of this name, such as automerge-paper")
	flags.BoolVar(&o.alone, "alone", false, "leave the peers out")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return benchText(ctx, o)
}

// benchText replays recorded editing sessions on our documents and on those of four
// peers, and prints a table for each.
func benchText(ctx context.Context, o textOptions) error {
	traces, err := tracePaths(o.only)
	if err != nil {
		return err
	}
	if len(traces) == 0 {
		fmt.Println("text: skipped, because there are no editing traces in", traceFolder())
		return nil
	}
	peers := &textPeers{dir: filepath.Join("bench", "text")}
	if !o.alone {
		if err := peers.install(ctx); err != nil {
			fmt.Printf("text: the peers cannot be installed, so only ours is measured: %v\n", err)
		}
	}
	defer peers.close()
	fmt.Printf("text on %s, %d processors; %s%s\n", processor(), runtime.NumCPU(), runtime.Version(), peers.versions)
	fmt.Printf(textLegend, text.Runs, text.Patience)
	for _, path := range traces {
		if err := benchTrace(ctx, path, peers); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	return nil
}

// textLegend says what the rows are. It is printed above the tables.
const textLegend = `least of up to %d runs within %v, after one that does not count; a peer's ratio is its figure by ours
  replay          every edit, history kept. Ours: a change for each edit. Peers: in whatever transactions are quickest for them
                  (diamond-types has none, loro and automerge one, yjs of 100 edits). Of several writers: as it happened,
                  with what they send one another on the way: ours a change for each edit, peers for all between two messages
  replay-updates  the same, each edit a transaction that gives its encoded change; update-bytes: all of these together
  bytes           the document with its history: ours packed changes, stamped one tick apart; yjs without gc, v2; loro snapshot
  bytes-timed     ours with the moment of every edit as a device stamps it, which the peers do not keep
  bytes-state     without history: ours value and meta; yjs with gc, v2; loro shallow snapshot
  load            from bytes to a text that was read and one edit made at its end; load-state: from bytes-state
  memory          growth by one loaded document: of Go's heap with the packed history; of V8's heap and what is outside of it,
                  WebAssembly's memory included; memory-rss: of the process
  edit-1x, -10x   one edit of a character at a random place in the trace's document and in ten end to end; edit-flat: their ratio

`

func benchTrace(ctx context.Context, path string, peers *textPeers) error {
	t, err := text.ReadTrace(path)
	if err != nil {
		return err
	}
	var r report
	work := strings.TrimSuffix(filepath.Base(path), traceSuffix)
	fmt.Fprintf(os.Stderr, "%s: %d transactions of %d …\n", work, len(t.Transactions), t.Agents)
	const ours = "fieldstack"
	err = text.Measure(t, func(metric string, value float64, unit string) { r.add(work, ours, metric, value, unit) })
	if err != nil {
		return fmt.Errorf("%s: %w", ours, err)
	}
	if err := peers.measure(ctx, path, func(engine, metric string, value float64, unit string) { r.add(work, engine, metric, value, unit) }); err != nil {
		return err
	}
	if err := writeBeside(os.Stdout, work, ours, r.figures); err != nil {
		return err
	}
	return r.appendJSON(os.Getenv("BENCH_JSON"))
}

const traceSuffix = ".json.gz"

// tracePaths finds the traces, or the one of a name.
func tracePaths(only string) ([]string, error) {
	name := "*"
	if only != "" {
		name = only
	}
	return filepath.Glob(filepath.Join(traceFolder(), name+traceSuffix))
}

func traceFolder() string {
	dir := os.Getenv("FIELDSTACK_DATA")
	if dir == "" {
		dir = filepath.Join("..", "shared", "data")
	}
	return filepath.Join(dir, "traces")
}

// processor names the processor where the system tells it.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOOS + "/" + runtime.GOARCH
}
