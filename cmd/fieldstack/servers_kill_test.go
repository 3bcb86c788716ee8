//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// fleet is some server processes on one database.
type fleet struct {
	*testing.T
	program, uri string
	lives        int

	mu      sync.Mutex
	servers []*process // nil while one is replaced
}

// TestServers_KillLoop runs three server processes on one database, which are killed,
// stopped for a moment, and stopped for so long that another takes their stream and they
// wake up as zombies, while writers and devices go from one to the other at random. What
// was acknowledged is there at the end, once, at each server, and each device has what
// they have. FIELDSTACK_TEST_MONGODB names a real database to do it on.
func TestServers_KillLoop(t *testing.T) {
	troubles, zombies := 6, 1
	if testing.Short() {
		troubles, zombies = 3, 1
	}
	if os.Getenv("FIELDSTACK_SOAK") != "" {
		troubles, zombies = 300, 30
	}
	data := filepath.Join(t.TempDir(), "data")
	token := prepareKillData(t, data)
	f := &fleet{T: t, program: unraced(t), uri: databaseToTest(t)}
	shell{t: t}.ok("copy", "--from", data, "--to", f.uri)
	for range 3 {
		f.servers = append(f.servers, f.start())
	}
	acks := &acknowledged{created: map[string]bool{}, hours: map[string]float64{}}
	writing, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	for range 2 {
		writers.Go(func() { f.create(writing, token, acks) })
	}
	devices := []*client.Device{openKillDevice(t, token), openKillDevice(t, token)}
	var texts atomic.Int64
	writers.Go(func() { f.push(writing, devices[0], acks) })
	writers.Go(func() { texts.Add(f.write(writing, devices[1], acks)) })
	for i := range troubles {
		f.trouble(i, i*zombies/troubles != (i+1)*zombies/troubles)
	}
	stop()
	writers.Wait()
	f.check(token, devices, acks)
	t.Logf("%d kills and pauses, %d zombies: %d records and %d pushes acknowledged, %d texts", troubles, zombies, len(acks.created), acks.pushes, texts.Load())
	if len(acks.created) < troubles || acks.pushes < troubles/2 {
		t.Error("the writers were not really writing")
	}
}

// databaseToTest is a database that is not there yet, on the server that is named, or on
// one that is started for the test.
func databaseToTest(t *testing.T) string {
	t.Helper()
	named := os.Getenv("FIELDSTACK_TEST_MONGODB")
	if named == "" {
		return startFerret(t)
	}
	u, err := url.Parse(named)
	if err != nil {
		t.Fatalf("FIELDSTACK_TEST_MONGODB: %v", err)
	}
	u.Path = fmt.Sprintf("/fieldstack-test-%d", time.Now().UnixNano())
	return u.String()
}

// start starts one more server.
func (f *fleet) start() *process {
	f.lives++
	name := fmt.Sprint("server-", f.lives)
	return startProgram(f.T, f.program, filepath.Join(f.TempDir(), name), "127.0.0.1:0", "--store", f.uri, "--name", name)
}

// any is where one of the servers answers, "" for one that is just being replaced.
func (f *fleet) any() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p := f.servers[rand.IntN(len(f.servers))]; p != nil {
		return p.url
	}
	return ""
}

// trouble lets one server die, or stop for a while in whatever it does.
func (f *fleet) trouble(i int, zombie bool) {
	at := rand.IntN(len(f.servers))
	p := f.servers[at]
	time.Sleep(time.Second + rand.N(time.Second)) // the moment is the point
	switch {
	case zombie:
		f.pause(p, collections.HoldLife+3*time.Second)
	case i%2 == 0:
		f.set(at, nil)
		p.kill()
		f.set(at, f.start())
	default:
		f.pause(p, 50*time.Millisecond+rand.N(500*time.Millisecond))
	}
}

func (f *fleet) set(at int, p *process) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.servers[at] = p
}

// pause stops a process and lets it go on, as a machine that swaps does.
func (f *fleet) pause(p *process, d time.Duration) {
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		f.Error(err)
	}
	time.Sleep(d)
	if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		f.Error(err)
	}
}

