package metrics

import (
	"context"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Engine is what is asked of the engine; [collections.Engine] is one.
type Engine interface {
	Stats() collections.Stats
	Behind() (entries map[string]uint64, heard time.Duration, shared bool)
	Gauges(ctx context.Context, types int) (*collections.Gauges, error)
}

// Sources are what is asked when somebody reads the metrics. Engine is required; what is
// nil is left out. All are safe for concurrent use.
type Sources struct {
	Engine  Engine
	Readers func() int // live readers connected now
	Jobs    func() int // jobs under way here

	// These may ask the store.
	Webhooks func(ctx context.Context) (Webhooks, error)
	Backups  func(ctx context.Context) (Backups, error)
	Disk     func(ctx context.Context) (Disk, error)
}

// Webhooks is how the webhooks do.
type Webhooks struct {
	Working, Failing, Paused, Off int           // by state; failing is being tried again
	Behind                        uint64        // entries of the log after the place of the one furthest behind
	Waiting                       time.Duration // for how long the one that fails longest has
}

// Backups is what there is in case all else is lost.
type Backups struct {
	Count  int
	Newest time.Time // zero: there is none
	Bytes  int64     // of the newest
	Failed bool      // the last attempt
}

// Disk is where the data are.
type Disk struct {
	Bytes int64  // that the store takes
	Free  uint64 // bytes that its disk has left for us
}

// MostTypes is how many types have a label of their own.
const MostTypes = 200
