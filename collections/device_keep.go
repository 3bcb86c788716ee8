package collections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// devices holds what syncs told about devices until it is written: however often one
// syncs, it costs one write a minute. A crash loses what the last minute told, which the
// next sync tells again.
type devices struct {
	mu      sync.Mutex
	waiting map[string]map[string]*Device // by account and key; each is read only
}

// writeDevicesEvery is how often what is known of devices is written.
const writeDevicesEvery = time.Minute

// deviceLife is how long a copy that is not heard of is remembered.
const deviceLife = 400 * 24 * time.Hour

// note takes down that a device has synced. Copies beyond what is remembered of a person
// are not taken down until the others are written.
func (s *devices) note(d *Device) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == nil {
		s.waiting = map[string]map[string]*Device{}
	}
	mine := s.waiting[d.User]
	if mine == nil {
		mine = map[string]*Device{}
		s.waiting[d.User] = mine
	}
	key := deviceKey(d.User, d.Replica)
	if before := mine[key]; before != nil {
		d.First = before.First
	} else if len(mine) == maxDevices {
		return
	}
	mine[key] = d
}

// unwritten gives copies of what waits, by key.
func (s *devices) unwritten() map[string]*Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]*Device{}
	for _, mine := range s.waiting {
		for key, d := range mine {
			copied := *d
			all[key] = &copied
		}
	}
	return all
}

// written lets go of a device, unless more was told of it meanwhile.
func (s *devices) written(key string, d *Device) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if mine := s.waiting[d.User]; mine[key] == d {
		delete(mine, key)
		if len(mine) == 0 {
			delete(s.waiting, d.User)
		}
	}
}

// ofEach gives what waits, by account and key.
func (s *devices) ofEach() map[string]map[string]*Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]map[string]*Device{}
	for user, mine := range s.waiting {
		all[user] = maps.Clone(mine)
	}
	return all
}

func (s *devices) drop(user, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting[user], key)
}

// noteDevice takes down a sync that went well: who asked, and what the device has now.
func (e *Engine) noteDevice(a Actor, r *SyncRequest, answer *SyncResponse, given map[string]int) {
	if r.Replica == 0 || a.User == "" {
		return
	}
	d := &Device{
		Replica: r.Replica, User: a.User, Name: a.Name, Credential: r.Credential, Label: clipText(r.Label), Enrolled: r.Enrolled,
		First: answer.Now, Seen: answer.Now, Given: maps.Clone(given),
	}
	if r.Device != nil {
		d.Reported, d.Report = true, r.Device.bounded()
		// What was sent and got no answer still waits.
		d.Report.Unsent += len(r.Changes) - len(answer.Results)
	}
	e.devices.note(d)
}

// keepDevices writes what is known of devices now and then, and once more at the end.
func (e *Engine) keepDevices(ctx context.Context) {
	tick := time.NewTicker(writeDevicesEvery)
	defer tick.Stop()
	for {
		last := false
		select {
		case <-ctx.Done():
			last = true
		case <-tick.C:
		}
		if err := e.writeDevices(context.WithoutCancel(ctx)); err != nil {
			e.log.Error("what devices told about themselves was not kept; they tell it again", "error", err)
		}
		if last {
			return
		}
	}
}

// writeDevices writes what waits.
func (e *Engine) writeDevices(ctx context.Context) error {
	waiting := e.devices.ofEach()
	var errs []error
	for _, user := range slices.Sorted(maps.Keys(waiting)) {
		errs = append(errs, e.writeDevicesOf(ctx, user, waiting[user]))
	}
	return errors.Join(errs...)
}

// writeDevicesOf writes the devices of one person, and drops those that are too many, too
// old, or gone: an enrolled device has one copy, and a new one takes the place of the old.
func (e *Engine) writeDevicesOf(ctx context.Context, user string, waiting map[string]*Device) error {
	known, err := e.devicesOf(ctx, user)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(waiting)) {
		d := *waiting[key]
		item := Item{Kind: kindDevice, Key: key}
		if old := known[key]; old != nil {
			d.First, item.Rev = old.First, old.rev
		}
		if item.Data, err = json.Marshal(&d); err != nil {
			return fmt.Errorf("collections: device %s: %w", key, err)
		}
		// Another server wrote it just now: what that knows is as good.
		if err := e.store.PutItem(ctx, item); err != nil && !errors.Is(err, ErrStale) {
			return fmt.Errorf("collections: keeping device %s: %w", key, err)
		}
		known[key] = &keptDevice{Device: &d}
		e.devices.written(key, waiting[key])
	}
	for _, key := range pastDevices(known, e.now().UnixMilli()) {
		if err := e.store.DeleteItem(ctx, kindDevice, key); err != nil {
			return fmt.Errorf("collections: dropping device %s: %w", key, err)
		}
	}
	return nil
}

// keptDevice is a device as it is stored.
type keptDevice struct {
	*Device
	rev uint64
}

// devicesOf reads what is kept of one person's devices.
func (e *Engine) devicesOf(ctx context.Context, user string) (map[string]*keptDevice, error) {
	known := map[string]*keptDevice{}
	prefix := user + "/"
	for after := prefix; ; {
		items, err := e.store.Items(ctx, kindDevice, after, maxDevices)
		if err != nil {
			return nil, fmt.Errorf("collections: reading devices: %w", err)
		}
		for _, item := range items {
			if !strings.HasPrefix(item.Key, prefix) {
				return known, nil
			}
			d, err := deviceOfItem(item)
			if err != nil {
				return nil, err
			}
			known[item.Key] = &keptDevice{Device: d, rev: item.Rev}
			after = item.Key
		}
		if len(items) < maxDevices {
			return known, nil
		}
	}
}

// pastDevices names the devices of one person that are not to be remembered any more.
func pastDevices(known map[string]*keptDevice, now int64) (past []string) {
	keys := slices.SortedFunc(maps.Keys(known), func(a, b string) int { return int(known[b].Seen - known[a].Seen) })
	holders := map[string]bool{}
	kept := 0
	for _, key := range keys {
		d := known[key]
		replaced := d.Enrolled && holders[d.Credential]
		if replaced || kept == maxDevices || now-d.Seen > deviceLife.Milliseconds() {
			past = append(past, key)
			continue
		}
		holders[d.Credential] = true
		kept++
	}
	return past
}
