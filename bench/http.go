package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// defaultTime is how long each rate is measured.
const defaultTime = 5 * time.Second

type httpOptions struct {
	time      time.Duration
	documents int
	alone     bool
}

// benchHTTP measures durable work over HTTP: both servers as processes of their own
// with their stores on disk, one after the other, never both at once.
func benchHTTP(ctx context.Context, o httpOptions) error {
	dir, err := os.MkdirTemp("", "fieldstack-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var r report
	if err := benchFieldstack(ctx, o, dir, &r); err != nil {
		return fmt.Errorf("fieldstack: %w", err)
	}
	if !o.alone {
		if err := benchPocketBase(ctx, o, dir, &r); err != nil {
			return fmt.Errorf("pocketbase: %w", err)
		}
	}
	return r.write()
}

// benchType is what both servers keep.
const benchType = `{"type":"object","title":"Work order","required":["title","status","priority"],"additionalProperties":false,"properties":{
	"title":{"type":"string","x-index":true,"minLength":3,"maxLength":120},"status":{"x-index":true,"enum":["open","in_progress","waiting","done"]},
	"priority":{"enum":["low","normal","high","urgent"]},"site":{"type":"string","x-index":true,"maxLength":80},"assignee":{"type":"string","maxLength":80},
	"due":{"type":"string","maxLength":10},"notes":{"type":"string","contentMediaType":"text/plain","maxLength":100000},
	"tags":{"type":"array","uniqueItems":true,"items":{"type":"string"}},
	"parts":{"type":"array","items":{"type":"object","properties":{"part":{"type":"string"},"quantity":{"type":"integer"}}}},
	"hours":{"type":"number","x-merge":"counter"},"meter":{"type":"number","x-merge":"max"},"signature":{"type":"string","maxLength":80}}}`

// benchOrder is the i-th record; its texts are real work-order lines where they are there.
func benchOrder(i int, lines []string) map[string]any {
	return map[string]any{
		"title": lines[i%len(lines)], "status": []string{"open", "in_progress", "waiting", "done"}[i%4],
		"priority": []string{"low", "normal", "high", "urgent"}[i/4%4], "site": "Well pad " + strconv.Itoa(i%40), "assignee": "worker-" + strconv.Itoa(i%100),
		"due": "2026-11-22", "notes": lines[(i*7)%len(lines)] + "\n" + lines[(i*13)%len(lines)],
		"tags": []string{"mechanical", "tag-" + strconv.Itoa(i%9)}, "parts": []any{map[string]any{"part": "Gasket set", "quantity": 1}, map[string]any{"part": "Bearing", "quantity": i%5 + 1}},
		"hours": 1.5, "meter": 12000 + i,
	}
}

// workLines reads the real work-order lines, or makes do with a few of its own.
func workLines() []string {
	dir := os.Getenv("FIELDSTACK_DATA")
	if dir == "" {
		dir = filepath.Join("..", "shared", "data")
	}
	text, err := os.ReadFile(filepath.Join(dir, "work-orders", "maintie-gold.txt"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "no real work-order lines here; made-up ones instead")
		return []string{"replace gasket on feed pump", "compressor trips on start", "oil leak at gearbox"}
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); len(line) >= 3 && len(line) <= 100 {
			lines = append(lines, line)
		}
	}
	return lines
}

func benchFieldstack(ctx context.Context, o httpOptions, dir string, r *report) error {
	program := filepath.Join(dir, "fieldstack")
	if err := build(ctx, ".", "./cmd/fieldstack", program); err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	token, err := prepare(ctx, program, data, dir)
	if err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	p, err := start(ctx, address, "/healthz", nil, program, "serve", "--data", data, "--listen", address, "--log-level", "error")
	if err != nil {
		return err
	}
	defer p.stop()
	lines := workLines()
	c := newCaller(p.url, token, 16)
	order := func(i int) any { return map[string]any{"value": benchOrder(i, lines)} }
	for _, suffix := range []string{"", "-fsync"} { // one way, measured twice: it always waits for the disk
		if err := benchCreates(ctx, o, r, "fieldstack", suffix, c, "/api/work-order", order); err != nil {
			return err
		}
	}
	if err := benchPushes(ctx, o, r, c); err != nil {
		return err
	}
	if err := fill(ctx, o, c, lines); err != nil {
		return err
	}
	list := "/api/work-order?limit=20&sort=" + url.QueryEscape("title")
	filtered := "/api/work-order?limit=20&where=" + url.QueryEscape(`{"all":[{"field":"status","is":"open"},{"field":"site","is":"Well pad 7"}]}`)
	if err := benchReads(ctx, o, r, "fieldstack", c, "/api/work-order?limit=20", list, filtered); err != nil {
		return err
	}
	return benchDelta(ctx, r, c, lines)
}

