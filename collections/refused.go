package collections

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// kindRefused is the kind of the items that keep refused changes. Their keys sort in the
// order in which they were refused.
const kindRefused = "refused"

// keptRefusal is a refused change as it is kept.
type keptRefusal struct {
	At     int64           `json:"at"` // ms since 1970 UTC
	User   string          `json:"user"`
	By     string          `json:"by"` // sign-in name
	Change json.RawMessage `json:"change"`
	Error  json.RawMessage `json:"error"`

	change *crdt.Change
	why    *Error
}

// keepRefused keeps a change that was turned away, so that an editor can see what
// somebody tried, and mend it. One that could not be read, or is over a limit, or is of
// no type, has nothing that anybody could mend: only its device has it.
func (r *round) keepRefused(a Actor, in *incoming, refusal *Error) {
	if in.shape != nil || r.com.e.reg.latest(in.change.Type) == nil {
		return
	}
	c := in.change
	kept := keptRefusal{At: r.now, User: a.User, By: a.Name, Change: crdt.AppendChange(nil, c), Error: refusal.Keep()}
	data, err := json.Marshal(kept)
	if err != nil {
		panic("collections: a refusal is always JSON: " + err.Error())
	}
	kept.change = c
	head := kept.head(fmt.Sprintf("%012x-%s-%014x", r.now, c.Replica, c.N), len(data))
	r.refused[head.id] = &kept
	r.item(Item{Kind: kindRefused, Key: head.id, Data: data})
	r.then(func() { r.com.e.refused.add(head) })
}

// head is what memory has of a refusal that is kept under an id.
func (k *keptRefusal) head(id string, bytes int) refusedHead {
	return refusedHead{id: id, user: k.User, Key: Key{k.change.Type, k.change.Doc}, bytes: bytes}
}

// readRefusal reads what keepRefused kept.
func readRefusal(item *Item) (*keptRefusal, error) {
	kept := &keptRefusal{}
	err := json.Unmarshal(item.Data, kept)
	if err == nil {
		err = json.Unmarshal(kept.Error, &kept.why)
	}
	if err == nil {
		kept.change, err = crdt.ParseChange(kept.Change, wholeText(kept.Change))
	}
	if err != nil {
		return nil, fmt.Errorf("collections: reading the refused change %s: %w", item.Key, err)
	}
	return kept, nil
}

// refused knows which refused changes are kept, sorted by id, which is about the order in
// which they were refused, and lets go of the oldest where they are too many.
type refused struct {
	mu    sync.Mutex
	heads []refusedHead
	docs  map[Key]int // how many there are of each document
	bytes int
	taken map[string]bool // ids that somebody is just applying or dismissing

	drop func(ids []string) // takes items away, some time soon
}

// refusedHead is what memory has of one.
type refusedHead struct {
	Key      // of the document
	id, user string
	bytes    int
}

// loadRefused reads which are kept.
func (e *Engine) loadRefused(ctx context.Context) error {
	e.refused = &refused{docs: map[Key]int{}, taken: map[string]bool{}, drop: e.dropRefused}
	return eachItem(ctx, e.store, kindRefused, func(item Item) error {
		kept, err := readRefusal(&item)
		if err != nil {
			return err
		}
		e.refused.add(kept.head(item.Key, len(item.Data)))
		return nil
	})
}

// dropRefused takes items away in the background: nobody waits for it. What a stop of
// the server leaves is found to be too many again at the next start.
func (e *Engine) dropRefused(ids []string) {
	e.chores.Go(func() {
		for _, id := range ids {
			if err := e.store.DeleteItem(context.Background(), kindRefused, id); err != nil {
				e.log.Error("letting go of an old refused change failed; the next start does it", "error", err)
				return
			}
		}
	})
}

