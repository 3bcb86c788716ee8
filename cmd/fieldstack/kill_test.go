package main

import (
	"bufio"
	"context"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	crand "crypto/rand"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// asFieldstack tells the test binary to be fieldstack itself, with the arguments it has.
const asFieldstack = "FIELDSTACK_TEST_IS_FIELDSTACK"

func TestMain(m *testing.M) {
	if os.Getenv(asFieldstack) != "" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// process is a fieldstack that can be killed.
type process struct {
	cmd *exec.Cmd
	url string
}

// startProcess runs `fieldstack serve` as a process of its own and waits until it says
// that it is ready.
func startProcess(t *testing.T, data, listen string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], "serve", "--data", data, "--listen", listen)
	cmd.Env = append(os.Environ(), asFieldstack+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "Admin pages"); ok {
			go func() {
				for lines.Scan() { // so that it never blocks on a full pipe
				}
			}()
			return &process{cmd, strings.TrimSuffix(strings.TrimSpace(after), "/admin")}
		}
	}
	t.Fatalf("the server did not start: %v", cmd.Wait())
	return nil
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// acknowledged collects what the server said it has.
type acknowledged struct {
	mu      sync.Mutex
	created map[string]bool    // ids of work orders
	hours   map[string]float64 // by id: hours added and acknowledged
}

// TestKillLoop kills the server process again and again, at random moments, while
// writers create records over REST and a device pushes changes; every time, what was
// acknowledged must be there, once.
func TestKillLoop(t *testing.T) {
	cycles := 200
	if testing.Short() {
		cycles = 10
	}
	if os.Getenv("FIELDSTACK_SOAK") != "" {
		cycles = 5000
	}
	data := t.TempDir()
	token := prepareKillData(t, data)
	device := openKillDevice(t, token)
	acks := &acknowledged{created: map[string]bool{}, hours: map[string]float64{}}
	for range cycles {
		p := startProcess(t, data, "127.0.0.1:0")
		oneLife(t, p, token, device, acks)
	}
	p := startProcess(t, data, "127.0.0.1:0")
	defer p.kill()
	checkAcknowledged(t, p, token, device, acks)
	p.kill()
	if _, err := sqlite.Verify(context.Background(), filepath.Join(data, databaseFile)); err != nil {
		t.Error(err)
	}
	t.Logf("%d kills, %d records acknowledged, %d of them with hours", cycles, len(acks.created), len(acks.hours))
	if len(acks.created) < cycles {
		t.Errorf("only %d records were acknowledged in %d lives: the writers were not really writing", len(acks.created), cycles)
	}
}

// prepareKillData makes a store with the sample type and an owner, and gives a token.
func prepareKillData(t *testing.T, data string) (token string) {
	t.Helper()
	ctx := context.Background()
	p, err := (&targetFlags{data: data, begins: true}).openFolderPeople(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if _, err := publish(ctx, p.folderTarget, sampleType, sampleSchema); err != nil {
		t.Fatal(err)
	}
	if _, err := p.add(ctx, auth.NewAccount{Name: "owner", Password: "a long enough one", Role: collections.Owner}); err != nil {
		t.Fatal(err)
	}
	id, err := accountID(ctx, p, "owner")
	if err != nil {
		t.Fatal(err)
	}
	if token, err = p.createToken(ctx, id, auth.NewToken{Label: "test"}); err != nil {
		t.Fatal(err)
	}
	return token
}

func openKillDevice(t *testing.T, token string) *client.Device {
	t.Helper()
	d, err := client.Open(context.Background(), client.Options{Path: filepath.Join(t.TempDir(), "device.db"), Token: token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// oneLife writes until the server is killed, some milliseconds after the first answer.
func oneLife(t *testing.T, p *process, token string, device *client.Device, acks *acknowledged) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	first := make(chan struct{})
	var once sync.Once
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for createOne(ctx, newRemote(p.url, token), acks) == nil {
				once.Do(func() { close(first) })
			}
		})
	}
	writers.Go(func() {
		for pushHours(ctx, device, p.url, acks) == nil {
		}
	})
	select {
	case <-first:
	case <-ctx.Done():
		t.Error("the server answered nothing for a minute")
	}
	extra, err := crand.Int(crand.Reader, big.NewInt(40))
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(extra.Int64()) * time.Millisecond) // the moment of the kill is the point
	p.kill()
	writers.Wait()
}

// createOne creates a record over REST and notes it once it is acknowledged.
func createOne(ctx context.Context, r *remote, acks *acknowledged) error {
	var made struct{ ID string }
	value := map[string]any{"title": "made in a short life", "status": "open", "priority": "low"}
	if err := r.call(ctx, http.MethodPost, "/api/"+sampleType, map[string]any{"value": value}, &made); err != nil {
		return err
	}
	acks.mu.Lock()
	defer acks.mu.Unlock()
	acks.created[made.ID] = true
	return nil
}

// pushHours adds an hour to a record on the device and syncs. What is pending when
// the server dies goes to its next life; a counter tells if it counted twice.
func pushHours(ctx context.Context, d *client.Device, url string, acks *acknowledged) error {
	if err := d.UseServer(ctx, url); err != nil {
		return err
	}
	if _, err := d.Sync(ctx); err != nil {
		return err
	}
	orders := d.Collection(sampleType)
	docs, err := orders.Find(ctx, client.Query{Limit: 1})
	if err != nil {
		return err
	}
	if len(docs) == 0 {
		return nil
	}
	id := docs[0].ID
	if err := orders.Edit(ctx, id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1) }); err != nil {
		return err
	}
	acks.mu.Lock()
	acks.hours[id]++ // kept on the device whatever happens to the server
	acks.mu.Unlock()
	_, err = d.Sync(ctx)
	return err
}

// checkAcknowledged holds a server against what it had acknowledged.
func checkAcknowledged(t *testing.T, p *process, token string, device *client.Device, acks *acknowledged) {
	t.Helper()
	ctx := context.Background()
	if err := device.UseServer(ctx, p.url); err != nil {
		t.Fatal(err)
	}
	if _, err := device.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	if s, err := device.Status(ctx); err != nil || s.Pending != 0 || s.Refused != 0 {
		t.Errorf("the device is left with %+v, %v", s, err)
	}
	r := newRemote(p.url, token)
	seen := map[string]bool{}
	for after := ""; ; {
		docs, next, err := serverTarget{r}.page(ctx, sampleType, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			id, _ := d["id"].(string)
			if seen[id] {
				t.Errorf("%s is listed twice", id)
			}
			seen[id] = true
			value, _ := d["value"].(map[string]any)
			hours, _ := value["hours"].(float64)
			if hours != acks.hours[id] {
				t.Errorf("%s has %v hours, %v were added", id, hours, acks.hours[id])
			}
		}
		if after = next; next == "" {
			break
		}
	}
	for id := range acks.created {
		if !seen[id] {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
}