// prepare makes a store with the type, an owner and a token, with the program's own commands.
func prepare(ctx context.Context, program, data, dir string) (token string, err error) {
	schema := filepath.Join(dir, "work-order.json")
	if err := os.WriteFile(schema, []byte(benchType), 0o600); err != nil {
		return "", err
	}
	for _, args := range [][]string{
		{"type", "publish", "work-order", schema}, {"user", "add", "owner", "--role", "owner"}, {"token", "create", "owner"},
	} {
		cmd := exec.CommandContext(ctx, program, append(args, "--data", data)...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("%s: %w", strings.Join(args, " "), err)
		}
		token = strings.TrimSpace(string(out))
	}
	return token, nil
}

// benchCreates measures single creates over 1 and 16 connections. PocketBase as it is
// shipped does not wait for the disk; the works that end in -fsync are with a server
// that does.
func benchCreates(ctx context.Context, o httpOptions, r *report, engine, suffix string, c *caller, path string, body func(i int) any) error {
	for _, connections := range []int{1, 16} {
		next := make([]int, connections)
		got, err := rate(ctx, connections, o.time, func(ctx context.Context, w int) error {
			next[w]++
			return c.call(ctx, http.MethodPost, path, body(next[w]*connections+w), nil)
		})
		if err != nil {
			return err
		}
		r.add("create-"+strconv.Itoa(connections)+suffix, engine, "rate", got, "1/s")
	}
	return nil
}

// benchPushes measures changes a second through _sync: one change a push, as a device
// with a signal does, and a hundred, as one that comes back.
func benchPushes(ctx context.Context, o httpOptions, r *report, c *caller) error {
	for _, shape := range []struct{ devices, changes int }{{1, 1}, {16, 1}, {1, 100}, {16, 100}} {
		pushers := make([]*pusher, shape.devices)
		for i := range pushers {
			var err error
			if pushers[i], err = newPusher(ctx, c); err != nil {
				return err
			}
		}
		got, err := rate(ctx, shape.devices, o.time, func(ctx context.Context, w int) error {
			return pushers[w].push(ctx, shape.changes)
		})
		if err != nil {
			return err
		}
		r.add(fmt.Sprintf("sync-%d-devices-of-%d", shape.devices, shape.changes), "fieldstack", "rate", got*float64(shape.changes), "1/s")
	}
	return nil
}

// fill brings the store to the number of documents asked for.
func fill(ctx context.Context, o httpOptions, c *caller, lines []string) error {
	fmt.Fprintf(os.Stderr, "filling to %d …\n", o.documents)
	var page struct{ Total int }
	if err := c.call(ctx, http.MethodGet, "/api/work-order?limit=1&count=true", nil, &page); err != nil {
		return err
	}
	start := time.Now()
	for have := page.Total; have < o.documents; {
		n := min(500, o.documents-have)
		added := make([]any, n)
		for i := range added {
			added[i] = map[string]any{"value": benchOrder(have+i, lines)}
		}
		if err := c.call(ctx, http.MethodPost, "/api/work-order", map[string]any{"added": added}, nil); err != nil {
			return err
		}
		have += n
	}
	fmt.Fprintf(os.Stderr, "  %d in %.1f s\n", o.documents-page.Total, time.Since(start).Seconds())
	return nil
}

// benchReads measures a page of the list, alone and under 16 connections.
func benchReads(ctx context.Context, o httpOptions, r *report, engine string, c *caller, plain, sorted, filtered string) error {
	for _, read := range []struct{ work, path string }{{"list-20", plain}, {"list-20-by-title", sorted}, {"list-20-filtered", filtered}} {
		get := func(ctx context.Context, _ int) error { return c.call(ctx, http.MethodGet, read.path, nil, nil) }
		times, err := latencies(ctx, 50, get)
		if err != nil {
			return err
		}
		r.add(read.work, engine, "p50", percentile(times, 0.5), "ms")
		got, err := rate(ctx, 16, o.time, get)
		if err != nil {
			return err
		}
		r.add(read.work, engine, "rate-16", got, "1/s")
	}
	return nil
}

