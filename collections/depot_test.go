package collections_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// orderSchema is a work order: every strategy that people meet.
const orderSchema = `{
	"type": "object", "title": "Work order", "additionalProperties": false,
	"required": ["title"],
	"properties": {
		"title":    {"type": "string", "title": "Title", "maxLength": 40},
		"status":   {"title": "Status", "enum": ["open", "in_progress", "done"]},
		"assignee": {"type": "string", "title": "Assignee"},
		"notes":    {"type": "string", "title": "Notes", "contentMediaType": "text/plain"},
		"hours":    {"type": "number", "title": "Hours", "x-merge": "counter"},
		"reading":  {"type": "number", "title": "Reading", "x-merge": "max"},
		"tags":     {"type": "array", "title": "Tags", "uniqueItems": true, "items": {"type": "string"}},
		"parts":    {"type": "array", "title": "Parts", "items": {"type": "object", "properties": {
			"name": {"type": "string"}, "qty": {"type": "integer"}}}},
		"secret":   {"type": "string", "title": "Secret"}
	}
}`

// depot is a server with a clock that a test sets.
type depot struct {
	*testing.T
	*collections.Engine
	store    collections.Store
	keep     time.Duration // how long history is kept
	observer collections.Observer
	millis   *atomic.Int64 // the server's clock, ms since 1970 UTC
}

// openDepot opens an engine on an empty in-memory store, with orderSchema published as
// "order".
func openDepot(t *testing.T) *depot {
	t.Helper()
	d := openDepotOn(t, storetest.Memory())
	d.publish("order", orderSchema)
	return d
}

// openDepotOn opens an engine on a store.
func openDepotOn(t *testing.T, store collections.Store) *depot {
	t.Helper()
	return openDepotKeeping(t, store, 0)
}

// openDepotKeeping opens an engine that keeps history for so long.
func openDepotKeeping(t *testing.T, store collections.Store, keep time.Duration) *depot {
	t.Helper()
	d := &depot{T: t, store: store, keep: keep, millis: &atomic.Int64{}}
	d.millis.Store(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC).UnixMilli())
	d.open()
	t.Cleanup(func() { _ = d.Engine.Close(context.Background()) })
	return d
}

// open opens an engine on the depot's store, as a restart of the server does.
func (d *depot) open() {
	d.Helper()
	e, err := collections.Open(context.Background(), collections.Config{
		Store:  d.store,
		Now:    func() time.Time { return time.UnixMilli(d.millis.Load()) },
		Random: rand.NewChaCha8([32]byte{9}),

		KeepHistory: d.keep, Observer: d.observer,
	})
	if err != nil {
		d.Fatalf("open: %v", err)
	}
	d.Engine = e
}

// publish makes a schema the next version of a type.
func (d *depot) publish(name, text string) {
	d.Helper()
	draft := collections.Draft{Name: name, Schema: json.RawMessage(text)}
	if old, err := d.Draft(d.Context(), dana, name); err == nil {
		draft.Rev = old.Rev
	}
	if _, err := d.SaveDraft(d.Context(), dana, draft); err != nil {
		d.Fatalf("save draft %s: %v", name, err)
	}
	if _, _, err := d.Publish(d.Context(), dana, name, nil); err != nil {
		d.Fatalf("publish %s: %v", name, err)
	}
}

// rule sets a type's rules from JSON.
func (d *depot) rule(name, text string) {
	d.Helper()
	rules, err := collections.ParseRules([]byte(text))
	if err == nil {
		err = d.SetRules(d.Context(), dana, name, rules)
	}
	if err != nil {
		d.Fatalf("rules of %s: %v", name, err)
	}
}

// create makes an order over REST and gives its id.
func (d *depot) create(a collections.Actor, typ, value string) string {
	d.Helper()
	doc, err := d.Create(d.Context(), a, typ, "", object(d, value))
	if err != nil {
		d.Fatalf("create %s %s: %v", typ, value, err)
	}
	return doc.ID
}

// patch changes a document over REST.
func (d *depot) patch(a collections.Actor, typ, id, patch string) *collections.Document {
	d.Helper()
	doc, err := d.Patch(d.Context(), a, typ, id, object(d, patch))
	if err != nil {
		d.Fatalf("patch %s %s: %v", typ, patch, err)
	}
	return doc
}

// document is what the server has stored.
func (d *depot) document(typ, id string) *crdt.Document {
	d.Helper()
	record, err := d.store.Record(d.Context(), typ, id)
	if err != nil {
		d.Fatalf("record %s/%s: %v", typ, id, err)
	}
	doc, err := crdt.Decode(record.Value, record.Meta)
	if err != nil {
		d.Fatalf("record %s/%s: %v", typ, id, err)
	}
	return doc
}

