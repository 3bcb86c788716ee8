package client_test

import (
	"bytes"
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

var (
	ctx      = context.Background()
	loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})
)

// Ensure all that a person does to records works with no server, and that what was
// done is there after the device is opened again.
func TestOffline(t *testing.T) {
	b := newBackend(t)
	d := b.device("anna")
	d.sync()
	d.net.cut.Store(true)
	id, err := d.orders.Create(ctx, map[string]any{"title": "Oil leak at gearbox", "status": "open", "notes": "north side"})
	b.must(err)
	other, err := d.orders.Create(ctx, map[string]any{"title": "Replace belt", "status": "done"})
	b.must(err)
	d.update(id, "status", "waiting")
	d.edit(id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1.5) })
	b.must(d.orders.Delete(ctx, other))
	b.must(d.Close())

	d = b.device("anna", func(o *client.Options) { o.Path, o.URL = d.path, "" })
	where, err := schema.ParseCondition([]byte(`{"field":"status","is":"waiting"}`))
	b.must(err)
	for name, q := range map[string]client.Query{
		"all": {}, "by condition": {Where: where}, "by the beginnings of words": {Search: "gear LEA"}, "in the notes": {Search: "north"},
	} {
		docs, err := d.orders.Find(ctx, q)
		b.must(err)
		if len(docs) != 1 || docs[0].ID != id || !docs[0].Pending {
			t.Errorf("%s: found %d documents, want the one pending order that is not deleted", name, len(docs))
		}
	}
	trash, err := d.orders.Find(ctx, client.Query{Trash: true})
	b.must(err)
	if len(trash) != 1 || trash[0].ID != other {
		t.Errorf("the trash has %d documents, want the deleted order", len(trash))
	}
	b.must(d.orders.Restore(ctx, other))
	if d.get(other).Deleted {
		t.Error("the restored order is still deleted")
	}
	if got := d.get(id).Value["hours"]; got != 1.5 {
		t.Errorf("hours %v", got)
	}
	if s := d.status(); s.Pending != 6 || s.Online {
		t.Errorf("status %+v, want 6 pending and not online", s)
	}
	if _, err := d.Sync(ctx); err != nil {
		t.Errorf("the server is known from the file: %v", err)
	}
}

// Ensure a device refuses what the server would refuse, before it has a network, with
// a sentence that names the field, and that nothing of it stays behind.
func TestOfflineValidation(t *testing.T) {
	b := newBackend(t)
	rules, err := collections.ParseRules([]byte(`{"roles":{"worker":{"readOnly":["price"]}}}`))
	b.must(err)
	b.must(b.engine.SetRules(ctx, owner, "work-order", rules))
	id := b.add(map[string]any{"title": "Oil leak", "status": "open", "meter": 10.0})
	d := b.device("anna")
	d.sync()
	d.net.cut.Store(true)
	before := d.get(id).Value
	edit := func(field string, value any) func() error {
		return func() error { return d.orders.Update(ctx, id, map[string]any{field: value}) }
	}
	for _, c := range []struct {
		name    string
		try     func() error
		message string
	}{
		{"choice", edit("status", "gone"), "Status must be one of"},
		{"type", edit("title", 7.0), "Title"},
		{"length", edit("title", "ab"), "Title"},
		{"unknown field", edit("colour", "red"), "colour"},
		{"required removed", edit("title", nil), "Title"},
		{"read only", edit("price", 3.0), "Price"},
		{"lower meter", edit("meter", 3.0), "meter"},
		{"set element", func() error {
			return d.orders.Edit(ctx, id, func(e *crdt.Editor) error { return e.Include([]string{"tags"}, 5.0) })
		}, "Tags"},
		{"creation as a whole", func() error { _, err := d.orders.Create(ctx, map[string]any{"status": "open"}); return err }, "Title is required"},
		{"unknown type", func() error { _, err := d.Collection("nothing").Create(ctx, nil); return err }, "nothing"},
		{"unknown document", func() error { return d.orders.Update(ctx, "0190-none", map[string]any{"status": "open"}) }, "0190-none"},
	} {
		err := c.try()
		if err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: %v, want a sentence with %q", c.name, err, c.message)
		}
	}
	if diff := cmp.Diff(before, d.get(id).Value); diff != "" {
		t.Errorf("refused edits left something behind:\n%s", diff)
	}
	if s := d.status(); s.Pending != 0 {
		t.Errorf("%d changes are pending, want none", s.Pending)
	}
}

