package collections

import (
	"context"
	"fmt"
	"strconv"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// pulling is one answer being made: what one reader gets from one place on.
//
// A reader starts with a whole sync: every document it may see, by type and id, page
// by page, while others write. The log is read from where it was when that began, so
// what was written meanwhile, in front of the page or behind it, comes after; what
// comes twice changes nothing.
type pulling struct {
	e     *Engine
	actor Actor
	own   crdt.Replica    // who asks; 0: nobody's device
	sent  map[uint64]bool // numbers of own's changes that this very request brought
	limit int

	knows  Position // in the log, up to which the reader had seen all when making what it has not sent
	unsent bool     // it has such changes

	subscribed map[string]*schema.Condition // by type; nil: all of all types
	audience   string
	given      *cursor // of the request; nil: none
	at         *cursor
	anew       bool // at was made here and now
	sights     map[string]*sight

	bytes   int             // of what is in the answer, roughly
	regrant map[string]bool // types whose rules changed
	answer  *SyncResponse
}

// sight is what a reader sees of a type.
type sight struct {
	grant *Grant
	shows *schema.Condition // see, and what is subscribed to
	// watched are the top-level fields that shows looks at. Nil: it shows everything.
	watched map[string]bool
	watch   string // names watched
}

// pulling reads a request. Its order is the protocol's: a cursor of another history,
// another audience or a place that is not there yet starts a whole sync, and only one
// that is none at all is an error.
func (e *Engine) pulling(ctx context.Context, a Actor, text string, subscribe []Subscription, limit int) (*pulling, error) {
	at, err := parseCursor(text)
	if err != nil {
		return nil, err
	}
	if limit < 0 || limit > MaxPull {
		return nil, Errorf(Invalid, "limit", "An answer holds 1 to %d documents and changes, not %d.", MaxPull, limit)
	}
	if limit == 0 {
		limit = usualPull
	}
	if at != nil && at.Epoch == e.epoch && e.several() {
		if err := e.tail.reach(ctx, at.Position); err != nil {
			return nil, err
		}
	}
	p := &pulling{e: e, actor: a, limit: limit, at: at, sights: map[string]*sight{}, regrant: map[string]bool{}}
	if err := p.subscribe(subscribe); err != nil {
		return nil, err
	}
	if at != nil {
		given := *at
		p.given = &given
	}
	p.audience = e.audience(a, subscribe)
	if at == nil || at.Epoch != e.epoch || at.Audience != p.audience || at.Position.after(e.feed.position()) {
		p.begin()
	}
	return p, nil
}

// begin starts a whole sync.
func (p *pulling) begin() {
	p.anew = true
	p.at = &cursor{Epoch: p.e.epoch, Audience: p.audience, Position: p.e.feed.position(), Whole: &wholePlace{}}
}

// overtaken reports whether the floor has passed where the reader is in this history.
func (p *pulling) overtaken() bool {
	return p.given != nil && p.given.Epoch == p.e.epoch && p.given.Position[mainStream] < p.e.floor.Load().N
}

// outdated tells the reader that it was away for too long, if it was.
func (p *pulling) outdated() *Outdated {
	if !p.overtaken() && (!p.unsent || p.knows[mainStream] >= p.e.floor.Load().N) {
		return nil
	}
	return p.e.outdated()
}

// subscribe reads what the reader wants.
func (p *pulling) subscribe(subscribe []Subscription) error {
	if len(subscribe) > MaxSubscriptions {
		return Errorf(TooLarge, "subscribe", "A device subscribes to at most %d types.", MaxSubscriptions)
	}
	if subscribe == nil {
		return nil
	}
	p.subscribed = map[string]*schema.Condition{}
	vars := schema.Vars{Me: p.actor.Name, Now: p.e.now().UnixMilli()}
	for i, s := range subscribe {
		if p.subscribed[s.Type] != nil {
			return Errorf(Invalid, pointer([]string{"subscribe", strconv.Itoa(i)}), "%s is subscribed to twice: join the conditions with any.", s.Type)
		}
		p.subscribed[s.Type] = always()
		grant, err := p.e.grant(p.actor, s.Type)
		if err != nil {
			continue // there may be such a type tomorrow
		}
		t, err := p.e.reg.view(p.e.reg.latest(s.Type), grant.Hidden)
		if err != nil {
			return err
		}
		where, err := checkWhere(s.Where, t, grant)
		if err != nil {
			return err
		}
		p.subscribed[s.Type] = where.Resolve(vars)
	}
	return nil
}

// sight gives what the reader sees of a type; nil: nothing.
func (p *pulling) sight(typ string) *sight {
	if s, known := p.sights[typ]; known {
		return s
	}
	p.sights[typ] = nil
	wanted := always()
	if p.subscribed != nil {
		wanted = p.subscribed[typ]
	}
	grant, err := p.e.grant(p.actor, typ)
	if wanted == nil || err != nil {
		return nil
	}
	shows := both(grant.See, wanted)
	s := &sight{grant: grant, shows: shows}
	if shows.Op != "true" {
		s.watched = map[string]bool{}
		watch(shows, s.watched)
		s.watch = watchName(s.watched)
	}
	p.sights[typ] = s
	return s
}

// watch collects the top-level fields that a condition looks at.
func watch(c *schema.Condition, fields map[string]bool) {
	if len(c.Field) > 0 {
		fields[c.Field[0]] = true
	}
	for _, sub := range c.Subs {
		watch(sub, fields)
	}
}

// pull makes the answer. The floor may pass the reader while that is made: then what was
// read is worth nothing, and it begins anew.
//
// Only a few are made at once, because each takes a processor and memory for what it
// holds: the others wait, which costs them nothing that more of them at once would save.
func (p *pulling) pull(ctx context.Context) (*SyncResponse, error) {
	select {
	case p.e.pulls <- struct{}{}:
		defer func() { <-p.e.pulls }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	answer, err := p.read(ctx)
	if !p.anew && p.overtaken() {
		p.begin()
		answer, err = p.read(ctx)
	}
	if err != nil {
		return nil, err
	}
	answer.Outdated = p.outdated()
	return answer, nil
}

// read makes an answer of what is there now.
func (p *pulling) read(ctx context.Context) (*SyncResponse, error) {
	p.bytes = 0
	p.answer = &SyncResponse{
		Results: []Result{}, Types: []TypeWire{}, Changes: []*ChangeWire{}, Documents: []*DocumentWire{}, Forget: []Key{},
		Reset: p.anew, Now: p.e.now().UnixMilli(), Epoch: p.e.epoch,
	}
	// Before the log is looked at: what was restored in time is then in what is read.
	if floor := p.e.floor.Load(); floor.Done == floor.N {
		p.answer.Emptied = floor.At
	}
	part := p.changes
	if p.at.Whole != nil {
		part = p.whole
	}
	more, err := part(ctx)
	if err != nil {
		return nil, err
	}
	// After the documents: no version they were written under is missing from these.
	if err := p.types(); err != nil {
		return nil, err
	}
	p.answer.Cursor, p.answer.More = p.at.String(), more
	return p.answer, nil
}

// types sends the types that the reader does not have as they are now.
func (p *pulling) types() error {
	had := p.at.Types
	p.at.Types = map[string]int{}
	for _, name := range p.e.reg.names() {
		s := p.sight(name)
		if s == nil {
			continue
		}
		t := p.e.reg.latest(name)
		if had[name] != t.Version || p.regrant[name] {
			wire, err := p.e.wireType(t, s.grant)
			if err != nil {
				return err
			}
			p.answer.Types = append(p.answer.Types, wire)
		}
		p.at.Types[name] = t.Version
	}
	return nil
}

// full reports whether the answer should end here.
func (p *pulling) full() bool {
	return len(p.answer.Documents)+len(p.answer.Changes) >= p.limit || p.bytes >= pullBytes
}

// sendDocument sends a whole document.
func (p *pulling) sendDocument(record *Record, s *sight) error {
	wire := &DocumentWire{
		Type: record.Type, ID: record.ID, Value: record.Value, Meta: record.Meta, Deleted: record.Deleted,
		Created: record.Created, CreatedBy: record.CreatedBy, Updated: record.Updated, UpdatedBy: record.UpdatedBy,
	}
	if len(s.grant.Hidden) > 0 {
		doc, err := crdt.Decode(record.Value, record.Meta)
		if err != nil {
			return fmt.Errorf("collections: document %s/%s is damaged: %w", record.Type, record.ID, err)
		}
		wire.Value, wire.Meta = doc.Without(s.grant.hiddenKeys()...).Encode()
	}
	p.answer.Documents = append(p.answer.Documents, wire)
	p.bytes += wireSize(wire.Value, wire.Meta)
	return nil
}
