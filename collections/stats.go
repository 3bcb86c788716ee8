package collections

import (
	"sync"
	"time"
)

// Stats are counts since the engine was opened, for metrics.
type Stats struct {
	Accepted, Refused, Repeated, Commits, Restamped uint64
	CommitSeconds                                   float64
	Merged, Conflicts                               uint64   // changes that met work their author had not seen; and of one value with another
	Contended                                       uint64   // rounds made up anew because another server was faster
	Folded, Purged                                  uint64   // documents: whose history was folded, that left the trash for good
	Floor                                           Position // history up to here was folded
	Head                                            Position
}

// Stats reads the counts. Accepted counts what the server wrote itself too.
func (e *Engine) Stats() Stats {
	e.stats.mu.Lock()
	defer e.stats.mu.Unlock()
	s := e.stats.now
	s.Head = e.feed.position()
	s.Floor = Position{mainStream: e.floor.Load().Done}
	return s
}

// stats keeps the counts.
type stats struct {
	mu  sync.Mutex
	now Stats
}

// committed counts a commit and how long it took.
func (s *stats) committed(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.Commits++
	s.now.CommitSeconds += took.Seconds()
}

// folded counts what a fold did.
func (s *stats) folded(did Folded) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.Folded += uint64(did.Documents)
	s.now.Purged += uint64(did.Purged)
}

// contended counts a round that was made up anew because another server was faster.
func (s *stats) contended() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.Contended++
}

// answered counts what a round answered; a round of repeats alone has no commit.
func (s *stats) answered(counts Stats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.Accepted += counts.Accepted
	s.now.Refused += counts.Refused
	s.now.Repeated += counts.Repeated
	s.now.Restamped += counts.Restamped
	s.now.Merged += counts.Merged
	s.now.Conflicts += counts.Conflicts
}
