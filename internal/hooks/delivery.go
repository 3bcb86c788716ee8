package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// Delivery is one attempt to send a message, as people read of it.
type Delivery struct {
	Place   string `json:"place"` // names it among those of its hook
	At      int64  `json:"at"`    // ms since 1970 UTC
	Message string `json:"message"`
	Kind    string `json:"kind"` // as the message's type, or "gap": changes were passed over
	Type    string `json:"type,omitempty"`
	Record  string `json:"record,omitempty"`
	Attempt int    `json:"attempt"` // counts from 1; 0: by hand
	OK      bool   `json:"ok"`
	Status  int    `json:"status,omitempty"` // of the answer; 0: there was none
	Took    int64  `json:"took"`             // ms
	Fault   string `json:"fault,omitempty"`  // a sentence
	Answer  string `json:"answer,omitempty"` // its beginning
	Next    int64  `json:"next,omitempty"`   // when it is tried again, ms since 1970 UTC
	Before  string `json:"before,omitempty"` // cursor right before the change
}

// The kinds of deliveries that are about no record.
const (
	kindGap  = "gap"
	kindTest = "test"
)

// keptDeliveries is how many deliveries of a hook are kept, about.
const keptDeliveries = 200

// maxBatch is how many deliveries one item holds.
const maxBatch = 20

func deliveryOf(m *queued, a attempt, n int, next int64) Delivery {
	return Delivery{
		At: a.at.UnixMilli(), Message: m.id, Kind: m.kind, Type: m.typ, Record: m.doc, Attempt: n, Before: m.before,
		OK: a.ok, Status: a.status, Took: a.took.Milliseconds(), Fault: a.fault, Answer: a.answer, Next: next,
	}
}

// note puts a delivery where the next save finds it. Of very many in a second, the last
// are kept.
func (w *worker) note(d Delivery) {
	if d.At == 0 {
		d.At = w.s.millis()
	}
	if len(w.news) == keptDeliveries {
		w.news = w.news[:copy(w.news, w.news[1:])]
	}
	w.news = append(w.news, d)
}

// writeDeliveries puts a worker's new deliveries into the log, and cuts that now and then.
func (s *Service) writeDeliveries(ctx context.Context, w *worker) error {
	for len(w.news) > 0 {
		batch := w.news[:min(maxBatch, len(w.news))]
		if err := s.writeBatch(ctx, w.id, batch); err != nil {
			return err
		}
		w.unpruned += len(batch)
		w.news = w.news[len(batch):]
	}
	w.news = nil
	if w.unpruned < maxBatch {
		return nil
	}
	w.unpruned = 0
	return s.prune(ctx, w.id, keptDeliveries)
}

// writeBatch keeps deliveries, oldest first, as one item. Keys count down, so that the
// newest come first.
func (s *Service) writeBatch(ctx context.Context, hook string, batch []Delivery) error {
	random, err := s.newID()
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%s/%013x-%s", hook, 1<<50-batch[len(batch)-1].At, random)
	newest := slices.Clone(batch)
	slices.Reverse(newest)
	for i := range newest {
		newest[i].Place = fmt.Sprintf("%s.%d", key[len(hook)+1:], i)
	}
	return s.save(ctx, kindDelivery, key, 0, newest)
}

// prune removes the deliveries of a hook but for the newest.
func (s *Service) prune(ctx context.Context, hook string, keep int) error {
	n := 0
	return s.eachBatch(ctx, hook, func(key string, batch []Delivery) (bool, error) {
		if n >= keep {
			return true, s.Items.DeleteItem(ctx, kindDelivery, key)
		}
		n += len(batch)
		return true, nil
	})
}

// eachBatch calls do for the items of a hook's deliveries, newest first, until it says no.
func (s *Service) eachBatch(ctx context.Context, hook string, do func(key string, batch []Delivery) (more bool, err error)) error {
	const page = 100
	for after := hook + "/"; ; {
		items, err := s.Items.Items(ctx, kindDelivery, after, page)
		if err != nil {
			return fmt.Errorf("hooks: list deliveries: %w", err)
		}
		for _, item := range items {
			if !strings.HasPrefix(item.Key, hook+"/") {
				return nil
			}
			var batch []Delivery
			if err := json.Unmarshal(item.Data, &batch); err != nil {
				return fmt.Errorf("hooks: read deliveries: %w", err)
			}
			if more, err := do(item.Key, batch); err != nil || !more {
				return err
			}
			after = item.Key
		}
		if len(items) < page {
			return nil
		}
	}
}

