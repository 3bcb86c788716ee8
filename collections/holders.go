package collections

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Holders lists which streams of the log servers hold at this moment, for who wants to be
// alone with a store. Where none seems held it answers at once; else it watches for
// [HoldLife], on the wait given, whose holders live: a server that was killed leaves its
// claim behind.
func Holders(ctx context.Context, store Store, wait func(context.Context, time.Duration) error) ([]string, error) {
	before, err := claims(ctx, store)
	if err != nil || len(before) == 0 {
		return nil, err
	}
	if err := wait(ctx, HoldLife+time.Second); err != nil {
		return nil, err
	}
	after, err := claims(ctx, store)
	if err != nil {
		return nil, err
	}
	var live []string
	for stream, rev := range after {
		if rev != before[stream] {
			live = append(live, stream)
		}
	}
	slices.Sort(live)
	return live, nil
}

// claims gives the revision of each claim upon a stream.
func claims(ctx context.Context, store Store) (map[string]uint64, error) {
	revs := map[string]uint64{}
	err := eachItem(ctx, store, "stream", func(item Item) error {
		var is holding
		if err := json.Unmarshal(item.Data, &is); err != nil {
			return fmt.Errorf("collections: reading who holds stream %s: %w", item.Key, err)
		}
		if is.Owner != "" {
			revs[item.Key] = item.Rev
		}
		return nil
	})
	return revs, err
}
