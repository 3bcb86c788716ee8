package collections

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// errStopping answers who comes when the engine is closing.
var errStopping = Errorf(Unavailable, "", "The server is stopping: try again in a moment.")

// errStore answers whose commit failed, and did perhaps arrive all the same: a push
// may be sent again, its numbers tell whether it was there.
var errStore = Errorf(Unavailable, "", "The server could not save just now: try again in a moment.")

// commit is the door that every write goes through: it runs do in the committer's
// goroutine, against the round that is being made up, and returns when the round's
// commit is durable. keys are the documents do will want, so that they are read
// together with those of the others.
//
// do may be called more than once (a round is made up anew without a member that
// failed); only the last call counts, so it must start from nothing. An error of do
// is what commit returns, and then nothing of do is in the commit. When ctx ends
// first, do may still run and be committed; the caller must not look at what it did.
func (e *Engine) commit(ctx context.Context, keys []Key, do func(r *round) error) error {
	return e.com.do(&job{ctx: ctx, keys: keys, weight: max(1, len(keys)), run: do, done: make(chan struct{})})
}

// job is one caller's part of a round.
type job struct {
	ctx    context.Context
	keys   []Key
	weight int
	run    func(r *round) error
	alone  func(c *committer) error // instead of run: by itself, between rounds
	err    error                    // the answer; read it after done
	done   chan struct{}            // closed when there is an answer
}

// committer is the one goroutine that merges and commits. What arrives while a
// commit is on its way to the disk is made up into the next one, so that many
// writers share one fsync.
type committer struct {
	e    *Engine
	ctx  context.Context // of the store calls of the loop: ends only after Close
	jobs chan *job
	done chan struct{} // closed when the loop has ended

	mu     sync.RWMutex // held for reading while a job is handed over
	closed bool

	state committed // owned by the loop
	fresh bool      // state is what the store has
	known map[*Type]*traits

	name  string   // of the stream that is written
	term  uint64   // … in which it is held
	after Position // what of other streams entries of this one said they build on
}

// stream is the one that the committer writes.
func (c *committer) stream() string { return c.name }

// committed is what the committer knows of the store without asking. A round works
// on a copy, which becomes the truth when its commit is durable.
type committed struct {
	head     uint64            // of the stream
	level    uint64            // log number that the store's level mark names
	mark     uint64            // Rev of the item that holds it
	floor    floorMark         // where history begins
	floorRev uint64            // of the item that holds it
	clock    crdt.Clock        // the server's
	self     ReplicaState      // the server's own replica
	serials  map[string]serial // numbers given last, by type and field
}

func newCommitter(ctx context.Context, e *Engine) *committer {
	return &committer{
		e: e, ctx: ctx,
		jobs: make(chan *job, 1024), done: make(chan struct{}),
		known: map[*Type]*traits{}, name: mainStream, after: Position{},
	}
}

// do hands a job over and waits for its answer.
func (c *committer) do(j *job) error {
	if !c.hand(j) {
		return errStopping
	}
	select {
	case <-j.done:
		return j.err
	case <-j.ctx.Done():
		return fmt.Errorf("collections: left before the commit: %w", j.ctx.Err())
	}
}

// hand gives a job to the loop, or says that there is no loop any more.
func (c *committer) hand(j *job) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return false
	}
	c.jobs <- j
	return true
}

// close stops taking jobs; the loop ends when those it has are answered.
func (c *committer) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed = true
		close(c.jobs)
	}
}

// loop commits until close was called and nothing is left to do.
func (c *committer) loop() {
	defer close(c.done)
	var later []*job // what rounds left for the next
	for {
		var first *job
		if len(later) == 0 {
			j, open := <-c.jobs
			if !open {
				return
			}
			first = j
		}
		if first != nil && first.alone != nil {
			c.runAlone(first)
			continue
		}
		later = c.commit(c.gather(first, later))
	}
}

// gather takes what is there now, up to a round's weight.
func (c *committer) gather(first *job, jobs []*job) []*job {
	weight := len(jobs)
	if first != nil {
		jobs, weight = append(jobs, first), weight+first.weight
	}
	for weight < roundWeight {
		select {
		case j, open := <-c.jobs:
			if !open {
				return jobs
			}
			if j.alone != nil {
				c.runAlone(j)
				continue
			}
			jobs, weight = append(jobs, j), weight+j.weight
		default:
			return jobs
		}
	}
	return jobs
}

// commit makes up a round of jobs, writes it and answers them. What the round left
// for later comes back. Every answer waits for the commit, refusals too: they may
// rest on what others of the round did.
func (c *committer) commit(jobs []*job) (later []*job) {
	r, err := c.tryCommit(jobs)
	if err != nil && len(jobs) > 1 && contended(err) {
		// One of them may meet others again and again: it must not stop the rest.
		for _, j := range jobs {
			later = append(later, c.commit([]*job{j})...)
		}
		return later
	}
	if err != nil {
		c.fresh = false
		c.e.log.Error("a commit failed", "error", err, "jobs", len(jobs))
	} else {
		c.e.stats.answered(r.counts)
		c.observe(r.counts)
		later = r.later
	}
	for _, j := range jobs {
		if err != nil {
			j.err = errStore
		}
		close(j.done)
	}
	return later
}

