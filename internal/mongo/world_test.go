package mongo

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"github.com/fieldstack/fieldstack/collections"
)

// worker is one of several servers that write the same item and the same replica, each by
// its own stream and now and then by one that they share, while they die and sleep at any
// call.
type worker struct {
	t      *testing.T
	uri    string
	name   string
	random *rand.Rand
	s      *Store

	seen    int64           // highest revision of the item that a read gave
	put     map[uint64]bool // revisions that PutItem made
	maybe   map[uint64]bool // … of which it is not known
	commits int
}

var errDied = errors.New("died")

// revive gives the worker a new store, that sleeps and dies.
func (w *worker) revive() {
	s, err := Open(w.t.Context(), Options{URI: w.uri, LockWait: 20 * time.Millisecond})
	if err != nil {
		w.t.Error(err)
		return
	}
	w.t.Cleanup(func() { s.fault = nil; s.Close() })
	dead := false
	s.fault = func(what string, do func() error) error {
		if dead {
			return errDied
		}
		switch w.random.Intn(60) {
		case 0:
			dead = true
			return errDied
		case 1:
			dead = true
			_ = do()
			return errDied
		case 2, 3:
			time.Sleep(time.Duration(w.random.Intn(60)) * time.Millisecond)
		}
		return do()
	}
	w.s = s
}

// work does one thing.
func (w *worker) work(ctx context.Context) error {
	item, err := w.s.Item(ctx, "k", "count")
	if errors.Is(err, collections.ErrNotFound) {
		item, err = &collections.Item{Kind: "k", Key: "count"}, nil
	}
	if err != nil {
		return err
	}
	if int64(item.Rev) < w.seen {
		w.t.Errorf("%s read revision %d after %d", w.name, item.Rev, w.seen)
	}
	w.seen = int64(item.Rev)
	item.Data = []byte(w.name)
	if w.random.Intn(4) == 0 {
		err := w.s.PutItem(ctx, *item)
		switch {
		case err == nil:
			w.put[item.Rev+1] = true
		case !errors.Is(err, collections.ErrStale):
			w.maybe[item.Rev+1] = true
		}
		return err
	}
	return w.commit(ctx, item)
}

// commit moves the item and the replica on with an entry.
func (w *worker) commit(ctx context.Context, item *collections.Item) error {
	stream := w.name
	if w.random.Intn(3) == 0 {
		stream = "shared"
	}
	heads, err := w.s.Head(ctx)
	if err != nil {
		return err
	}
	b := sampleAfter(stream, heads[stream]+1)
	b.Items = []collections.Item{*item}
	if w.random.Intn(2) == 0 {
		state, err := w.s.Replica(ctx, device)
		if errors.Is(err, collections.ErrNotFound) {
			state, err = &collections.ReplicaState{Replica: device}, nil
		}
		if err != nil {
			return err
		}
		state.N++
		b.Replicas = []collections.ReplicaState{*state}
	}
	if err = w.s.Commit(ctx, b); err == nil {
		w.commits++
	}
	return err
}

// Whatever dies and sleeps: of each revision of an item there is one write, streams have no
// gaps, what a reader saw never goes back, and what was acknowledged is there.
func TestWorld(t *testing.T) {
	steps := 40
	if testing.Short() {
		steps = 15
	}
	testServers(t, func(t *testing.T, uri string) {
		seed := time.Now().UnixNano()
		if given, err := strconv.ParseInt(os.Getenv("FIELDSTACK_SEED"), 10, 64); err == nil {
			seed = given
		}
		t.Logf("FIELDSTACK_SEED=%d", seed)
		named := newDatabase(t, uri)
		workers := make([]*worker, 3)
		var waiting sync.WaitGroup
		for i := range workers {
			w := &worker{t: t, uri: named, name: fmt.Sprint("w", i), random: rand.New(rand.NewSource(seed + int64(i))),
				put: map[uint64]bool{}, maybe: map[uint64]bool{}}
			workers[i] = w
			w.revive()
			waiting.Go(func() {
				for range steps {
					err := w.work(t.Context())
					switch {
					case errors.Is(err, errDied):
						w.revive()
					case err != nil && !errors.Is(err, collections.ErrTaken) && !errors.Is(err, collections.ErrStale):
						t.Errorf("%s: %v", w.name, err)
					}
				}
			})
		}
		stop := stepDowns(t, mustOpen(t, named))
		waiting.Wait()
		stop()
		checkWorld(t, mustOpen(t, named), workers)
	})
}

// stepDowns makes the primary of a replica set of several step down every few seconds, until
// it is stopped. Elsewhere it does nothing.
func stepDowns(t *testing.T, s *Store) (stop func()) {
	if s.Server().Kind != ReplicaSet {
		return func() {}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	waiting.Go(func() {
		for pause(ctx, 3*time.Second) == nil {
			// The answer is mostly that the connection broke; a set of one refuses.
			err := s.client.Database("admin").RunCommand(ctx, bson.D{{Key: "replSetStepDown", Value: 5}, {Key: "secondaryCatchUpPeriodSecs", Value: 2}}).Err()
			t.Logf("stepping down: %v", err)
		}
	})
	return func() { cancel(); waiting.Wait() }
}

// checkWorld adds up what the logs say, and who wrote what besides.
func checkWorld(t *testing.T, s *Store, workers []*worker) {
	t.Helper()
	writers, logged := readWorld(t, s)
	acknowledged, maybe := 0, map[uint64]bool{}
	for _, w := range workers {
		acknowledged += w.commits
		for rev := range w.put {
			writers[rev]++
		}
		for rev := range w.maybe {
			maybe[rev] = true
		}
	}
	if logged < acknowledged || acknowledged < 5 {
		t.Errorf("%d commits were acknowledged, and %d are in the log", acknowledged, logged)
	}
	item, err := s.Item(t.Context(), "k", "count")
	must(t, err)
	for rev := uint64(1); rev <= item.Rev; rev++ {
		if n := writers[rev]; n > 1 || n == 0 && !maybe[rev] {
			t.Errorf("revision %d was written by %d", rev, n)
		}
		delete(writers, rev)
	}
	if len(writers) > 0 {
		t.Errorf("written, and not there after revision %d: %v", item.Rev, writers)
	}
	t.Logf("%d commits acknowledged of %d, %d revisions", acknowledged, logged, item.Rev)
}

// readWorld reads all streams, which have no gaps: how many batches wrote each revision of
// the item, and how many entries there are.
func readWorld(t *testing.T, s *Store) (writers map[uint64]int, logged int) {
	t.Helper()
	writers = map[uint64]int{}
	heads, err := s.Head(t.Context())
	must(t, err)
	for stream, head := range heads {
		next := int64(1)
		must(t, s.eachBatch(t.Context(), stream, 0, func(b *batch) (bool, error) {
			c, err := s.contentOf(t.Context(), b)
			must(t, err)
			if b.First != next || int64(len(c.Entries)) != b.Last-b.First+1 {
				t.Errorf("stream %s: batch %d has entries %d to %d, want them from %d on", stream, b.B, b.First, b.Last, next)
			}
			next = b.Last + 1
			logged += len(c.Entries)
			for _, w := range c.Things {
				if w.ID == itemID("k", "count") {
					writers[uint64(w.Rev+1)]++
				}
			}
			return true, nil
		}))
		if next != int64(head)+1 {
			t.Errorf("stream %s: read to %d, and the head is %d", stream, next-1, head)
		}
	}
	return writers, logged
}