// benchDelta measures how long a device waits for 100 changes of somebody else, with
// all the documents in the store.
func benchDelta(ctx context.Context, r *report, c *caller, lines []string) error {
	reader, err := newPusher(ctx, c)
	if err != nil {
		return err
	}
	if err := reader.catchUp(ctx); err != nil { // with what it made itself
		return err
	}
	times := []time.Duration{}
	for range 20 {
		added := make([]any, 100)
		for i := range added {
			added[i] = map[string]any{"value": benchOrder(i, lines)}
		}
		if err := c.call(ctx, http.MethodPost, "/api/work-order", map[string]any{"added": added}, nil); err != nil {
			return err
		}
		start := time.Now()
		got, err := reader.pull(ctx)
		if err != nil {
			return err
		}
		times = append(times, time.Since(start))
		if got != 100 {
			return fmt.Errorf("a pull after 100 creates brought %d", got)
		}
	}
	r.add("delta-pull-100", "fieldstack", "p50", percentile(times, 0.5), "ms")
	return nil
}

func benchPocketBase(ctx context.Context, o httpOptions, dir string, r *report) error {
	program := filepath.Join(dir, "pocketbase")
	if err := build(ctx, filepath.Join("bench", "pocketbase"), ".", program); err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	lines := workLines()
	env := []string{"PB_DATA=" + filepath.Join(dir, "pb_data")}
	const records = "/api/collections/workorders/records"
	for _, c := range []struct {
		suffix string
		env    []string
	}{{"", env}, {"-fsync", []string{"PB_DATA=" + filepath.Join(dir, "pb_fsync"), "PB_FSYNC=1"}}} {
		p, err := start(ctx, address, "/api/health", c.env, program, "serve", "--http", address)
		if err != nil {
			return err
		}
		err = benchCreates(ctx, o, r, "pocketbase", c.suffix, newCaller(p.url, "", 16), records, func(i int) any { return benchOrder(i, lines) })
		p.stop()
		if err != nil {
			return err
		}
	}
	env = append(env, "PB_FILL="+strconv.Itoa(o.documents))
	fmt.Fprintf(os.Stderr, "filling to %d …\n", o.documents)
	p, err := start(ctx, address, "/api/health", env, program, "serve", "--http", address)
	if err != nil {
		return err
	}
	defer p.stop()
	c := newCaller(p.url, "", 16)
	plain := records + "?perPage=20&skipTotal=1"
	sorted := plain + "&sort=title"
	filtered := plain + "&filter=" + url.QueryEscape(`status="open" && site="Well pad 7"`)
	if err := benchReads(ctx, o, r, "pocketbase", c, plain, sorted, filtered); err != nil {
		return err
	}
	return benchPocketBaseDelta(ctx, r, c, records, lines)
}

// benchPocketBaseDelta measures the nearest that PocketBase has to a delta pull: the
// records updated since a time.
func benchPocketBaseDelta(ctx context.Context, r *report, c *caller, records string, lines []string) error {
	times := []time.Duration{}
	for range 20 {
		since := time.Now().UTC().Format("2006-01-02 15:04:05.000Z")
		for i := range 100 {
			if err := c.call(ctx, http.MethodPost, records, benchOrder(i, lines), nil); err != nil {
				return err
			}
		}
		path := records + "?perPage=200&skipTotal=1&sort=updated&filter=" + url.QueryEscape(`updated>="`+since+`"`)
		var page struct{ Items []json.RawMessage }
		start := time.Now()
		if err := c.call(ctx, http.MethodGet, path, nil, &page); err != nil {
			return err
		}
		times = append(times, time.Since(start))
		if len(page.Items) < 100 {
			return errors.New("fewer than the 100 that were created")
		}
	}
	r.add("delta-pull-100", "pocketbase", "p50", percentile(times, 0.5), "ms")
	return nil
}