// problems are what the record of a document lists, as "rule path".
func (d *depot) problems(typ, id string) string {
	d.Helper()
	record, err := d.store.Record(d.Context(), typ, id)
	if err != nil {
		d.Fatalf("record %s/%s: %v", typ, id, err)
	}
	var list []string
	for _, p := range record.Problems {
		list = append(list, p.Rule+" "+p.Path)
	}
	if record.Attention != (len(list) > 0) {
		d.Fatalf("%s/%s has problems %q and Attention %v", typ, id, list, record.Attention)
	}
	return strings.Join(list, ", ")
}

// log reads the whole log, from where it begins: each entry after those of other streams
// that it builds on.
func (d *depot) log() []collections.Entry {
	d.Helper()
	head, err := d.store.Head(d.Context())
	if err != nil {
		d.Fatalf("head: %v", err)
	}
	streams := map[string][]collections.Entry{}
	for stream := range head {
		streams[stream] = d.stream(stream)
	}
	var all []collections.Entry
	at := collections.Position{}
	for moved := true; moved; {
		moved = false
		for stream, rest := range streams {
			for len(rest) > 0 && reached(at, rest[0].After) {
				all, at[stream], rest, moved = append(all, rest[0]), rest[0].N, rest[1:], true
			}
			streams[stream] = rest
		}
	}
	for stream, rest := range streams {
		if len(rest) > 0 {
			d.Fatalf("entry %v of %s builds on what is not there: %v", rest[0].Place, stream, rest[0].After)
		}
	}
	return all
}

func reached(at, after collections.Position) bool {
	for stream, n := range after {
		if at[stream] < n {
			return false
		}
	}
	return true
}

