package hooks

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// worker sends one hook what it is to be told. It is the only writer of the hook's state
// while it runs, but for owners who are at another server.
type worker struct {
	s      *Service
	id     string
	cancel func()
	done   chan struct{} // closed when it has ended

	hookRev atomic.Uint64 // of the hook as it was read last; 0: not yet

	hook     *stored
	state    State
	rev      uint64     // of the state's item
	unsaved  bool       // state is ahead of its item
	savedAt  time.Time  // when the state was last written
	news     []Delivery // not yet in the log of deliveries, newest last
	unpruned int        // deliveries written since the log was last cut
}

// How much is held, and how long.
const (
	pageSize  = 50               // changes read at once; their size is bounded by the follower
	saveEvery = time.Second      // while messages are taken
	idleSave  = time.Minute      // while none are for the hook
	retryRead = 10 * time.Second // after the server's own store failed
)

// errPaused ends a worker whose hook sends nothing.
var errPaused = errors.New("hooks: paused")

// run works until ctx ends or there is nothing to do until somebody changes the hook.
func (w *worker) run(ctx context.Context) {
	defer close(w.done)
	for ctx.Err() == nil {
		err := w.guarded(ctx)
		if err == nil || errors.Is(err, errPaused) || ctx.Err() != nil {
			return
		}
		if errors.Is(err, collections.ErrStale) {
			rest(ctx, saveEvery) // an owner moved it on at another server: from there
			continue
		}
		w.s.Journal.Error("a webhook's worker failed; it goes on", "hook", w.id, "error", err)
		rest(ctx, retryRead)
	}
}

// guarded works, and makes a panic an error: it ends nobody else.
func (w *worker) guarded(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return w.work(ctx)
}

// work follows the log from where the hook has got to.
func (w *worker) work(ctx context.Context) error {
	var rev uint64
	var err error
	if w.hook, rev, err = w.s.hook(ctx, w.id); isCode(err, collections.NotFound) {
		return nil
	}
	w.hookRev.Store(rev)
	if err == nil {
		w.state, w.rev, err = w.s.state(ctx, w.id)
	}
	if err != nil || !w.hook.Enabled || w.state.Paused != "" {
		return err
	}
	defer w.saveLast()
	owner, err := w.s.Owner(ctx, w.hook.Account)
	if isCode(err, collections.NotFound) || isCode(err, collections.Forbidden) {
		return w.pause(ctx, "The account of "+w.hook.By+", whose webhook this is, is not an owner's any more: save the webhook as another owner to go on.")
	}
	if err != nil {
		return err
	}
	follower, err := w.s.Log.Follow(owner, w.state.Cursor, collections.FollowOptions{Types: w.hook.Types, Alarms: w.hook.wants(Attention)})
	if err != nil {
		return err
	}
	for {
		if err := w.page(ctx, follower); err != nil {
			return err
		}
	}
}

func isCode(err error, code collections.Code) bool {
	var e *collections.Error
	return errors.As(err, &e) && e.Code == code
}

// page sends what the log has next, and waits when that is nothing.
func (w *worker) page(ctx context.Context, follower *collections.Follower) error {
	list, more, err := follower.Next(ctx, pageSize)
	if err != nil {
		return err
	}
	if follower.Lost() {
		w.note(Delivery{Kind: kindGap, Fault: "Changes were passed over: the server was restored, or their history is not kept any more."})
	}
	for _, change := range list {
		if err := w.change(ctx, change); err != nil {
			return err
		}
	}
	w.moveTo(follower.Cursor())
	if more {
		return w.saveWhenDue(ctx)
	}
	return w.idle(ctx, follower)
}

// idle waits for the log to go on; what is not written yet is written meanwhile.
func (w *worker) idle(ctx context.Context, follower *collections.Follower) error {
	if w.unsaved || len(w.news) > 0 {
		short, cancel := context.WithTimeout(ctx, time.Until(w.due()))
		err := follower.Wait(short)
		cancel()
		if err == nil || ctx.Err() != nil || short.Err() == nil {
			return err
		}
		if err := w.save(ctx); err != nil {
			return err
		}
	}
	return follower.Wait(ctx)
}