// patience bounds a request to a server that may be stopped.
const patience = 3 * time.Second

// create creates records, each at another server.
func (f *fleet) create(ctx context.Context, token string, acks *acknowledged) {
	for ctx.Err() == nil {
		if at := f.any(); at != "" {
			one, cancel := context.WithTimeout(ctx, patience)
			_ = createOne(one, newRemote(at, token), acks) // what was not acknowledged is not counted
			cancel()
		}
		pauseABit(ctx)
	}
}

// push adds hours on a device that syncs with one server after the other.
func (f *fleet) push(ctx context.Context, d *client.Device, acks *acknowledged) {
	for ctx.Err() == nil {
		if at := f.any(); at != "" {
			one, cancel := context.WithTimeout(ctx, patience)
			_, _ = pushHours(one, d, at, acks) // what is pending goes with the next one
			cancel()
		}
		pauseABit(ctx)
	}
}

// write types into the notes of records on a device, and counts how often.
func (f *fleet) write(ctx context.Context, d *client.Device, acks *acknowledged) (typed int64) {
	for ctx.Err() == nil {
		at := f.any()
		id, ok := acks.any()
		if at == "" || !ok {
			pauseABit(ctx)
			continue
		}
		one, cancel := context.WithTimeout(ctx, patience)
		if d.UseServer(one, at) == nil {
			_, _ = d.Sync(one)
			if d.Collection(sampleType).Edit(one, id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 0, 0, fmt.Sprintf("%d ", typed)) }) == nil {
				typed++
			}
			_, _ = d.Sync(one)
		}
		cancel()
		pauseABit(ctx)
	}
	return typed
}

func pauseABit(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(rand.N(60 * time.Millisecond)):
	}
}

// check holds every server, and every device, against what was acknowledged.
func (f *fleet) check(token string, devices []*client.Device, acks *acknowledged) {
	f.Helper()
	for _, d := range devices {
		f.level(d)
	}
	for _, p := range f.servers {
		for _, d := range devices {
			f.levelAt(d, p)
			checkAcknowledged(f.T, p, token, d, acks)
		}
	}
	f.checkNumbers(token)
	if a, b := f.contents(devices[0]), f.contents(devices[1]); a != b {
		f.Errorf("one device has\n%s\nthe other\n%s", a, b)
	}
}

// checkNumbers holds that no two records were given the same number.
func (f *fleet) checkNumbers(token string) {
	f.Helper()
	r := newRemote(f.servers[0].url, token)
	has := map[string]any{}
	for after := ""; ; {
		docs, next, err := serverTarget{r}.page(f.Context(), sampleType, after)
		if err != nil {
			f.Fatal(err)
		}
		for _, d := range docs {
			value, _ := d["value"].(map[string]any)
			number, _ := value["number"].(string)
			if other, twice := has[number]; number == "" || twice {
				f.Errorf("%v has the number %q, and so has %v", d["id"], number, other)
			}
			has[number] = d["id"]
		}
		if after = next; next == "" {
			return
		}
	}
}

// level syncs a device until a server has taken all of it: some may still be taking over
// what another left.
func (f *fleet) level(d *client.Device) { f.levelAt(d, nil) }

func (f *fleet) levelAt(d *client.Device, p *process) {
	f.Helper()
	ctx := f.Context()
	var err error
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		at := f.any()
		if p != nil {
			at = p.url
		}
		if err = d.UseServer(ctx, at); err != nil {
			continue
		}
		if _, err = d.Sync(ctx); err != nil {
			continue
		}
		if s, statusErr := d.Status(ctx); statusErr == nil && s.Pending == 0 {
			return
		}
	}
	f.Fatalf("a device could not send all it has within a minute: %v", err)
}

// contents is all that a device has, as text.
func (f *fleet) contents(d *client.Device) string {
	f.Helper()
	docs, err := d.Collection(sampleType).Find(f.Context(), client.Query{})
	if err != nil {
		f.Fatal(err)
	}
	var text strings.Builder
	for _, doc := range docs {
		fmt.Fprintln(&text, doc.ID, crdt.Canonical(doc.Value))
	}
	return text.String()
}
