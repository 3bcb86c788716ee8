package main

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/hooks"
)

// told collects which records a webhook was told of, in the order of its messages.
type told struct {
	mu     sync.Mutex
	number uint64 // the largest in the log that came
	back   int    // how often one came that is before the largest
	asked  int
	ids    map[string]bool
}

// ServeHTTP takes all messages but one.
func (o *told) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m struct {
		Data struct {
			ID     string
			Number uint64
		} `json:"data"`
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.asked++; o.asked == 400 || json.NewDecoder(r.Body).Decode(&m) != nil {
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	o.ids[m.Data.ID] = true
	if m.Data.Number < o.number {
		o.back++
	}
	o.number = max(o.number, m.Data.Number)
}

func (o *told) has(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.ids[id]
}

// TestWebhooks_Kill kills the server while it writes and tells: in the end the webhook
// was told of every record that was acknowledged.
func TestWebhooks_Kill(t *testing.T) {
	kills := 25
	if testing.Short() {
		kills = 4
	}
	t.Setenv("FIELDSTACK_PRIVATE_WEBHOOKS", "true")
	program, data := unraced(t), t.TempDir()
	token := prepareKillData(t, data)
	heard := &told{ids: map[string]bool{}}
	endpoint := httptest.NewServer(heard)
	defer endpoint.Close()
	prepareHook(t, data, endpoint.URL)
	acks := &acknowledged{created: map[string]bool{}}
	for range kills {
		p := startProgram(t, program, data, "127.0.0.1:0")
		var writers sync.WaitGroup
		ready := make(chan struct{}, 1)
		for range 2 {
			writers.Go(func() {
				for createOne(t.Context(), newRemote(p.url, token), acks) == nil {
					note(ready)
				}
			})
		}
		<-ready
		time.Sleep(rand.N(60 * time.Millisecond)) // the moment of the kill is the point
		p.kill()
		writers.Wait()
	}
	startProgram(t, program, data, "127.0.0.1:0")
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		missing := 0
		for id := range acks.created {
			if !heard.has(id) {
				missing++
			}
		}
		if missing == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d records were never told of", missing, len(acks.created))
		}
	}
	t.Logf("%d kills, %d records, %d messages came again after a kill", kills, len(acks.created), heard.back)
}

// prepareHook makes a webhook in a data folder, of an account that is there.
func prepareHook(t *testing.T, data, url string) {
	t.Helper()
	ctx := context.Background()
	p, err := (&targetFlags{data: data}).openFolderPeople(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	id, err := accountID(ctx, p, "owner")
	if err != nil {
		t.Fatal(err)
	}
	owner := collections.Actor{User: id, Name: "owner", Role: collections.Owner}
	s, err := hooks.Open(ctx, hooks.Config{
		Items: p.engine.Store(), Log: p.engine, Private: func() bool { return true },
		Owner: func(context.Context, string) (collections.Actor, error) { return owner, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, _, err := s.Create(ctx, owner, hooks.Hook{Name: "test", URL: url, Events: hooks.Events(), Enabled: true}); err != nil {
		t.Fatal(err)
	}
}