// Ensure two people's offline edits to one record all live, and that an answer lost
// on the way counts nothing twice.
func TestTwoDevicesMerge(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Pump", "status": "open", "notes": "one\ntwo", "tags": []any{"old"},
		"parts": []any{map[string]any{"part": "a"}, map[string]any{"part": "b"}}})
	anna, ben := b.device("anna"), b.device("ben")
	anna.sync()
	ben.sync()
	rows := anna.get(id).Rows("parts")
	anna.edit(id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1.5) })
	anna.edit(id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 3, 0, " by Anna") })
	anna.edit(id, func(e *crdt.Editor) error { return e.MoveRow([]string{"parts"}, rows[1].ID, 0) })
	ben.edit(id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 2) })
	ben.edit(id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 7, 0, "\nthree") })
	ben.edit(id, func(e *crdt.Editor) error {
		_, err := e.InsertRow([]string{"parts"}, 2, map[string]any{"part": "c"})
		return err
	})
	ben.update(id, "status", "done")
	b.must(ben.orders.Delete(ctx, id))

	ben.net.loseAnswer.Store(true)
	if _, err := ben.Sync(ctx); !client.HasCode(err, client.CodeOffline) {
		t.Fatalf("a lost answer gave %v", err)
	}
	if r := ben.sync(); r.Acknowledged != 5 || r.Refused != 0 {
		t.Errorf("the second try: %+v", r)
	}
	anna.sync()
	ben.sync()
	want := map[string]any{"title": "Pump", "status": "done", "notes": "one by Anna\ntwo\nthree", "tags": []any{"old"}, "hours": 3.5,
		"parts": []any{map[string]any{"part": "b"}, map[string]any{"part": "a"}, map[string]any{"part": "c"}}}
	for name, d := range map[string]*device{"anna": anna, "ben": ben} {
		doc := d.get(id)
		if diff := cmp.Diff(want, doc.Value); diff != "" || doc.Deleted || doc.Pending {
			t.Errorf("%s (deleted %v, pending %v):\n%s", name, doc.Deleted, doc.Pending, diff)
		}
	}
}

// Ensure a change that the server refuses leaves the view, is kept with its reason and
// its text, and blocks nothing that came after it.
func TestRefusedIsKept(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Pump", "price": 1.0})
	d := b.device("anna")
	d.sync()
	d.update(id, "price", 99.0)
	d.update(id, "status", "done")
	rules, err := collections.ParseRules([]byte(`{"roles":{"worker":{"readOnly":["price"]}}}`))
	b.must(err)
	b.must(b.engine.SetRules(ctx, owner, "work-order", rules))
	if r := d.sync(); r.Acknowledged != 1 || r.Refused != 1 {
		t.Errorf("%+v, want one acknowledged and one refused", r)
	}
	if v := d.get(id).Value; v["price"] != 1.0 || v["status"] != "done" {
		t.Errorf("the device shows %v", v)
	}
	refused, err := d.Refused(ctx)
	b.must(err)
	if len(refused) != 1 || refused[0].Error.Code != client.CodeForbidden || !strings.Contains(refused[0].Error.Message, "price") {
		t.Fatalf("refused: %+v", refused)
	}
	var rescue bytes.Buffer
	b.must(d.ExportPending(ctx, &rescue))
	if !strings.Contains(rescue.String(), "99") {
		t.Errorf("the rescue file lacks what was typed: %s", rescue.String())
	}
	b.must(d.Dismiss(ctx, refused[0].ID))
	if s := d.status(); s.Refused != 0 {
		t.Errorf("%d refusals after it was dismissed", s.Refused)
	}
}

// Ensure typing inside a refused insertion is refused with it, saying so, and the rest
// of the document goes through.
func TestLeaningOnRefused(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Pump"})
	d := b.device("anna")
	d.sync()
	d.edit(id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 0, 0, "abcdef") })
	d.edit(id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 3, 0, "X") })
	d.update(id, "status", "done")
	rules, err := collections.ParseRules([]byte(`{"roles":{"worker":{"readOnly":["notes"]}}}`))
	b.must(err)
	b.must(b.engine.SetRules(ctx, owner, "work-order", rules))
	if r := d.sync(); r.Acknowledged != 1 || r.Refused != 2 {
		t.Errorf("%+v, want one acknowledged and two refused", r)
	}
	if v := d.get(id).Value; v["notes"] != nil || v["status"] != "done" {
		t.Errorf("the device shows %v", v)
	}
}

