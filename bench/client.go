package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

type clientOptions struct {
	sizes, engines []string
	patience       time.Duration
}

// runClient reads the flags of `bench client`.
func runClient(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench client", flag.ContinueOnError)
	var o clientOptions
	sizes := flags.String("sizes", "1000,10000,40000,100000", "documents of a first sync, rising")
	engines := flags.String("engines", "fieldstack,signaldb,signaldb-adapter,rxdb,pouchdb,yjs", "whom to measure, fieldstack first")
	flags.DurationVar(&o.patience, "patience", time.Minute, "a first sync that takes longer ends an engine's part")
	if err := flags.Parse(args); err != nil {
		return err
	}
	o.sizes, o.engines = strings.Split(*sizes, ","), strings.Split(*engines, ",")
	return benchClient(ctx, o)
}

// benchClient measures databases for browsers in headless Chromium: the browser SDK with
// the server as its users run it, peers with servers in memory that speak their protocols.
func benchClient(ctx context.Context, o clientOptions) error {
	dir, err := os.MkdirTemp("", "fieldstack-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	node := filepath.Join("bench", "client")
	peers := &textPeers{dir: node}
	if err := peers.install(ctx); err != nil {
		return err
	}
	defer peers.close()
	settings := map[string]any{"engines": o.engines, "orders": filepath.Join(dir, "orders.jsonl"), "patience": o.patience.Milliseconds(), "chromium": chromium()}
	var sizes []int
	for _, text := range o.sizes {
		n, err := strconv.Atoi(text)
		if err != nil || n < 100 {
			return fmt.Errorf("-sizes: %q is no number of at least 100", text)
		}
		sizes = append(sizes, n)
	}
	settings["sizes"] = sizes
	orders, err := clientOrders(settings["orders"].(string), sizes[len(sizes)-1])
	if err != nil {
		return err
	}
	p, token, err := clientServer(ctx, dir, sizes, orders)
	if err != nil {
		return err
	}
	defer p.stop()
	settings["url"], settings["token"] = p.url, token
	fmt.Printf("client on %s, %d processors; %s; %s%s\n%s", processor(), runtime.NumCPU(), runtime.Version(), browserVersion(ctx), peers.versions, clientLegend)
	return clientMeasure(ctx, node, settings)
}

// clientLegend says what the rows are. It is printed above the table.
const clientLegend = `work orders of twelve fields; a peer's ratio is its figure by ours
  size           of the bundle that an app loads: what it takes to keep, sync and query, minified, and gzipped as well
  first-sync     from an empty store until all documents are on the disk and can be asked for; least of three runs (two from
                 40,000 on), each in a new profile. Ours with the server on SQLite; peers with a server that has all in memory
  delta          one document that somebody else changed, from asking until it is here and written; middle of five
  first-query    fifty of the documents of one of forty sites, by title; where an index is made at the first query, that too
  query          the same for other sites; middle of twenty. Indexed by site (rxdb, pouchdb: by site and title), but for yjs
  start          a new page, with no network: from opening what is on the disk to the first query's answer
  edits-kept     of two people's edits to two fields of one record, neither knowing of the other's, after both have synced
  signaldb is with its SyncManager and IndexedDB; signaldb-adapter with a PersistenceAdapter that asks the server, and keeps
  nothing on the device; rxdb with Dexie storage; pouchdb with IndexedDB; yjs a Y.Map a record in one document, y-indexeddb

`

// clientOrders writes the work orders for the peers, and gives them for the server.
func clientOrders(path string, count int) ([]map[string]any, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	lines := workLines()
	out := bufio.NewWriter(file)
	text := json.NewEncoder(out)
	writes := make([]map[string]any, count)
	for i := range writes {
		value := benchOrder(i, lines)
		value["signature"] = fmt.Sprintf("worker-%d %08x", i%100, i*2654435761)
		id := fmt.Sprintf("0195a000-0000-7000-8000-%012x", i)
		writes[i] = map[string]any{"id": id, "value": value}
		flat := map[string]any{"id": id}
		for key, v := range value {
			flat[key] = v
		}
		if err := text.Encode(flat); err != nil {
			return nil, err
		}
	}
	return writes, errors.Join(out.Flush(), file.Close())
}

// clientServer starts a server that has a type for each size, with so many documents.
func clientServer(ctx context.Context, dir string, sizes []int, orders []map[string]any) (*process, string, error) {
	program, data := filepath.Join(dir, "fieldstack"), filepath.Join(dir, "data")
	if err := build(ctx, ".", "./cmd/fieldstack", program); err != nil {
		return nil, "", err
	}
	token, err := prepare(ctx, program, data, dir)
	if err != nil {
		return nil, "", err
	}
	for _, n := range sizes {
		cmd := exec.CommandContext(ctx, program, "type", "publish", clientType(n), filepath.Join(dir, "work-order.json"), "--data", data)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, "", fmt.Errorf("publish %s: %w %s", clientType(n), err, firstLine(out))
		}
	}
	address, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	p, err := start(ctx, address, "/healthz", nil, program, "serve", "--data", data, "--listen", address, "--log-level", "error", "--allow-origin", "*")
	if err != nil {
		return nil, "", err
	}
	c := newCaller(p.url, token, 1)
	for _, n := range sizes {
		fmt.Fprintf(os.Stderr, "filling to %d …\n", n)
		for from := 0; from < n; from += 1000 {
			batch := map[string]any{"added": orders[from:min(from+1000, n)]}
			if err := c.call(ctx, http.MethodPost, "/api/"+clientType(n), batch, nil); err != nil {
				p.stop()
				return nil, "", err
			}
		}
	}
	return p, token, nil
}

func clientType(n int) string { return "work-order-" + strconv.Itoa(n) }

// clientMeasure runs the Node side and prints what it finds.
func clientMeasure(ctx context.Context, dir string, settings map[string]any) error {
	text, err := json.Marshal(settings)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "node", "run.js", string(text))
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var r report
	var notes []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var f struct {
			figure
			Text string `json:"text"`
		}
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			return fmt.Errorf("%q is no figure: %w", lines.Text(), err)
		}
		if f.Text == "" {
			r.add(f.Work, f.Engine, f.Metric, f.Value, f.Unit)
			continue
		}
		notes = append(notes, fmt.Sprintf("  %s, %s: %s", f.Engine, f.Metric, f.Text))
	}
	if err := errors.Join(lines.Err(), cmd.Wait()); err != nil {
		return err
	}
	if err := writeBeside(os.Stdout, "client", "fieldstack", r.figures); err != nil {
		return err
	}
	fmt.Println(strings.Join(notes, "\n"))
	return r.appendJSON(os.Getenv("BENCH_JSON"))
}

// chromium is the browser to run.
func chromium() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	return "/usr/bin/chromium"
}

func browserVersion(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, chromium(), "--version").Output()
	if err != nil {
		return "Chromium of unknown version"
	}
	return firstLine(out)
}