// tryCommit makes up a round and writes it, again and again where other servers were
// faster with something that it writes: then nothing of it was written.
func (c *committer) tryCommit(jobs []*job) (r *round, err error) {
	for try := 0; ; try++ {
		r, err = c.makeUp(jobs)
		if err == nil && !r.empty() {
			err = c.write(r)
		}
		if !contended(err) || !c.e.several() || try == commitRetries {
			return r, err
		}
		c.fresh = false
		c.e.stats.contended()
		if errors.Is(err, ErrTaken) {
			if err := c.e.own.say(c.ctx); err != nil && !errors.Is(err, ErrLost) {
				return r, err
			}
		}
		time.Sleep(uneven(time.Duration(1+try) * 5 * time.Millisecond)) // or two keep meeting
	}
}

// uneven is a random part of a time.
func uneven(d time.Duration) time.Duration {
	var b [1]byte
	_, _ = rand.Read(b[:]) // it never fails (crypto/rand)
	return d * time.Duration(b[0]) / 256
}

// contended reports whether nothing was written because somebody else was faster.
func contended(err error) bool {
	var stale *StaleError
	return err != nil && (errors.Is(err, ErrTaken) || errors.Is(err, ErrStale)) && !errors.As(err, &stale)
}

// alone runs do in the committer's goroutine, between rounds.
func (c *committer) alone(ctx context.Context, do func(c *committer) error) error {
	return c.do(&job{ctx: ctx, weight: 1, alone: do, done: make(chan struct{})})
}

// runAlone answers such a job.
func (c *committer) runAlone(j *job) {
	defer close(j.done)
	for range 2 {
		if j.err = j.ctx.Err(); j.err == nil {
			j.err = c.refresh()
		}
		if j.err == nil {
			j.err = j.alone(c)
		}
		if j.err == nil || !c.e.several() {
			return
		}
		// Perhaps this server's own stream is another's by now, and it has not heard.
		c.fresh = false
		if err := c.e.own.say(c.ctx); err != nil && !errors.Is(err, ErrLost) {
			return
		}
	}
}

// observe tells of a round. Whoever counts must not be able to stop the server.
func (c *committer) observe(counts Stats) {
	defer func() {
		if p := recover(); p != nil {
			c.e.log.Error("the observer panicked", "panic", p)
		}
	}()
	if counts.Accepted+counts.Refused+counts.Repeated > 0 {
		c.e.tell.Answered(counts)
	}
}

// makeUp runs the jobs against a new round. When one fails that had already changed
// the round, it is made up again without it. An error is the store's.
func (c *committer) makeUp(jobs []*job) (*round, error) {
	if err := c.refresh(); err != nil {
		return nil, err
	}
	failed := map[*job]bool{}
	for {
		r := newRound(c, jobs)
		if r.run(jobs, failed) {
			return r, r.finish()
		}
	}
}

// run runs the jobs that have not failed. It is false when one failed and left the
// round changed: what it did, and what those after it would see of it, must not stay.
func (r *round) run(jobs []*job, failed map[*job]bool) (clean bool) {
	for _, j := range jobs {
		if failed[j] {
			continue
		}
		before := r.moves
		if j.err = j.ctx.Err(); j.err == nil {
			j.err = r.guarded(j)
		}
		failed[j] = j.err != nil
		if failed[j] && r.moves != before {
			return false
		}
	}
	return true
}

// guarded turns a panic of one job into its error: the others go on.
func (r *round) guarded(j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("collections: a write panicked: %v", p)
			r.com.e.log.ErrorContext(j.ctx, "a write panicked", "panic", p, "stack", string(debug.Stack()))
			r.moves++
		}
	}()
	return j.run(r)
}

// moved makes what a durable round knows the truth.
func (c *committer) moved(r *round) {
	if r.state.self.N != c.state.self.N {
		r.state.self.Rev++
	}
	c.state = r.state
}

// published makes entries known that are durable and have all their effect.
func (c *committer) published(entries []Entry) {
	if !c.e.several() {
		c.e.feed.publish(entries)
		return
	}
	c.e.tail.offer(entries)
	if len(entries) > 0 {
		for stream, n := range entries[0].After {
			c.after[stream] = max(c.after[stream], n)
		}
		c.e.own.levelled(entries[len(entries)-1].N)
	}
}

// write commits the round's batch and, once it is durable, makes it known.
func (c *committer) write(r *round) error {
	start := c.e.now()
	if err := c.purge(r.purged); err != nil {
		return err
	}
	batch := r.batch()
	err := c.e.store.Commit(c.ctx, batch)
	if err != nil {
		if err = c.settle(r, batch, err); err != nil {
			return err
		}
	} else {
		c.moved(r)
	}
	c.e.stats.committed(c.e.now().Sub(start))
	for _, do := range r.after {
		do()
	}
	c.published(batch.Entries)
	c.e.lookAgain(r.unsettled())
	return nil
}
