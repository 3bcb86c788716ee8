package metrics

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// Watched is a store whose calls are timed and whose errors are counted.
type Watched struct {
	collections.Store
	m *Metrics
}

// wakingStore is a Watched whose store hears of what others write.
type wakingStore struct {
	*Watched
	collections.Waker
}

// Store gives a store that is watched, and can what the store can.
func (m *Metrics) Store(s collections.Store) collections.Store {
	w := &Watched{s, m}
	if wakes, is := s.(collections.Waker); is {
		return wakingStore{w, wakes}
	}
	return w
}

// storeCalls are the calls that are timed.
var storeCalls = []string{
	"backup", "commit", "count", "delete_item", "ensure_index", "find", "history", "item", "items", "log", "purge", "put_item",
	"receipt", "record", "records", "replica", "trim",
}

// calls knows which commits are under way.
type calls struct {
	mu     sync.Mutex // guards all below
	next   int
	begun  map[int]time.Time
	oldest *prometheus.Desc
}

func newCalls() *calls {
	return &calls{begun: map[int]time.Time{}, oldest: desc("fieldstack_commit_waiting_seconds", "For how long the oldest commit that is under way has waited for the store; 0: none is.")}
}

func (c *calls) begin(now time.Time) (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	n := c.next
	c.begun[n] = now
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.begun, n)
	}
}

// waiting is for how long the oldest has waited.
func (c *calls) waiting() (longest time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, begun := range c.begun {
		longest = max(longest, time.Since(begun))
	}
	return longest
}

// Describe implements prometheus.Collector.
func (c *calls) Describe(to chan<- *prometheus.Desc) { to <- c.oldest }

// Collect implements prometheus.Collector.
func (c *calls) Collect(to chan<- prometheus.Metric) {
	to <- prometheus.MustNewConstMetric(c.oldest, prometheus.GaugeValue, c.waiting().Seconds())
}

// CommitWaiting is for how long the oldest commit that is under way has waited.
func (m *Metrics) CommitWaiting() time.Duration { return m.calls.waiting() }

// note notes a call that has ended.
func (s *Watched) note(call string, begun time.Time, err *error) {
	histogram := s.m.store.WithLabelValues(call)
	if call == "commit" {
		histogram = s.m.commit.WithLabelValues()
	}
	histogram.Observe(time.Since(begun).Seconds())
	if failed(*err) {
		s.m.storeErrors.WithLabelValues(call).Inc()
	}
}

// failed tells a store that does not do its work from an answer that it gives.
func failed(err error) bool {
	for _, answer := range []error{nil, collections.ErrNotFound, collections.ErrStale, collections.ErrTaken, collections.ErrTrimmed, context.Canceled} {
		if errors.Is(err, answer) {
			return false
		}
	}
	return true
}

// Writable says why nothing may be written any more, if the store knows of such a thing.
func (s *Watched) Writable() error {
	if store, says := s.Store.(interface{ Writable() error }); says {
		return store.Writable()
	}
	return nil
}

// Commit implements [collections.Store], as do all below.
func (s *Watched) Commit(ctx context.Context, b *collections.Batch) (err error) {
	begun := time.Now()
	end := s.m.calls.begin(begun)
	defer func() { end(); s.note("commit", begun, &err) }()
	return s.Store.Commit(ctx, b)
}

func (s *Watched) Record(ctx context.Context, typ, id string) (r *collections.Record, err error) {
	defer s.note("record", time.Now(), &err)
	return s.Store.Record(ctx, typ, id)
}

func (s *Watched) Records(ctx context.Context, keys []collections.Key) (list []*collections.Record, err error) {
	defer s.note("records", time.Now(), &err)
	return s.Store.Records(ctx, keys)
}

func (s *Watched) Find(ctx context.Context, q *collections.Query) (list []*collections.Record, err error) {
	defer s.note("find", time.Now(), &err)
	return s.Store.Find(ctx, q)
}

func (s *Watched) Count(ctx context.Context, q *collections.Query) (n int, err error) {
	defer s.note("count", time.Now(), &err)
	return s.Store.Count(ctx, q)
}

func (s *Watched) Log(ctx context.Context, stream string, after uint64, limit int) (list []collections.Entry, err error) {
	defer s.note("log", time.Now(), &err)
	return s.Store.Log(ctx, stream, after, limit)
}

func (s *Watched) History(ctx context.Context, typ, id string, after collections.Place, limit int) (list []collections.Entry, err error) {
	defer s.note("history", time.Now(), &err)
	return s.Store.History(ctx, typ, id, after, limit)
}

func (s *Watched) Trim(ctx context.Context, upto collections.Position) (err error) {
	defer s.note("trim", time.Now(), &err)
	return s.Store.Trim(ctx, upto)
}

func (s *Watched) Purge(ctx context.Context, keys []collections.Key) (err error) {
	defer s.note("purge", time.Now(), &err)
	return s.Store.Purge(ctx, keys)
}

func (s *Watched) Receipt(ctx context.Context, replica crdt.Replica, n uint64) (r *collections.Receipt, err error) {
	defer s.note("receipt", time.Now(), &err)
	return s.Store.Receipt(ctx, replica, n)
}

func (s *Watched) Replica(ctx context.Context, replica crdt.Replica) (state *collections.ReplicaState, err error) {
	defer s.note("replica", time.Now(), &err)
	return s.Store.Replica(ctx, replica)
}

func (s *Watched) Item(ctx context.Context, kind, key string) (item *collections.Item, err error) {
	defer s.note("item", time.Now(), &err)
	return s.Store.Item(ctx, kind, key)
}

func (s *Watched) Items(ctx context.Context, kind, after string, limit int) (list []collections.Item, err error) {
	defer s.note("items", time.Now(), &err)
	return s.Store.Items(ctx, kind, after, limit)
}

func (s *Watched) PutItem(ctx context.Context, item collections.Item) (err error) {
	defer s.note("put_item", time.Now(), &err)
	return s.Store.PutItem(ctx, item)
}

func (s *Watched) DeleteItem(ctx context.Context, kind, key string) (err error) {
	defer s.note("delete_item", time.Now(), &err)
	return s.Store.DeleteItem(ctx, kind, key)
}

func (s *Watched) EnsureIndex(ctx context.Context, typ string, field []string) (err error) {
	defer s.note("ensure_index", time.Now(), &err)
	return s.Store.EnsureIndex(ctx, typ, field)
}

func (s *Watched) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) (err error) {
	defer s.note("backup", time.Now(), &err)
	return s.Store.Backup(ctx, w, progress)
}
