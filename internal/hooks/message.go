package hooks

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// timeLayout is RFC 3339 with milliseconds.
const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// Message is what is sent, as JSON.
type Message struct {
	ID   string `json:"id"`        // the same in each attempt; also in the header webhook-id
	Type string `json:"type"`      // record.created, record.changed, …, test
	Time string `json:"timestamp"` // when it happened, RFC 3339
	Data any    `json:"data"`
}

// Data is what a message about a record holds.
type Data struct {
	Type    string         `json:"type"`
	ID      string         `json:"id"`
	Version int            `json:"version"` // of the type
	Value   map[string]any `json:"value"`   // the record after the change
	Deleted bool           `json:"deleted,omitempty"`
	By      string         `json:"by"`
	Number  uint64         `json:"number"` // place in the server's log: later changes have larger ones
	Changes []Change       `json:"changes,omitempty"`
}

// Change is what happened to one field.
type Change struct {
	Field  string `json:"field"`
	Label  string `json:"label"`
	Did    string `json:"did"`  // set, removed, added, …
	Text   string `json:"text"` // a sentence
	Before any    `json:"before,omitempty"`
	After  any    `json:"after,omitempty"`
	Lost   bool   `json:"lost,omitempty"` // a newer value was there, and stays
}

// testData is what a test message holds.
type testData struct {
	Message string `json:"message"`
}

// queued is a message on its way, with what the log of deliveries says of it.
type queued struct {
	id, kind string
	typ, doc string
	before   string // cursor right before the change
	body     []byte
}

// messages gives those that a hook gets for one change: none, one, or, where the record
// came to need attention, one more.
func (h *Hook) messages(f *collections.Followed, before string, now int64) ([]queued, error) {
	if h.Where != nil && !h.Where.Resolve(schema.Vars{Me: h.By, Now: now}).Match(f.Value) {
		return nil, nil
	}
	var list []queued
	for _, e := range []struct {
		event Event
		is    bool
		mark  string
	}{{Event(f.Did), true, ""}, {Attention, f.Alarm, "_attention"}} {
		if !e.is || !h.wants(e.event) {
			continue
		}
		m := Message{
			ID: fmt.Sprintf("evt_%s_%s%s", f.Epoch, placeOf(f), e.mark), Type: "record." + string(e.event),
			Time: time.UnixMilli(f.At).UTC().Format(timeLayout), Data: dataOf(f),
		}
		body, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("hooks: message %s: %w", m.ID, err)
		}
		list = append(list, queued{id: m.ID, kind: m.Type, typ: f.Type, doc: f.ID, before: before, body: body})
	}
	return list, nil
}

func dataOf(f *collections.Followed) Data {
	d := Data{Type: f.Type, ID: f.ID, Version: f.Version, Value: f.Value, Deleted: f.Deleted, By: f.By, Number: f.N}
	for _, e := range f.Fields {
		d.Changes = append(d.Changes, Change{e.Field, e.Label, e.Did, e.Text.String(), e.Before, e.After, e.Lost})
	}
	return d
}

// placeOf names a change's place in the log: its number, with the stream before it where
// several servers write.
func placeOf(f *collections.Followed) string {
	if f.Stream == "main" {
		return strconv.FormatUint(f.N, 10)
	}
	return fmt.Sprintf("%s_%d", f.Stream, f.N)
}