// stream reads one stream of the log, from where it begins.
func (d *depot) stream(name string) []collections.Entry {
	d.Helper()
	var all []collections.Entry
	floor, err := d.store.Floor(d.Context())
	if err != nil {
		d.Fatalf("floor: %v", err)
	}
	for at := floor[name]; ; {
		page, err := d.store.Log(d.Context(), name, at, 1000)
		if err != nil {
			d.Fatalf("log: %v", err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		at = all[len(all)-1].N
	}
}

// records reads all documents of a type.
func (d *depot) records(typ string) []*collections.Record {
	d.Helper()
	var all []*collections.Record
	q := &collections.Query{Type: typ, State: collections.Any, Limit: 1000}
	for {
		page, err := d.store.Find(d.Context(), q)
		if err != nil {
			d.Fatalf("find %s: %v", typ, err)
		}
		all = append(all, page...)
		if len(page) < q.Limit {
			return all
		}
		q.After = &collections.PageKey{ID: page[len(page)-1].ID}
	}
}

// dump is everything the store has, but for receipts and for where replicas are.
func (d *depot) dump(types ...string) string {
	d.Helper()
	var b strings.Builder
	for _, entry := range d.log() {
		fmt.Fprintf(&b, "%s/%d %s %s %s %d %d", entry.Stream, entry.N, entry.Kind, entry.By, entry.Type, entry.Version, entry.At)
		if entry.Change != nil {
			b.Write(crdt.AppendChange(nil, entry.Change))
		}
		b.WriteByte('\n')
	}
	for _, typ := range types {
		for _, record := range d.records(typ) {
			b.WriteString(asJSON(d, record) + "\n")
		}
	}
	for _, kind := range []string{"type", "draft", "rules", "engine", "serial"} {
		items, err := d.store.Items(d.Context(), kind, "", 1000)
		if err != nil {
			d.Fatalf("items: %v", err)
		}
		for _, item := range items {
			fmt.Fprintf(&b, "%s %s %d %s\n", item.Kind, item.Key, item.Rev, item.Data)
		}
	}
	return b.String()
}

// checkReplay holds law 5 against every document: its record is what its log replays
// to, each replica's changes to it name the one before, and no number is used twice.
func (d *depot) checkReplay(types ...string) {
	d.Helper()
	replayed := map[collections.Key]*crdt.Document{}
	type number struct {
		replica crdt.Replica
		n       uint64
	}
	used := map[number]bool{}
	for _, entry := range d.log() {
		if entry.Kind != collections.EntryChange {
			continue
		}
		key := collections.Key{Type: entry.Type, ID: entry.Change.Doc}
		if replayed[key] == nil {
			replayed[key] = crdt.NewDocument()
		}
		name := number{entry.Change.Replica, entry.Change.N}
		if used[name] {
			d.Fatalf("entry %d is the second with %s/%d", entry.N, name.replica, name.n)
		}
		used[name] = true
		if before := replayed[key].Seen()[entry.Change.Replica]; entry.Change.Prev != before {
			d.Fatalf("entry %d names %d as the change before it, which is %d", entry.N, entry.Change.Prev, before)
		}
		if effect, err := replayed[key].Apply(entry.Change); err != nil || effect != crdt.Applied {
			d.Fatalf("replaying entry %d: effect %v, error %v", entry.N, effect, err)
		}
	}
	n := 0
	for _, typ := range types {
		for _, record := range d.records(typ) {
			n++
			doc := replayed[record.Key]
			if doc == nil {
				d.Fatalf("%v is in no log", record.Key)
			}
			value, meta := doc.Encode()
			if string(value) != string(record.Value) || string(meta) != string(record.Meta) || doc.Deleted() != record.Deleted {
				d.Fatalf("%v is\n%s\nits log replays to\n%s", record.Key, record.Value, value)
			}
		}
	}
	if n != len(replayed) {
		d.Fatalf("%d records, %d documents in the log", n, len(replayed))
	}
}

// device is a client that does what a good one does, as simply as can be: confirmed
// documents, a queue of pending changes, a cursor.
type device struct {
	*depot
	actor     collections.Actor
	replica   crdt.Replica
	n         uint64 // of the last change made
	skew      int64  // ms its clock is ahead of the server's
	clock     crdt.Clock
	plans     map[string]*crdt.Plan
	versions  map[string]int
	subscribe []collections.Subscription

	cursor    string
	since     []string                  // cursors that the pending changes were made at
	outdated  int                       // how often it was told so
	touched   map[collections.Key]int64 // when a document last came or changed, by the server's clock
	confirmed map[collections.Key]*crdt.Document
	pending   []*crdt.Change
	refused   map[uint64]*collections.Error
	acked     map[uint64]crdt.Time // stamps of the changes that the server accepted
}

// device makes a new device for somebody, which knows orders.
func (d *depot) device(a collections.Actor, replica crdt.Replica) *device {
	v := &device{
		depot: d, actor: a, replica: replica,
		plans: map[string]*crdt.Plan{}, versions: map[string]int{},
		confirmed: map[collections.Key]*crdt.Document{}, touched: map[collections.Key]int64{},
		refused: map[uint64]*collections.Error{}, acked: map[uint64]crdt.Time{},
	}
	if t, err := d.Type(context.Background(), dana, "order", 0); err == nil {
		v.plans["order"], v.versions["order"] = t.Schema.Plan(), t.Version
	}
	return v
}

// view is a document as the person sees it: confirmed and pending merged.
func (v *device) view(key collections.Key) *crdt.Document {
	doc := crdt.NewDocument()
	if known := v.confirmed[key]; known != nil {
		doc = known.Clone()
	}
	for _, c := range v.pending {
		if c.Type == key.Type && c.Doc == key.ID {
			// A change that leaned on a refused one does not fit any more: the server
			// says so too when it gets there.
			_, _ = doc.Apply(c)
		}
	}
	return doc
}

// edit makes a change and queues it; nil when nothing differs.
func (v *device) edit(typ, id string, do func(e *crdt.Editor) error) *crdt.Change {
	v.Helper()
	doc := v.view(collections.Key{Type: typ, ID: id})
	e := doc.Edit(v.replica, v.plans[typ])
	if err := do(e); err != nil {
		v.Fatalf("edit: %v", err)
	}
	ops := e.Ops()
	if len(ops) == 0 {
		return nil
	}
	v.n++
	c := &crdt.Change{
		Replica: v.replica, N: v.n, Prev: doc.Seen()[v.replica],
		Stamp: v.clock.Next(v.millis.Load() + v.skew),
		Type:  typ, Version: v.versions[typ], Doc: id, Ops: ops,
	}
	v.pending, v.since = append(v.pending, c), append(v.since, v.cursor)
	return c
}

// put is edit of some top-level fields.
func (v *device) put(typ, id, value string) *crdt.Change {
	v.Helper()
	return v.edit(typ, id, func(e *crdt.Editor) error {
		for key, x := range object(v, value) {
			if err := e.Put([]string{key}, x); err != nil {
				return err
			}
		}
		return nil
	})
}

// request is the next round trip.
func (v *device) request(limit int) *collections.SyncRequest {
	changes := v.pending
	if len(changes) > collections.MaxChanges {
		changes = changes[:collections.MaxChanges]
	}
	r := &collections.SyncRequest{
		Replica: v.replica, Cursor: v.cursor, Subscribe: v.subscribe, Limit: limit,
		Changes: append([]*crdt.Change(nil), changes...),
	}
	if len(v.since) > 0 {
		r.Since = v.since[0]
	}
	return r
}

// sync goes round until the server has no more.
func (v *device) sync() {
	v.Helper()
	for {
		answer, err := v.Sync(v.Context(), v.actor, v.request(0))
		if err != nil {
			v.Fatalf("sync of %s: %v", v.replica, err)
		}
		v.take(answer)
		if !answer.More {
			return
		}
	}
}

// take is what a device does with an answer, in one local transaction.
func (v *device) take(answer *collections.SyncResponse) {
	v.Helper()
	v.takeResults(answer)
	v.clock.Observe(crdt.NewTime(answer.Now, 0xffff))
	if answer.Outdated != nil {
		// A real device makes them anew; this one has nothing to lose.
		v.outdated++
		v.n -= uint64(len(v.pending))
		v.pending, v.since = nil, nil
	}
	if answer.Reset {
		v.confirmed = map[collections.Key]*crdt.Document{}
	}
	for _, t := range answer.Types {
		s, err := schema.Parse(t.Schema)
		if err != nil {
			v.Fatalf("type %s: %v", t.Name, err)
		}
		v.plans[t.Name], v.versions[t.Name] = s.Plan(), t.Version
	}
	for _, wire := range answer.Documents {
		v.takeDocument(wire)
	}
	for _, wire := range answer.Changes {
		c := wire.Change
		if c.Version > v.versions[c.Type] {
			v.Fatalf("change %s/%d of version %d came before its type", c.Replica, c.N, c.Version)
		}
		v.apply(c)
	}
	for _, key := range answer.Forget {
		delete(v.confirmed, key)
	}
	v.cursor = answer.Cursor
	v.emptyTrash(answer)
}

// emptyTrash drops what has been in the trash for so long that the server has dropped it.
func (v *device) emptyTrash(answer *collections.SyncResponse) {
	for _, wire := range answer.Documents {
		v.touched[collections.Key{Type: wire.Type, ID: wire.ID}] = answer.Now
	}
	for _, wire := range answer.Changes {
		v.touched[collections.Key{Type: wire.Change.Type, ID: wire.Change.Doc}] = answer.Now
	}
	for key, doc := range v.confirmed {
		if !answer.More && doc.Deleted() && v.touched[key] > 0 && v.touched[key]+day <= answer.Emptied {
			delete(v.confirmed, key)
		}
	}
}

// takeResults moves what was accepted over, and drops what was refused.
func (v *device) takeResults(answer *collections.SyncResponse) {
	v.Helper()
	for _, result := range answer.Results {
		if len(v.pending) == 0 || v.pending[0].N != result.N {
			continue // an answer that came twice
		}
		c := *v.pending[0]
		v.pending, v.since = v.pending[1:], v.since[1:]
		if !result.OK {
			v.refused[c.N] = result.Error
			continue
		}
		if at, again := v.acked[c.N]; again && at != result.Stamp {
			v.Fatalf("change %d was acknowledged with %v, then with %v", c.N, at, result.Stamp)
		}
		v.acked[c.N] = result.Stamp
		v.touched[collections.Key{Type: c.Type, ID: c.Doc}] = answer.Now
		c.Stamp = result.Stamp
		if known := v.confirmed[collections.Key{Type: c.Type, ID: c.Doc}]; known != nil {
			c.Prev = known.Seen()[v.replica]
		} else {
			c.Prev = 0
		}
		v.apply(&c)
	}
}

// apply merges a confirmed change.
func (v *device) apply(c *crdt.Change) {
	v.Helper()
	key := collections.Key{Type: c.Type, ID: c.Doc}
	doc := v.confirmed[key]
	if doc == nil {
		doc = crdt.NewDocument()
		v.confirmed[key] = doc
	}
	if _, err := doc.Apply(c); err != nil {
		v.Fatalf("%s cannot apply %s/%d: %v", v.replica, c.Replica, c.N, err)
	}
}

// takeDocument takes a whole document, and keeps what of it is newer here.
func (v *device) takeDocument(wire *collections.DocumentWire) {
	v.Helper()
	doc, err := crdt.Decode(wire.Value, wire.Meta)
	if err != nil {
		v.Fatalf("document %s/%s: %v", wire.Type, wire.ID, err)
	}
	key := collections.Key{Type: wire.Type, ID: wire.ID}
	// Where history is folded an old document may have nothing in common with a new one
	// of its id, and the one that comes counts.
	if known := v.confirmed[key]; known != nil && v.keep == 0 {
		if doc, err = crdt.Merge(known, doc); err != nil {
			v.Fatalf("merge %s/%s: %v", wire.Type, wire.ID, err)
		}
	}
	if doc.Deleted() != wire.Deleted && v.confirmed[key] == nil {
		v.Fatalf("document %s/%s says deleted %v and is %v", wire.Type, wire.ID, wire.Deleted, doc.Deleted())
	}
	v.confirmed[key] = doc
}

// push sends changes alone, whatever the device has queued, and gives the answers.
func (d *depot) push(a collections.Actor, replica crdt.Replica, changes ...*crdt.Change) ([]collections.Result, error) {
	answer, err := d.Sync(d.Context(), a, &collections.SyncRequest{Replica: replica, Changes: changes, Subscribe: []collections.Subscription{}})
	if err != nil {
		return nil, err
	}
	return answer.Results, nil
}
