package collections_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// churn is people and devices who create, edit and delete all the time, beside a few
// records that live for ever and never grow.
type churn struct {
	*depot
	*rand.Rand
	memory  *storetest.Store
	devices []*device
	lasting []string
	made    int
}

const (
	churnPace = 20 * 60_000 // ms between two rounds
	churnFold = 200         // rounds from one fold to the next
	churnFull = 1_200       // rounds after which the window of history is full
)

func newChurn(t *testing.T) *churn {
	memory := storetest.Memory()
	c := &churn{depot: openDepotKeeping(t, memory, 10*24*time.Hour), Rand: rand.New(rand.NewPCG(7, 7)), memory: memory}
	c.publish("order", orderSchema)
	for i := range 3 {
		c.lasting = append(c.lasting, c.order(900_000_000+i, `{"title":"lasts","notes":"abcdefgh","hours":0,"tags":["red"],"parts":[{"name":"seal","qty":1}]}`))
	}
	for i := range 4 {
		c.devices = append(c.devices, c.device(eve, crdt.Replica(0xc0+i)))
	}
	return c
}

// round lets one record come and go, at a desk or on a device, and changes one that lasts.
func (c *churn) round() {
	c.Helper()
	c.millis.Add(churnPace)
	c.made++
	id := docID(c.made)
	if c.made%2 == 0 {
		c.order(c.made, `{"title":"comes and goes","notes":"abc","tags":["red"]}`)
		c.patch(olga, "order", id, `{"status":"done","notes":"abcdef","tags":["blue"]}`)
		if err := c.Delete(c.Context(), olga, "order", id); err != nil {
			c.Fatal(err)
		}
	} else {
		v := c.devices[c.IntN(len(c.devices))]
		v.put("order", id, `{"title":"comes and goes","notes":"abc","tags":["red"]}`)
		v.put("order", id, `{"status":"done","notes":"abxc"}`)
		v.sync()
		v.edit("order", id, func(e *crdt.Editor) error { e.Delete(); return nil })
		v.edit("order", c.lasting[c.IntN(len(c.lasting))], c.retype)
		v.sync()
	}
	if c.made%churnFold == 0 {
		for _, v := range c.devices {
			v.sync()
		}
		c.fold()
	}
}

// retype changes a record, which does not grow by it.
func (c *churn) retype(e *crdt.Editor) error {
	notes := []byte("abcdefgh")
	c.Shuffle(len(notes), func(i, j int) { notes[i], notes[j] = notes[j], notes[i] })
	return e.PutAll(map[string]any{
		"title": "lasts", "notes": string(notes), "hours": float64(c.IntN(10)),
		"tags":  []any{[]string{"red", "blue"}[c.IntN(2)]},
		"parts": []any{map[string]any{"name": "seal", "qty": float64(c.IntN(5))}, map[string]any{"name": fmt.Sprint("bolt ", c.IntN(3))}},
	})
}

// Ensure that what comes and goes leaves nothing behind: after a first while, in which
// the window of history fills, the store's size is flat, and so is each device's.
func TestFold_Churn(t *testing.T) {
	rounds := 2_400
	switch {
	case os.Getenv("FIELDSTACK_SOAK") != "":
		rounds = 1_000_000
	case testing.Short():
		rounds = 1_800
	}
	c := newChurn(t)
	var flat storetest.Sizes
	kept := 0
	for n := 1; n <= rounds; n++ {
		c.round()
		if n%(rounds/10) == 0 {
			t.Logf("%d rounds: %+v", n, c.memory.Sizes())
		}
		if n == churnFull {
			flat = c.memory.Sizes()
			kept = len(c.devices[0].confirmed)
		}
	}
	end := c.memory.Sizes()
	grew := func(what string, was, is int) {
		if is > was+was/10+20 {
			t.Errorf("%s grew from %d after %d rounds to %d after %d", what, was, churnFull, is, rounds)
		}
	}
	grew("entries", flat.Entries, end.Entries)
	grew("records", flat.Records, end.Records)
	grew("receipts", flat.Receipts, end.Receipts)
	grew("replicas", flat.Replicas, end.Replicas)
	grew("items", flat.Items, end.Items)
	grew("bytes of value", flat.Value, end.Value)
	grew("bytes of meta", flat.Meta, end.Meta)
	grew("documents on a device", kept, len(c.devices[0].confirmed))
	for _, v := range c.devices {
		if v.sync(); v.outdated > 0 || len(v.refused) > 0 {
			t.Errorf("%s was outdated %d times, refused %v", v.replica, v.outdated, v.refused)
		}
		for _, id := range c.lasting {
			key := collections.Key{Type: "order", ID: id}
			if got, want := crdt.Canonical(v.confirmed[key].Value()), crdt.Canonical(c.document("order", id).Value()); got != want {
				t.Errorf("%s has %s, the server %s", v.replica, got, want)
			}
		}
	}
}