// add notes one more.
func (s *refused) add(head refusedHead) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, known := slices.BinarySearchFunc(s.heads, head.id, func(h refusedHead, id string) int { return strings.Compare(h.id, id) })
	if known {
		return
	}
	s.heads = slices.Insert(s.heads, at, head)
	s.bytes += head.bytes
	s.docs[head.Key]++
	var gone []string
	for s.tooMany(head.user) {
		i := 0
		if s.count(head.user) > MaxRefusalsEach {
			i = slices.IndexFunc(s.heads, func(h refusedHead) bool { return h.user == head.user })
		}
		gone = append(gone, s.heads[i].id)
		s.remove(i)
	}
	if gone != nil {
		s.drop(gone)
	}
}

// tooMany reports whether more are kept than there may be; s.mu is held.
func (s *refused) tooMany(user string) bool {
	return len(s.heads) > MaxRefusals || s.bytes > MaxRefusalBytes || s.count(user) > MaxRefusalsEach
}

func (s *refused) count(user string) (n int) {
	for _, head := range s.heads {
		if head.user == user {
			n++
		}
	}
	return n
}

func (s *refused) remove(i int) {
	s.bytes -= s.heads[i].bytes
	if s.docs[s.heads[i].Key]--; s.docs[s.heads[i].Key] == 0 {
		delete(s.docs, s.heads[i].Key)
	}
	s.heads = slices.Delete(s.heads, i, i+1)
}

// list gives those of a type, "" for all, newest first, from the one after an id on; ""
// is the start. The caller owns it.
func (s *refused) list(typ, after string) []refusedHead {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []refusedHead
	for _, head := range slices.Backward(s.heads) {
		if (typ == "" || head.Type == typ) && (after == "" || strings.Compare(head.id, after) < 0) {
			found = append(found, head)
		}
	}
	return found
}

// of lists the ids of those of a document.
func (s *refused) of(key Key) (ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.docs[key] == 0 {
		return nil
	}
	for _, head := range s.heads {
		if head.Key == key {
			ids = append(ids, head.id)
		}
	}
	return ids
}

// find gives one.
func (s *refused) find(id string) (refusedHead, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.heads, func(h refusedHead) bool { return h.id == id })
	if i < 0 {
		return refusedHead{}, false
	}
	return s.heads[i], true
}

// take lets one caller at a time have one to themselves: nothing is applied twice.
func (s *refused) take(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken[id] || !slices.ContainsFunc(s.heads, func(h refusedHead) bool { return h.id == id }) {
		return false
	}
	s.taken[id] = true
	return true
}

// give ends what take began; done says that it is not to be kept any more.
func (s *refused) give(id string, done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.taken, id)
	if i := slices.IndexFunc(s.heads, func(h refusedHead) bool { return h.id == id }); done && i >= 0 {
		s.remove(i)
	}
}

// has reports whether one is known.
func (s *refused) has(id string) bool {
	_, known := s.find(id)
	return known
}

// hearEvery is how often refusals that other servers keep are looked for.
const hearEvery = 2 * time.Second

// hearRefusals brings in what other servers keep, and lets go of what they settled, until
// ctx ends.
func (e *Engine) hearRefusals(ctx context.Context) {
	tick := time.NewTicker(hearEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := e.hearRefusalsOnce(ctx); err != nil && ctx.Err() == nil {
			e.log.Warn("looking for refused changes that other servers keep failed; it is tried again", "error", err)
		}
	}
}

// hearRefusalsOnce reads which are kept. There are a thousand at most.
func (e *Engine) hearRefusalsOnce(ctx context.Context) error {
	known := e.refused.list("", "") // before the store is read: what comes meanwhile is not gone
	kept := map[string]bool{}
	err := eachItem(ctx, e.store, kindRefused, func(item Item) error {
		kept[item.Key] = true
		if e.refused.has(item.Key) {
			return nil
		}
		refusal, err := readRefusal(&item)
		if err != nil {
			return err
		}
		e.refused.add(refusal.head(item.Key, len(item.Data)))
		return nil
	})
	if err != nil {
		return err
	}
	for _, head := range known {
		if !kept[head.id] {
			e.refused.give(head.id, true)
		}
	}
	return nil
}
