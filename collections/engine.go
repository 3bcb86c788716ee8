package collections

import (
	"context"
	"io"
	"log/slog"
	"time"
)

// Config is what an engine is made of. Store is required; the engine closes it.
type Config struct {
	Store  Store
	Now    func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
	Log    *slog.Logger     // default: discarded
}

// Engine is one server's engine. Safe for concurrent use.
type Engine struct {
	store  Store
	now    func() time.Time
	random io.Reader
	log    *slog.Logger

	reg  *registry  // types and rules, in memory
	com  *committer // the one writer
	feed *feed      // the head of the log and what was committed last
}

// Open brings the store level with its log, reads the types and starts the committer.
func Open(ctx context.Context, c Config) (*Engine, error) { panic("todo") }

// Close refuses new work (Unavailable), finishes what is under way, and closes the
// store.
func (e *Engine) Close(ctx context.Context) error { panic("todo") }

// Backup writes a consistent copy of the store. Owner only.
func (e *Engine) Backup(ctx context.Context, a Actor, w io.Writer, progress func(done, total int64)) error {
	panic("todo")
}

// Stats are counts since the engine was opened, for metrics.
type Stats struct {
	Accepted, Refused, Repeated, Commits, Restamped uint64
	CommitSeconds                                   float64
	Head                                            Position
}

// Stats reads the counts.
func (e *Engine) Stats() Stats { panic("todo") }

// Store gives the store, for those who keep accounts in it. They use Items only.
// Store gives the store, for those who keep accounts in it. They use Items only.
func (e *Engine) Store() Store { panic("todo") }
func (e *Engine) Store() Store { panic("todo") }