// Deliveries lists a hook's deliveries, newest first: the last couple of hundred.
func (s *Service) Deliveries(ctx context.Context, a collections.Actor, id string) ([]*Delivery, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	var list []*Delivery
	err := s.eachBatch(ctx, id, func(_ string, batch []Delivery) (bool, error) {
		for i := range batch {
			list = append(list, &batch[i])
		}
		return true, nil
	})
	slices.SortStableFunc(list, func(a, b *Delivery) int { return int(b.At - a.At) })
	return list[:min(len(list), keptDeliveries)], err
}

// Delivery finds one of a hook's deliveries; NotFound.
func (s *Service) Delivery(ctx context.Context, a collections.Actor, id, place string) (*Delivery, error) {
	list, err := s.Deliveries(ctx, a, id)
	for _, d := range list {
		if d.Place == place {
			return d, nil
		}
	}
	return nil, errors.Join(err, collections.Errorf(collections.NotFound, "", "This delivery is not kept any more: the newest %d are.", keptDeliveries))
}

// Ping sends a test message now, whether the hook is enabled or not, and gives what came
// of it.
func (s *Service) Ping(ctx context.Context, a collections.Actor, id string) (*Delivery, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	h, _, err := s.hook(ctx, id)
	if err != nil {
		return nil, err
	}
	random, err := s.newID()
	if err != nil {
		return nil, err
	}
	m := Message{ID: "test_" + random, Type: kindTest, Time: s.Now().UTC().Format(timeLayout), Data: testData{"This is a test of the webhook " + h.Name + "."}}
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("hooks: test message: %w", err)
	}
	return s.sendNow(ctx, h, &queued{id: m.ID, kind: kindTest, body: body})
}

// Redeliver sends the message of a delivery again, now, with the same id, and gives what
// came of it. The hook's own order and state stay as they are.
func (s *Service) Redeliver(ctx context.Context, a collections.Actor, id, place string) (*Delivery, error) {
	d, err := s.Delivery(ctx, a, id, place)
	if err != nil {
		return nil, err
	}
	if d.Kind == kindTest {
		return s.Ping(ctx, a, id)
	}
	h, _, err := s.hook(ctx, id)
	if err != nil {
		return nil, err
	}
	m, err := s.again(ctx, a, h, d)
	if err != nil {
		return nil, err
	}
	return s.sendNow(ctx, h, m)
}

// again makes a message anew, out of the log.
func (s *Service) again(ctx context.Context, a collections.Actor, h *stored, d *Delivery) (*queued, error) {
	gone := collections.Errorf(collections.NotFound, "", "The change that this message told of is not in the history any more, so it cannot be sent again.")
	if d.Before == "" {
		return nil, gone
	}
	follower, err := s.Log.Follow(a, d.Before, collections.FollowOptions{Types: []string{d.Type}, Alarms: true})
	if err != nil {
		return nil, err
	}
	list, _, err := follower.Next(ctx, 1)
	if err != nil {
		return nil, err
	}
	everything := *h
	everything.Where, everything.Events = nil, Events()
	for _, change := range list {
		messages, err := everything.messages(change, d.Before, s.millis())
		if err != nil {
			return nil, err
		}
		for i := range messages {
			if messages[i].id == d.Message {
				return &messages[i], nil
			}
		}
	}
	return nil, gone
}

// sendNow sends a message once and notes it.
func (s *Service) sendNow(ctx context.Context, h *stored, m *queued) (*Delivery, error) {
	a := s.sender.send(ctx, h, m)
	if a.ok {
		s.Count(1, 0)
	} else {
		s.Count(0, 1)
	}
	batch := []Delivery{deliveryOf(m, a, 0, 0)}
	if err := s.writeBatch(context.WithoutCancel(ctx), h.ID, batch); err != nil {
		return nil, err
	}
	return &batch[0], nil
}
