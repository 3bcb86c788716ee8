package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/fieldstack/fieldstack/collections"
)

var (
	_ collections.Dumper = (*Store)(nil)
	_ collections.Loader = (*Store)(nil)
)

// DumpPart implements [collections.Dumper]. The mark counts the things before it, so
// nothing may be added between two pages of a kind.
func (s *Store) DumpPart(ctx context.Context, kind collections.PartKind, after string, limit int) (part *collections.Part, next string, err error) {
	at := 0
	if after != "" {
		if at, err = strconv.Atoi(after); err != nil {
			return nil, "", fmt.Errorf("storetest: dump: %w", err)
		}
	}
	part = &collections.Part{Kind: kind}
	page := func(all int) (from, to int) {
		to = min(at+limit, all)
		if to < all {
			next = strconv.Itoa(to)
		}
		return min(at, all), to
	}
	err = s.read(ctx, func() error {
		all := s.all(kind)
		if all == nil {
			return fmt.Errorf("storetest: dump: there is no kind %q", kind)
		}
		all(part, page)
		return nil
	})
	return part, next, err
}

// all gives a function that puts a page of a kind into a part, in the order of keys.
func (s *Store) all(kind collections.PartKind) func(part *collections.Part, page func(all int) (from, to int)) {
	switch kind {
	case collections.PartItems:
		return func(part *collections.Part, page func(int) (int, int)) {
			for _, i := range pageOf(s.items, page, func(a, b itemKey) int {
				return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key))
			}) {
				part.Items = append(part.Items, copyItem(i))
			}
		}
	case collections.PartRecords:
		return func(part *collections.Part, page func(int) (int, int)) {
			for _, d := range pageOf(s.records, page, func(a, b collections.Key) int {
				return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID))
			}) {
				part.Records = append(part.Records, *readRecord(d.Record))
			}
		}
	case collections.PartReplicas:
		return func(part *collections.Part, page func(int) (int, int)) {
			part.Replicas = pageOf(s.replicas, page, cmp.Compare)
		}
	case collections.PartReceipts:
		return func(part *collections.Part, page func(int) (int, int)) {
			for _, r := range pageOf(s.receipts, page, func(a, b change) int {
				return cmp.Or(cmp.Compare(a.replica, b.replica), cmp.Compare(a.n, b.n))
			}) {
				part.Receipts = append(part.Receipts, *copyReceipt(r))
			}
		}
	case collections.PartStreams:
		return func(part *collections.Part, page func(int) (int, int)) {
			part.Streams = pageOf(s.streams(), page, cmp.Compare)
		}
	}
	return nil
}

// pageOf gives a page of what a map holds, in the order of keys.
func pageOf[K comparable, V any](all map[K]V, page func(all int) (from, to int), order func(a, b K) int) (found []V) {
	keys := make([]K, 0, len(all))
	for key := range all {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, order)
	from, to := page(len(keys))
	for _, key := range keys[from:to] {
		found = append(found, all[key])
	}
	return found
}

// streams are those with a floor or a term.
func (s *Store) streams() map[string]collections.StreamState {
	states := map[string]collections.StreamState{}
	for stream, n := range s.floor {
		states[stream] = collections.StreamState{Stream: stream, Floor: n, Term: s.terms[stream]}
	}
	for stream, term := range s.terms {
		if term > 0 {
			states[stream] = collections.StreamState{Stream: stream, Floor: s.floor[stream], Term: term}
		}
	}
	return states
}

// DumpSize implements [collections.Dumper].
func (s *Store) DumpSize(ctx context.Context) (n int64, err error) {
	err = s.read(ctx, func() error {
		n = int64(len(s.items) + len(s.records) + len(s.replicas) + len(s.receipts) + len(s.log))
		return nil
	})
	return n, err
}

// LoadPart implements [collections.Loader].
func (s *Store) LoadPart(ctx context.Context, part *collections.Part) error {
	return s.write(ctx, func() error {
		if part.Kind == collections.PartEpoch {
			s.epoch = part.Epoch
		}
		for _, i := range part.Items {
			s.items[itemKey{i.Kind, i.Key}] = copyItem(i)
		}
		for i := range part.Records {
			s.records[part.Records[i].Key] = Read(copyRecord(&part.Records[i]))
		}
		for _, r := range part.Replicas {
			s.replicas[r.Replica] = r
		}
		for _, r := range part.Receipts {
			s.receipts[change{r.Replica, r.N}] = *copyReceipt(r)
		}
		for _, st := range part.Streams {
			s.loadStream(st)
		}
		return s.loadEntries(part.Entries)
	})
}

// Loaded implements [collections.Loader]; there is nothing to do.
func (s *Store) Loaded(ctx context.Context) error {
	return s.read(ctx, func() error { return nil })
}

func (s *Store) loadStream(st collections.StreamState) {
	s.terms[st.Stream] = max(s.terms[st.Stream], st.Term)
	if st.Floor > 0 {
		s.floor[st.Stream] = st.Floor
		s.head[st.Stream] = max(s.head[st.Stream], st.Floor)
	}
}

// loadEntries appends the entries that are not there yet.
func (s *Store) loadEntries(entries []collections.Entry) error {
	for _, e := range entries {
		head := s.head[e.Stream]
		if e.N > head+1 {
			return fmt.Errorf("storetest: load: entry %d of stream %q comes after %d", e.N, e.Stream, head)
		}
		if e.N == head+1 {
			s.log = append(s.log, e)
			s.head[e.Stream] = e.N
		}
	}
	return nil
}
