package api

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

// events answers with the log from ?cursor= on, or from the header Last-Event-ID, by
// which a browser resumes. Each event "sync" holds what a pull would, and its id is
// the cursor after it.
func (a *api) events(c *fiber.Ctx) error {
	who, err := web.Who(c)
	if err != nil {
		return err
	}
	q, err := readQuery(c, "cursor", "subscribe")
	if err != nil {
		return err
	}
	r := &reader{api: a, who: who, cursor: q["cursor"]}
	if last := c.Get("Last-Event-ID"); last != "" {
		r.cursor = last
	}
	if r.subscribe, err = q.subscriptions(); err != nil {
		return err
	}
	// The first look is taken before the stream begins: a mistake is then an answer
	// with a status, not a stream that ends.
	first, err := r.pull(c.UserContext())
	if err != nil {
		return err
	}
	return web.Stream(c, func(ctx context.Context, e *web.Events) error { return r.run(ctx, e, first) })
}

const subscribeForm = `a list as JSON, such as [{"type":"work-order"}]`

// subscriptions reads ?subscribe=[{"type":…,"where":…}]; nil when it is not there.
func (q query) subscriptions() ([]collections.Subscription, error) {
	text, there := q["subscribe"]
	if !there {
		return nil, nil
	}
	v, err := crdt.ParseValue([]byte(text), crdt.Limits{})
	if err != nil {
		return nil, notJSON(err, "subscribe", subscribeForm)
	}
	list, ok := v.([]any)
	if !ok {
		return nil, wanted("subscribe", subscribeForm)
	}
	return subscriptions(list, "subscribe")
}

// reader is one live reader. One goroutine uses it.
type reader struct {
	*api
	who       *auth.Identity
	subscribe []collections.Subscription
	cursor    string    // of what was told
	wrote     time.Time // when the stream last said anything
	looked    time.Time // when the log was last looked at
	level     bool      // it has had all there was at some time: what comes now is new
}

// pull looks at the log from the cursor on.
func (r *reader) pull(ctx context.Context) (*collections.Told, error) {
	r.looked = r.options.Now()
	return r.engine.Tell(ctx, r.who.Actor, r.cursor, r.subscribe)
}

// run tells what happens until its context ends.
func (r *reader) run(ctx context.Context, e *web.Events, page *collections.Told) error {
	r.wrote = r.options.Now()
	for {
		if err := r.tell(e, page); err != nil {
			return err
		}
		if !page.More {
			if err := r.wait(ctx, e); err != nil {
				return ended(ctx, err)
			}
		}
		// Who listens may by now be somebody else's equal, or nobody.
		who, err := r.accounts.Check(ctx, r.who)
		if err != nil {
			return ended(ctx, err)
		}
		r.who = who
		if page, err = r.pull(ctx); err != nil {
			return ended(ctx, err)
		}
	}
}

// tell sends what a page holds. A page with nothing in it for this reader only moves
// the cursor, which the next heartbeat passes on.
func (r *reader) tell(e *web.Events, page *collections.Told) error {
	r.cursor = page.Cursor
	level := r.level
	r.level = level || !page.More
	if page.Empty() {
		return nil
	}
	if err := e.EventOf("sync", page.Cursor, page.AppendJSON); err != nil {
		return err
	}
	r.wrote = r.options.Now()
	if level && page.First > 0 {
		r.options.Delivered(r.wrote.Sub(time.UnixMilli(page.First)))
	}
	return nil
}

// wait returns when there may be something new, not sooner than the pace allows, and
// keeps the stream from falling silent meanwhile.
func (r *reader) wait(ctx context.Context, e *web.Events) error {
	for {
		beat, cancel := context.WithTimeout(ctx, e.Heartbeat()-r.options.Now().Sub(r.wrote))
		err := r.engine.Wait(beat, r.cursor)
		cancel()
		if err == nil {
			return r.pause(ctx)
		}
		if ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		r.wrote = r.options.Now()
		if err := e.Beat(r.cursor); err != nil {
			return err
		}
		if _, err := r.accounts.Check(ctx, r.who); err != nil {
			return err
		}
	}
}

// pause waits until the log may be looked at again. It lets many commits share one
// look, which is what keeps a thousand readers of a busy log affordable.
func (r *reader) pause(ctx context.Context) error {
	left := r.options.Pace - r.options.Now().Sub(r.looked)
	if left <= 0 {
		return nil
	}
	select {
	case <-time.After(left):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ended tells an end that was to come, such as a sign-out or a shutdown, from a fault.
func ended(ctx context.Context, err error) error {
	var known *collections.Error
	if ctx.Err() != nil || errors.As(err, &known) {
		return nil
	}
	return err
}
