package collections

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/fieldstack/fieldstack/schema"
)

// Told is what a live reader is told in one go: the answer of a pull. Its bytes may be
// shared with other readers and are read only.
type Told struct {
	Cursor string // the place after it
	More   bool   // there is more already
	First  int64  // when the first of what it tells was accepted, ms since 1970 UTC; 0: it tells of no change

	head, tail []byte // the answer's JSON before its cursor and behind it; nil: nothing in it for this reader
}

// Empty reports whether there is nothing in it but that the cursor moved on.
func (t *Told) Empty() bool { return t.head == nil }

// AppendJSON appends the answer as JSON.
func (t *Told) AppendJSON(to []byte) []byte {
	return append(append(append(to, t.head...), t.Cursor...), t.tail...)
}

// Tell is Pull for live readers, of whom many wait at the same place for the same: of
// those who see the same of the same types, one reads and writes down what happened, and
// the others take that. Who sees what is worked out for each, each time.
func (e *Engine) Tell(ctx context.Context, a Actor, cursor string, subscribe []Subscription) (*Told, error) {
	p, err := e.pulling(ctx, a, cursor, subscribe, 0)
	if err != nil {
		return nil, err
	}
	if p.at.Whole != nil || p.overtaken() {
		return p.tellAlone(ctx)
	}
	name, err := p.shareName()
	if err != nil {
		return nil, err
	}
	page, mine := e.shared.enter(name)
	if mine {
		// The others wait for it, so it is made to its end, whatever becomes of who asked.
		e.shared.make(name, page, func() { p.fill(context.WithoutCancel(ctx), page) })
	}
	select {
	case <-page.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	switch {
	case page.err != nil:
		return nil, page.err
	case mine || page.alone:
		if page.alone && !mine {
			return p.tellAlone(ctx)
		}
		return &page.told, nil
	}
	told := page.told
	p.at.Position, p.at.Types = maps.Clone(page.position), maps.Clone(page.types)
	told.Cursor = p.at.String()
	return &told, nil
}

// tellAlone makes an answer that is for nobody else.
func (p *pulling) tellAlone(ctx context.Context) (*Told, error) {
	answer, err := p.pull(ctx)
	if err != nil {
		return nil, err
	}
	return answer.told()
}

// told is the answer as it is told, in two pieces around its cursor.
func (r *SyncResponse) told() (*Told, error) {
	t := &Told{Cursor: r.Cursor, More: r.More}
	if !r.Reset && len(r.Types)+len(r.Changes)+len(r.Documents)+len(r.Forget) == 0 {
		return t, nil
	}
	shown := *r
	shown.Cursor = cursorPlace()
	text, err := shown.AppendJSON(nil)
	if err != nil {
		return nil, err
	}
	head, tail, found := bytes.Cut(text, []byte(shown.Cursor))
	if !found {
		return nil, fmt.Errorf("collections: an answer was written without its cursor")
	}
	t.head, t.tail, t.First = slices.Clip(head), tail, r.first()
	return t, nil
}

// first is when the first of what the answer tells was accepted.
func (r *SyncResponse) first() (first int64) {
	times := slices.Clone(r.At)
	for _, d := range r.Documents {
		times = append(times, d.Updated)
	}
	for _, at := range times {
		if at > 0 && (first == 0 || at < first) {
			first = at
		}
	}
	return first
}

// cursorPlace stands for the cursor where it is not known yet. It is drawn once, so that
// nobody can write it into a document.
var cursorPlace = sync.OnceValue(func() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // it never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
})

// shareName names all that an answer depends on: from where to where it reads, the types
// that the reader has, and what they see of each.
func (p *pulling) shareName() (string, error) {
	type seen struct {
		Type             string
		Shows            *schema.Condition
		Hidden, ReadOnly []string
		Create           bool
	}
	var sights []seen
	for _, name := range p.e.reg.names() {
		if s := p.sight(name); s != nil {
			wire := s.grant.wire()
			sights = append(sights, seen{name, s.shows, s.grant.hiddenKeys(), wire.ReadOnly, wire.Create})
		}
	}
	text, err := json.Marshal([]any{p.at.Position, p.e.feed.position(), p.e.floor.Load().N, p.at.Types, sights})
	if err != nil {
		return "", fmt.Errorf("collections: name an answer: %w", err)
	}
	return string(text), nil
}

// fill makes the page that others wait for.
func (p *pulling) fill(ctx context.Context, page *sharedPage) {
	answer, err := p.pull(ctx)
	if err == nil {
		var told *Told
		if told, err = answer.told(); err == nil {
			page.told = *told
		}
	}
	// The floor may have passed this place meanwhile: then it is the beginning of a whole
	// sync, in which each reader has a place of their own.
	page.err, page.alone = err, p.anew
	page.position, page.types = p.at.Position, p.at.Types
}

// shared are the answers that live readers share while they are new.
type shared struct {
	mu    sync.Mutex
	pages map[string]*sharedPage
	names []string // of pages, oldest first
}

// What is kept of them: answers that are new, and small. A large one is for who waits for
// it already.
const (
	sharedPages = 64
	sharedBytes = 64 << 10
)

// sharedPage is one answer. What is in it is there once done is closed.
type sharedPage struct {
	done     chan struct{}
	err      error
	alone    bool // it is for nobody else
	told     Told
	position Position
	types    map[string]int
}

// enter gives the page of that name; mine says that the caller is to make it, and then
// to call leave.
func (s *shared) enter(name string) (page *sharedPage, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if page = s.pages[name]; page != nil {
		return page, false
	}
	if s.pages == nil {
		s.pages = map[string]*sharedPage{}
	}
	page = &sharedPage{done: make(chan struct{})}
	s.pages[name] = page
	s.names = append(s.names, name)
	if len(s.names) > sharedPages {
		delete(s.pages, s.names[0])
		s.names = slices.Delete(s.names, 0, 1)
	}
	return page, true
}

// make makes a page and gives it to those who wait for it, also where making it panics.
func (s *shared) make(name string, page *sharedPage, fill func()) {
	page.err = errStopping // until it is made
	defer s.leave(name, page)
	fill()
}

// leave gives a page that is made to those who wait for it.
func (s *shared) leave(name string, page *sharedPage) {
	close(page.done)
	if page.err == nil && !page.alone && len(page.told.head)+len(page.told.tail) <= sharedBytes {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages[name] == page {
		delete(s.pages, name)
		s.names = slices.DeleteFunc(s.names, func(n string) bool { return n == name })
	}
}