// Ensure a copied file is found out at the next push, and that what both copies did
// is there afterwards, with elements of the same name in both.
func TestForkedFile(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Pump", "notes": "base", "tags": []any{"t"}})
	one := b.device("anna")
	one.sync()
	one.update(id, "status", "open") // so that the replica is known before it is copied
	one.sync()
	b.must(one.Close())
	copied := copyFile(t, one.path)
	one = b.device("anna", func(o *client.Options) { o.Path = one.path })
	two := b.device("anna", func(o *client.Options) { o.Path = copied })
	replica := two.Replica()
	if replica != one.Replica() {
		t.Fatal("the copy is not a copy")
	}
	work := func(d *device, text string, hours float64) {
		d.edit(id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 4, 0, text) })
		d.edit(id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 6, 0, "!") }) // inside what was just typed
		d.edit(id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, hours) })
		d.edit(id, func(e *crdt.Editor) error {
			_, err := e.InsertRow([]string{"parts"}, 0, map[string]any{"part": text})
			return err
		})
	}
	work(one, " one", 1)
	work(two, " two", 2)
	made, err := two.orders.Create(ctx, map[string]any{"title": "Made and deleted on the copy"})
	b.must(err)
	b.must(two.orders.Delete(ctx, made))
	one.sync()
	if r := two.sync(); !r.NewReplica || r.Acknowledged != 6 || r.Refused != 0 {
		refused, err := two.Refused(ctx)
		t.Errorf("%+v, want a new replica with all acknowledged: %+v %v", r, refused, err)
	}
	if two.Replica() == replica {
		t.Error("the copy kept its replica id")
	}
	one.sync()
	for name, d := range map[string]*device{"one": one, "two": two} {
		v := d.get(id).Value
		notes, _ := v["notes"].(string)
		if !strings.Contains(notes, " o!ne") || !strings.Contains(notes, " t!wo") || v["hours"] != 3.0 || len(v["parts"].([]any)) != 2 {
			t.Errorf("%s shows %v", name, v)
		}
		if !d.get(made).Deleted {
			t.Errorf("%s: the record that was made and deleted on the copy is alive", name)
		}
	}
	if diff := cmp.Diff(one.get(id).Value, two.get(id).Value); diff != "" {
		t.Errorf("the copies differ:\n%s", diff)
	}
}

// Ensure a copy that has nothing to push hears of what the original did since under the
// same replica id, takes an id of its own at once, and can go on working.
func TestRestoredFile(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Pump"})
	original := b.device("anna")
	original.sync()
	original.update(id, "status", "open")
	original.sync()
	b.must(original.Close())
	for name, listen := range map[string]bool{"by a sync": false, "by a live event": true} {
		backup := copyFile(t, original.path)
		restored := b.device("anna", func(o *client.Options) { o.Path = backup })
		replica := restored.Replica()
		original = b.device("anna", func(o *client.Options) { o.Path = original.path })
		original.edit(id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1) })
		original.edit(id, func(e *crdt.Editor) error { return e.Include([]string{"tags"}, name) })
		original.sync()
		if listen {
			ctx, cancel := context.WithCancel(ctx)
			changed, done := restored.Changed(), make(chan struct{})
			go func() { defer close(done); _ = restored.Listen(ctx) }()
			<-changed
			cancel()
			<-done
		}
		restored.sync()
		if restored.Replica() == replica {
			t.Errorf("%s: the restored device kept a replica id that somebody else goes on with", name)
		}
		restored.edit(id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 2) })
		if r := restored.sync(); r.Acknowledged != 1 || r.Refused != 0 {
			t.Errorf("%s: %+v", name, r)
		}
		original.sync()
		if diff := cmp.Diff(original.get(id).Value, restored.get(id).Value); diff != "" {
			t.Errorf("%s: the original and the restored device differ:\n%s", name, diff)
		}
		b.must(restored.Close())
		b.must(original.Close())
	}
}

// Ensure a first sync that is cut off goes on where it was, and that the device shows
// everything in the end and nothing twice.
func TestFirstSyncInterrupted(t *testing.T) {
	b := newBackend(t)
	writes := make([]collections.Write, 1200) // an answer brings a thousand
	for i := range writes {
		writes[i].Value = map[string]any{"title": "Order of many"}
	}
	for part := range slices.Chunk(writes, 500) {
		_, err := b.engine.WriteAll(ctx, owner, "work-order", part)
		b.must(err)
	}
	d := b.device("anna")
	d.net.cutAfter.Store(1)
	if _, err := d.Sync(ctx); !client.HasCode(err, client.CodeOffline) {
		t.Fatalf("%v, want the network to have been cut", err)
	}
	if s := d.status(); !s.Partial {
		t.Errorf("status %+v, want it to say that the first sync is not finished", s)
	}
	b.must(d.Close())
	d = b.device("anna", func(o *client.Options) { o.Path = d.path })
	report := d.sync()
	docs, err := d.orders.Find(ctx, client.Query{})
	b.must(err)
	if len(docs) != len(writes) || report.Received >= len(writes) || d.status().Partial {
		t.Errorf("%d documents after %+v, want all 1200, some of them from before the cut", len(docs), report)
	}
}