// change sends the messages of one change, each until it is taken.
func (w *worker) change(ctx context.Context, change *collections.Followed) error {
	messages, err := w.hook.messages(change, w.state.Cursor, w.s.millis())
	if err != nil {
		return err
	}
	halfway := w.state.Halfway
	for i := range messages {
		if messages[i].id == halfway {
			messages = messages[i+1:]
			break
		}
	}
	for i := range messages {
		if err := w.deliver(ctx, &messages[i], change.Cursor); err != nil {
			return err
		}
		w.state.Halfway = messages[i].id
	}
	w.moveTo(change.Cursor)
	return w.saveWhenDue(ctx)
}

// moveTo notes that everything up to a cursor was taken.
func (w *worker) moveTo(cursor string) {
	if w.state.Cursor != cursor {
		w.state.Cursor, w.state.Halfway, w.state.Past, w.unsaved = cursor, "", "", true
	}
}

// deliver sends a message until it is taken, or the hook is paused (errPaused).
func (w *worker) deliver(ctx context.Context, m *queued, past string) error {
	for {
		if err := rest(ctx, time.Duration(w.state.Next-w.s.millis())*time.Millisecond); err != nil {
			return err
		}
		a := w.s.sender.send(ctx, w.hook, m)
		if ctx.Err() != nil {
			return ctx.Err() // nobody knows whether it was taken: it is sent again
		}
		if a.ok {
			w.s.Count(1, 0)
			w.note(deliveryOf(m, a, w.state.Failures+1, 0))
			w.state.Failures, w.state.Since, w.state.Next, w.state.Fault, w.state.Past = 0, 0, 0, "", ""
			w.state.Taken, w.unsaved = w.s.millis(), true
			return nil
		}
		w.s.Count(0, 1)
		if err := w.failed(ctx, m, a, past); err != nil {
			return err
		}
	}
}

// failed notes a failure, durably, and when to try again.
func (w *worker) failed(ctx context.Context, m *queued, a attempt, past string) error {
	now := w.s.millis()
	st := &w.state
	if st.Failures++; st.Failures == 1 {
		st.Since = now
	}
	pause := w.s.Schedule.pause(st.Failures, a.asked, w.s.between0and1())
	st.Next, st.Fault, st.Past = now+pause.Milliseconds(), a.fault, past
	w.note(deliveryOf(m, a, st.Failures, st.Next))
	switch {
	case a.gone:
		return w.pause(ctx, "The endpoint answered 410 Gone: it wants no more messages.")
	case now-st.Since >= w.s.Schedule.GiveUp.Milliseconds():
		return w.pause(ctx, "The endpoint has not taken a message for "+inWords(w.s.Schedule.GiveUp)+". "+a.fault)
	}
	return w.save(ctx)
}

// inWords says a time as people do.
func inWords(d time.Duration) string {
	if days := int(d / (24 * time.Hour)); days > 1 {
		return fmt.Sprintf("%d days", days)
	}
	return d.String()
}

// pause keeps why the hook sends nothing.
func (w *worker) pause(ctx context.Context, why string) error {
	w.state.Paused, w.state.Next = why, 0
	if err := w.save(ctx); err != nil {
		return err
	}
	return errPaused
}

// due is when what is not written yet is to be: soon where messages were sent, as they
// would come again after a crash.
func (w *worker) due() time.Time {
	if len(w.news) > 0 {
		return w.savedAt.Add(saveEvery)
	}
	return w.savedAt.Add(idleSave)
}

// saveWhenDue saves what is new, unless that was done just now.
func (w *worker) saveWhenDue(ctx context.Context) error {
	if time.Now().Before(w.due()) {
		return nil
	}
	return w.save(ctx)
}

// save writes the state, and the deliveries since the last time.
func (w *worker) save(ctx context.Context) error {
	w.savedAt = time.Now()
	if err := w.s.writeDeliveries(ctx, w); err != nil {
		return err
	}
	if err := w.s.save(ctx, kindState, w.id, w.rev, w.state); err != nil {
		if errors.Is(err, collections.ErrStale) {
			w.unsaved = false // somebody else's word counts
		}
		return err
	}
	w.rev, w.unsaved = w.rev+1, false
	return nil
}

// saveLast saves when the worker ends. The context is its own: the worker's is over.
func (w *worker) saveLast() {
	if !w.unsaved && len(w.news) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := w.save(ctx); err != nil {
		w.s.Journal.Warn("where a webhook got to was not written: some messages come twice", "hook", w.id, "error", err)
	}
}

// rest waits, or returns ctx's error.
func rest(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
