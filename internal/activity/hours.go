package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Hours gives every hour from the one that holds from to the one before to, those in
// which nothing was counted too, oldest first. More than 400 days are cut at the front.
func (a *Counter) Hours(ctx context.Context, from, to time.Time) ([]Hour, error) {
	if earliest := to.Add(-keep); from.Before(earliest) {
		from = earliest
	}
	first, end := hourOf(from), to.UnixMilli()
	var hours []Hour
	at := map[string]int{}
	for start := first; start < end; start += time.Hour.Milliseconds() {
		at[keyOf(start)] = len(hours)
		hours = append(hours, Hour{Start: start})
	}
	// What waits is looked at while no flush moves it, so that it counts once.
	a.flushing.Lock()
	defer a.flushing.Unlock()
	if err := a.stored(ctx, first, func(key string, h Hour) bool {
		i, wanted := at[key]
		if wanted {
			hours[i].join(h)
		}
		return wanted
	}); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for start, c := range a.waiting {
		if i, wanted := at[keyOf(start)]; wanted {
			hours[i].join(c.hour(start))
		}
	}
	return hours, nil
}

// stored calls do for the hours that the store has from one on, until it says no.
func (a *Counter) stored(ctx context.Context, first int64, do func(key string, h Hour) (more bool)) error {
	const page = 500
	for after := keyOf(first - time.Hour.Milliseconds()); ; {
		items, err := a.items.Items(ctx, kindHour, after, page)
		if err != nil {
			return fmt.Errorf("activity: read: %w", err)
		}
		for _, item := range items {
			var h Hour
			if err := json.Unmarshal(item.Data, &h); err != nil {
				return fmt.Errorf("activity: read %s: %w", item.Key, err)
			}
			if !do(item.Key, h) {
				return nil
			}
			after = item.Key
		}
		if len(items) < page {
			return nil
		}
	}
}
