package api

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Check is one thing that must hold for the server to serve.
type Check struct {
	Name string // as the answer calls it: one word
	// Ask gives nil, or why it does not hold. Of a *collections.Error the sentence is shown
	// to anybody; of other errors nothing, they are logged.
	Ask func(ctx context.Context) error
}

// slack is how much longer than the checks may take their answer is waited for: a check
// that keeps to its time can say by itself that it was too short.
const slack = 200 * time.Millisecond

// fine is what a check that holds says.
const fine = "ok"

// readiness asks the checks. Many who ask at once share one answer, so that asking costs
// the store next to nothing however often somebody does it.
type readiness struct {
	checks   []Check
	patience time.Duration // for all checks together
	log      *slog.Logger

	mu    sync.Mutex // guards all below
	under *asking    // nil: nobody asks just now
	last  map[string]string
}

// asking is one round of questions.
type asking struct {
	done chan struct{} // closed when says and well hold the answer
	says map[string]string
	well bool
}

// ask gives what each check says, by name, and whether all hold. A check that does not
// answer in time does not hold; its goroutine is waited for before anybody asks anew.
func (r *readiness) ask(ctx context.Context) (says map[string]string, well bool) {
	r.mu.Lock()
	a := r.under
	if a == nil {
		a = &asking{done: make(chan struct{})}
		r.under = a
		go r.round(a)
	}
	r.mu.Unlock()
	late := time.NewTimer(r.patience + slack)
	defer late.Stop()
	select {
	case <-a.done:
		return a.says, a.well
	case <-late.C:
	case <-ctx.Done():
	}
	says = map[string]string{}
	for _, c := range r.checks {
		says[c.Name] = "did not answer in time"
	}
	return says, false
}

// round asks all checks at once.
func (r *readiness) round(a *asking) {
	ctx, cancel := context.WithTimeout(context.Background(), r.patience)
	defer cancel()
	said := make([]string, len(r.checks))
	var all sync.WaitGroup
	for i, c := range r.checks {
		all.Go(func() { said[i] = r.one(ctx, c) })
	}
	all.Wait()
	a.says, a.well = map[string]string{}, true
	for i, c := range r.checks {
		a.says[c.Name] = said[i]
		a.well = a.well && said[i] == fine
	}
	r.mu.Lock()
	r.under = nil
	r.mu.Unlock()
	close(a.done)
}

// one asks a check, and logs when what it says has changed.
func (r *readiness) one(ctx context.Context, c Check) (says string) {
	var err error
	defer func() {
		if p := recover(); p != nil {
			says = "failed"
			r.log.Error("a check of readiness panicked", "check", c.Name, "panic", p)
		}
		r.note(c.Name, says, err)
	}()
	err = c.Ask(ctx)
	var known *collections.Error
	switch {
	case err == nil:
		return fine
	case errors.As(err, &known):
		return known.Message.String()
	case errors.Is(err, context.DeadlineExceeded):
		return "did not answer in time"
	}
	return "failed"
}

func (r *readiness) note(name, says string, err error) {
	r.mu.Lock()
	was, known := r.last[name]
	if r.last == nil {
		r.last = map[string]string{}
	}
	r.last[name] = says
	r.mu.Unlock()
	switch {
	case says == was || !known && says == fine:
	case says == fine:
		r.log.Warn("a check of readiness holds again", "check", name)
	default:
		r.log.Warn("a check of readiness does not hold", "check", name, "says", says, "error", err)
	}
}

// health says that the process answers, and no more: who starts it anew when it does not
// must not do so because the store is slow.
func (a *api) health(c *fiber.Ctx) error {
	return web.JSON(c, fiber.StatusOK, map[string]bool{"ok": true})
}

// ready says whether the server can serve, check by check.
func (a *api) ready(c *fiber.Ctx) error {
	says, well := a.readiness.ask(c.UserContext())
	status := fiber.StatusOK
	if !well {
		status = fiber.StatusServiceUnavailable
		c.Set(fiber.HeaderRetryAfter, "5")
	}
	return web.JSON(c, status, map[string]any{"ok": well, "checks": says})
}

// checks are those that every server has, before those of the options.
func (a *api) checks() []Check {
	return append([]Check{
		{Name: "serving", Ask: func(context.Context) error {
			if a.server.Leaving() {
				return collections.Errorf(collections.Unavailable, "", "The server is stopping.")
			}
			return nil
		}},
		{Name: "store", Ask: a.engine.Ready},
	}, a.options.Checks...)
}
