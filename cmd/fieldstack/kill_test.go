package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// acknowledged collects what the server said it has.
type acknowledged struct {
	mu      sync.Mutex
	created map[string]bool    // ids of work orders
	ids     []string           // the same, to pick from
	hours   map[string]float64 // by id: hours added on the device, which keeps them
	pushes  int                // round trips in which the server took changes of the device
}

// any picks one of the records.
func (a *acknowledged) any() (id string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.ids) == 0 {
		return "", false
	}
	return a.ids[rand.IntN(len(a.ids))], true
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
	program, data := unraced(t), t.TempDir()
	token := prepareKillData(t, data)
	device := openKillDevice(t, token)
	lives := 0 // in which the device's changes were taken
	acks := &acknowledged{created: map[string]bool{}, hours: map[string]float64{}}
	for cycle := range cycles {
		before := acks.pushes
		oneLife(t, startProgram(t, program, data, "127.0.0.1:0"), token, device, acks, cycle%2 == 0)
		if acks.pushes > before {
			lives++
		}
	}
	p := startProgram(t, program, data, "127.0.0.1:0")
	checkAcknowledged(t, p, token, device, acks)
	p.kill()
	if _, err := sqlite.Verify(context.Background(), filepath.Join(data, databaseFile)); err != nil {
		t.Error(err)
	}
	t.Logf("%d kills, %d records acknowledged, %d with hours, %d pushes of the device in %d lives", cycles, len(acks.created), len(acks.hours), acks.pushes, lives)
	if len(acks.created) < cycles || lives < cycles/2 {
		t.Error("the writers were not really writing")
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

// mostCreated is how many records a writer makes in one life: four that never stopped
// would make more than the device, which runs under the race detector, can fetch, so
// that it would never come to push.
const mostCreated = 25

// oneLife writes until the server is killed, some milliseconds after it has
// acknowledged what a device pushed, or else what was created over REST.
func oneLife(t *testing.T, p *process, token string, device *client.Device, acks *acknowledged, afterPush bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	created, pushed := make(chan struct{}, 1), make(chan struct{}, 1)
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range mostCreated {
				if createOne(ctx, newRemote(p.url, token), acks) != nil {
					return
				}
				note(created)
			}
		})
	}
	writers.Go(func() {
		for {
			acknowledged, err := pushHours(ctx, device, p.url, acks)
			if err != nil {
				return
			}
			if acknowledged {
				note(pushed)
			}
		}
	})
	wait := created
	if afterPush {
		wait = pushed
	}
	select {
	case <-wait:
	case <-ctx.Done():
		t.Error("the server acknowledged nothing for a minute")
	}
	time.Sleep(rand.N(40 * time.Millisecond)) // the moment of the kill is the point
	p.kill()
	writers.Wait()
}

// note says that something has happened, to who may wait for the first time.
func note(happened chan<- struct{}) {
	select {
	case happened <- struct{}{}:
	default:
	}
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
	acks.ids = append(acks.ids, made.ID)
	return nil
}

// pushHours adds an hour to some record on the device and syncs, and says whether the
// server took it. What is pending when the server dies goes to its next life; a counter
// tells if it counted twice.
func pushHours(ctx context.Context, d *client.Device, url string, acks *acknowledged) (bool, error) {
	if err := d.UseServer(ctx, url); err != nil {
		return false, err
	}
	id, ok := acks.any()
	if !ok {
		return false, nil
	}
	if _, err := d.Sync(ctx); err != nil {
		return false, err
	}
	if err := d.Collection(sampleType).Edit(ctx, id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1) }); err != nil {
		return false, err
	}
	acks.mu.Lock()
	acks.hours[id]++ // kept on the device whatever happens to the server
	acks.mu.Unlock()
	report, err := d.Sync(ctx)
	if report.Acknowledged > 0 {
		acks.mu.Lock()
		acks.pushes++
		acks.mu.Unlock()
	}
	return report.Acknowledged > 0, err
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