// Ensure what a person may no longer see leaves the device, that pending work on it
// stays to be answered, and that what comes into view arrives.
func TestForget(t *testing.T) {
	b := newBackend(t)
	rules, err := collections.ParseRules([]byte(`{"roles":{"worker":{"see":{"field":"assignee","is":"$me"}}}}`))
	b.must(err)
	b.must(b.engine.SetRules(ctx, owner, "work-order", rules))
	mine := b.add(map[string]any{"title": "Mine", "assignee": "anna"})
	his := b.add(map[string]any{"title": "Ben's", "assignee": "ben"})
	d := b.device("anna")
	d.sync()
	if _, err := d.orders.Get(ctx, his); !client.HasCode(err, client.CodeNotFound) {
		t.Errorf("Ben's order on Anna's device: %v", err)
	}
	d.update(mine, "status", "done")
	_, err = b.engine.Patch(ctx, owner, "work-order", mine, map[string]any{"assignee": "ben"})
	b.must(err)
	_, err = b.engine.Patch(ctx, owner, "work-order", his, map[string]any{"assignee": "anna"})
	b.must(err)
	if r := d.sync(); r.Refused != 1 {
		t.Errorf("%+v, want the change to what is no longer hers refused", r)
	}
	if _, err := d.orders.Get(ctx, mine); !client.HasCode(err, client.CodeNotFound) {
		t.Errorf("what is now Ben's is still here: %v", err)
	}
	if d.get(his).Value["title"] != "Ben's" {
		t.Error("what is now Anna's did not arrive")
	}
}

// Ensure a server with another history is noticed: its documents replace the
// confirmed ones, and pending work is sent to it.
func TestOtherHistory(t *testing.T) {
	old, other := newBackend(t), newBackend(t)
	gone := old.add(map[string]any{"title": "Only in the old history"})
	there := other.add(map[string]any{"title": "Only in the new one"})
	d := old.device("olga")
	d.sync()
	d.update(gone, "status", "done")
	d.sync()
	made, err := d.orders.Create(ctx, map[string]any{"title": "Made offline"})
	old.must(err)
	d.net.cut.Store(true)
	old.must(d.Close())
	d = other.device("olga", func(o *client.Options) { o.Path = d.path })
	if r := d.sync(); r.Acknowledged != 1 || !r.NewReplica {
		t.Errorf("%+v, want the pending work to be sent under a new replica id", r)
	}
	if _, err := d.orders.Get(ctx, gone); !client.HasCode(err, client.CodeNotFound) {
		t.Errorf("a document of the old history is still confirmed: %v", err)
	}
	d.get(there)
	d.get(made)
}

// Ensure a device comes to its session by password or by a one-time code, keeps it in its
// file, and says plainly when it is no longer good.
func TestSignInAndEnrol(t *testing.T) {
	b := newBackend(t)
	anna, err := b.accounts.Authenticate(ctx, b.tokens["anna"])
	b.must(err)
	code, err := b.accounts.CreateCode(ctx, anna, "")
	b.must(err)
	noToken := func(o *client.Options) { o.Token = "" }
	for name, enter := range map[string]func(*device) error{
		"password": func(d *device) error { return d.SignIn(ctx, "anna", "of the person anna") },
		"code":     func(d *device) error { return d.Enrol(ctx, code.Text) },
	} {
		d := b.device("anna", noToken)
		if _, err := d.Sync(ctx); !client.HasCode(err, client.CodeUnauthorized) {
			t.Errorf("%s: a sync before it gave %v", name, err)
		}
		if err := enter(d); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		b.must(d.Close())
		d = b.device("anna", noToken, func(o *client.Options) { o.Path = d.path })
		d.sync()
	}
	d := b.device("anna", noToken)
	if err := d.Enrol(ctx, code.Text); !client.HasCode(err, client.CodeUnauthorized) {
		t.Errorf("a code used again gave %v", err)
	}
	if err := d.SignIn(ctx, "anna", "not this one"); !client.HasCode(err, client.CodeUnauthorized) {
		t.Errorf("a wrong password gave %v", err)
	}
}

// Ensure a clock that is wrong is corrected by what the server said of its own, and
// that one that jumps afterwards is brought back by the server.
func TestWrongClock(t *testing.T) {
	b := newBackend(t)
	ahead := 3 * 365 * 24 * time.Hour
	d := b.device("anna", func(o *client.Options) { o.Now = func() time.Time { return time.Now().Add(ahead) } })
	d.sync()
	id, err := d.orders.Create(ctx, map[string]any{"title": "Stamped with the server's time"})
	b.must(err)
	pending, err := d.Pending(ctx)
	b.must(err)
	if drift := time.Since(time.UnixMilli(pending[0].Stamp.Millis())); drift.Abs() > time.Minute {
		t.Errorf("a change on a device that is three years ahead is stamped %v off", drift)
	}
	d.sync()
	ahead *= 2
	d.update(id, "status", "done")
	d.update(id, "status", "waiting")
	d.sync()
	events, _, err := b.engine.History(ctx, owner, "work-order", id, "status", "", 100)
	b.must(err)
	for _, e := range events {
		if e.Stamp.Millis() > time.Now().UnixMilli() {
			t.Errorf("a stamp of %v is in the log", time.UnixMilli(e.Stamp.Millis()))
		}
	}
	if got := d.get(id).Value["status"]; got != "waiting" {
		t.Errorf("status %v, want the device's own order kept", got)
	}
}

// Ensure a device that listens hears of a change without asking, and of what it missed
// while the stream was broken.
func TestListen(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Pump"})
	d := b.device("anna")
	d.sync()
	listen := func() (stop func()) {
		ctx, cancel := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() { defer close(done); _ = d.Listen(ctx) }()
		return func() { cancel(); <-done }
	}
	expect := func(status string) {
		t.Helper()
		deadline := time.After(20 * time.Second)
		for {
			changed := d.Changed()
			if d.get(id).Value["status"] == status {
				return
			}
			select {
			case <-changed:
			case <-deadline:
				t.Fatalf("the device did not hear of status %s", status)
			}
		}
	}
	set := func(status string) {
		_, err := b.engine.Patch(ctx, owner, "work-order", id, map[string]any{"status": status})
		b.must(err)
	}
	stop := listen()
	set("open")
	expect("open")
	stop()
	set("waiting")
	set("done")
	stop = listen()
	expect("done")
	stop()
}

// Ensure Run pushes what is done while it listens.
func TestRun(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Pump"})
	d := b.device("anna")
	ctx, cancel := context.WithCancel(ctx)
	synced, done := make(chan struct{}, 100), make(chan struct{})
	go func() {
		defer close(done)
		d.Run(ctx, func(client.Report, error) { synced <- struct{}{} })
	}()
	<-synced
	d.update(id, "status", "done")
	for {
		<-synced
		doc, err := b.engine.Get(ctx, owner, "work-order", id)
		b.must(err)
		if doc.Value["status"] == "done" {
			break
		}
	}
	cancel()
	<-done
}

// Ensure a second process on one file is refused, with a sentence.
func TestSecondProcess(t *testing.T) {
	b := newBackend(t)
	d := b.device("anna")
	_, err := client.Open(ctx, client.Options{Path: d.path})
	if err == nil || !strings.Contains(err.Error(), "open in another process") {
		t.Errorf("a second opening gave %v", err)
	}
	b.must(d.Close())
	if _, err := d.orders.Create(ctx, map[string]any{"title": "Too late"}); !client.HasCode(err, client.CodeClosed) {
		t.Errorf("a closed device gave %v", err)
	}
}

// Ensure a new version arrives before what was written under it, and that what was
// written under the old one is still taken.
func TestNewVersion(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Pump"})
	d := b.device("anna")
	d.sync()
	d.update(id, "status", "done")
	b.publish("work-order", strings.Replace(orderSchema, `"required":["title"]`, `"required":["title","assignee"]`, 1))
	if r := d.sync(); r.Refused != 0 || r.Acknowledged != 1 {
		t.Errorf("%+v, want the change under version 1 taken", r)
	}
	if types := d.Types(); len(types) != 1 || types[0].Version != 2 {
		t.Errorf("types %+v", types)
	}
	if p := d.get(id).Problems; len(p) != 1 || p[0].Rule != "required" {
		t.Errorf("problems %+v, want the new required field", p)
	}
	if problems, err := d.orders.Validate(map[string]any{"title": "Fan"}); err != nil || len(problems) != 1 {
		t.Errorf("%v, %v", problems, err)
	}
}
