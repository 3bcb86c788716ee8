package client_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// seed is given in the environment to see a failure again, else drawn from the clock.
func seed(t *testing.T) *rand.Rand {
	t.Helper()
	n := uint64(time.Now().UnixNano())
	if text := os.Getenv("FIELDSTACK_SEED"); text != "" {
		var err error
		if n, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("FIELDSTACK_SEED=%d", n)
	return rand.New(rand.NewPCG(n, 0))
}

// words that people type, some of them of more than one byte or code point.
var typed = []string{"seal", "Need part.", "checked ✓", "über", "👩‍🔧", "é", "\n", "42 bar", "x"}

// randomEdit does one thing that a person does to a work order.
func randomEdit(r *rand.Rand, d *client.Document) func(*crdt.Editor) error {
	pick := typed[r.IntN(len(typed))]
	notes, _ := d.Value["notes"].(string)
	tags, _ := d.Value["tags"].([]any)
	rows := d.Rows("parts")
	meter, _ := d.Value["meter"].(float64)
	switch r.IntN(11) {
	case 0:
		return func(e *crdt.Editor) error {
			return e.Put([]string{"status"}, []any{"open", "in_progress", "waiting", "done"}[r.IntN(4)])
		}
	case 1:
		return func(e *crdt.Editor) error { return e.Add([]string{"hours"}, float64(1+r.IntN(8))/4) }
	case 2:
		return func(e *crdt.Editor) error { return e.Put([]string{"meter"}, meter+float64(r.IntN(5))) }
	case 3:
		return func(e *crdt.Editor) error { return e.Include([]string{"tags"}, pick) }
	case 4:
		if len(tags) > 0 {
			return func(e *crdt.Editor) error { return e.Exclude([]string{"tags"}, tags[r.IntN(len(tags))]) }
		}
	case 5:
		if len(rows) < 8 {
			return func(e *crdt.Editor) error {
				_, err := e.InsertRow([]string{"parts"}, r.IntN(len(rows)+1), map[string]any{"part": pick, "quantity": float64(r.IntN(9))})
				return err
			}
		}
	case 6:
		if len(rows) > 0 {
			return func(e *crdt.Editor) error {
				return e.MoveRow([]string{"parts"}, rows[r.IntN(len(rows))].ID, r.IntN(len(rows)))
			}
		}
	case 7:
		if len(rows) > 0 {
			return func(e *crdt.Editor) error { return e.RemoveRow([]string{"parts"}, rows[r.IntN(len(rows))].ID) }
		}
	case 8:
		if len(rows) > 0 {
			row := rows[r.IntN(len(rows))].ID.String()
			return func(e *crdt.Editor) error { return e.Put([]string{"parts", row, "quantity"}, float64(r.IntN(100))) }
		}
	}
	length := len([]rune(notes))
	at := r.IntN(length + 1)
	cut := 0
	if r.IntN(3) == 0 {
		cut = r.IntN(length - at + 1)
	}
	return func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, at, cut, pick) }
}

// edits makes n random edits to the documents with ids, now and then a deletion or a
// restoration.
func (d *device) edits(r *rand.Rand, ids []string, n int) {
	d.Helper()
	for range n {
		id := ids[r.IntN(len(ids))]
		doc := d.get(id)
		var err error
		switch {
		case r.IntN(50) == 0:
			err = d.orders.Delete(ctx, id)
		case doc.Deleted && r.IntN(2) == 0:
			err = d.orders.Restore(ctx, id)
		default:
			err = d.orders.Edit(ctx, id, randomEdit(r, doc))
		}
		if err != nil {
			d.Fatalf("edit %s: %v", id, err)
		}
	}
}

// nothingLeft is a failure where something is pending or was refused.
func (d *device) nothingLeft() {
	d.Helper()
	refused, err := d.Refused(ctx)
	if err != nil {
		d.Fatal(err)
	}
	for _, r := range refused {
		d.Errorf("refused: %s (%s) %s", r.Error.Message, r.Error.Field, crdt.AppendChange(nil, r.Change))
	}
	if s := d.status(); s.Pending > 0 {
		d.Errorf("%d changes are pending", s.Pending)
	}
}

// level syncs the devices until nobody has anything to send or to hear.
func level(devices ...*device) {
	for range 3 {
		for _, d := range devices {
			d.sync()
		}
	}
}

// checkLevel holds every document on every device, and on the server, against what the
// dumb model makes of the server's log.
func checkLevel(t *testing.T, b *backend, ids []string, devices ...*device) {
	t.Helper()
	log := map[string][]*crdt.Change{}
	for after := uint64(0); ; {
		entries, err := b.store.Log(ctx, "main", after, 1000)
		b.must(err)
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			after = e.N
			if e.Kind == collections.EntryChange {
				log[e.Change.Doc] = append(log[e.Change.Doc], e.Change)
			}
		}
	}
	for _, id := range ids {
		want := crdttest.Model(log[id])
		record, err := b.store.Record(ctx, "work-order", id)
		b.must(err)
		doc, err := crdt.Decode(record.Value, record.Meta)
		b.must(err)
		if err := crdttest.Compare(doc, want); err != nil {
			t.Errorf("the server's %s: %v", id, err)
		}
		for i, d := range devices {
			got := d.get(id)
			if diff := cmp.Diff(want.Value, got.Value); diff != "" || got.Deleted != want.Deleted || got.Pending {
				t.Errorf("device %d, %s (deleted %v, want %v; pending %v):\n%s", i, id, got.Deleted, want.Deleted, got.Pending, diff)
			}
		}
		if t.Failed() {
			return
		}
	}
}

// Ensure devices that edit at random, sync now and then, lose answers, restart and have
// clocks that jump, converge on what the dumb model says.
func TestRandomDevices(t *testing.T) {
	r := seed(t)
	worlds := 12
	if testing.Short() {
		worlds = 2
	}
	if os.Getenv("FIELDSTACK_SOAK") != "" {
		worlds = 2000
	}
	for range worlds {
		randomWorld(t, r)
		if t.Failed() {
			return
		}
	}
}

func randomWorld(t *testing.T, r *rand.Rand) {
	b := newBackend(t)
	var ids []string
	for i := range 4 {
		ids = append(ids, b.add(map[string]any{"title": fmt.Sprint("Order ", i), "notes": "start"}))
	}
	devices := make([]*device, 3)
	for i := range devices {
		var ahead time.Duration
		devices[i] = b.device([]string{"anna", "ben", "olga"}[i], func(o *client.Options) {
			o.Now = func() time.Time {
				if r.IntN(40) == 0 {
					ahead = time.Duration(r.Int64N(int64(20*365*24*time.Hour))) - 10*365*24*time.Hour
				}
				return time.Now().Add(ahead)
			}
		})
		devices[i].sync()
	}
	for range 40 {
		d := devices[r.IntN(len(devices))]
		d.edits(r, ids, r.IntN(8))
		switch r.IntN(4) {
		case 0:
			d.net.loseAnswer.Store(true)
			_, _ = d.Sync(ctx) // lost on purpose; what matters is what comes of it
		case 1, 2:
			d.sync()
		}
	}
	level(devices...)
	checkLevel(t, b, ids, devices...)
}

// Ensure 1,076 real work-order lines become documents, that two devices make 5,000
// random edits to them offline, and that all converge on what the dumb model says.
func TestRealWorkOrders(t *testing.T) {
	lines := realLines(t)
	r := seed(t)
	edits := 5000
	if testing.Short() {
		edits = 300
	}
	b := newBackend(t)
	writes := make([]collections.Write, len(lines))
	for i, line := range lines {
		writes[i].Value = map[string]any{"title": "Line " + strconv.Itoa(i+1), "notes": line, "status": "open"}
	}
	var ids []string
	for part := range slices.Chunk(writes, 1000) {
		results, err := b.engine.WriteAll(ctx, owner, "work-order", part)
		b.must(err)
		for _, result := range results {
			if result.Error != nil {
				t.Fatal(result.Error)
			}
			ids = append(ids, result.ID)
		}
	}
	inMemory := func(o *client.Options) { o.Path = "" } // 10,000 waits for the disk prove nothing here
	anna, ben := b.device("anna", inMemory), b.device("ben", inMemory)
	for _, d := range []*device{anna, ben} {
		d.sync()
		d.net.cut.Store(true)
		// Most work is on a few records: that is where edits meet.
		d.edits(r, ids[:40], edits/2)
		d.edits(r, ids, edits-edits/2)
		d.net.cut.Store(false)
	}
	level(anna, ben)
	anna.nothingLeft()
	ben.nothingLeft()
	checkLevel(t, b, ids, anna, ben)
}

// realLines reads the real work orders.
func realLines(t *testing.T) []string {
	t.Helper()
	dir := os.Getenv("FIELDSTACK_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	file, err := os.Open(filepath.Join(dir, "work-orders", "maintie-gold.txt"))
	if err != nil {
		t.Skipf("no real work orders here: %v", err)
	}
	defer file.Close()
	var lines []string
	for scan := bufio.NewScanner(file); scan.Scan(); {
		if line := strings.TrimSpace(scan.Text()); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) != 1076 {
		t.Errorf("%d lines, want 1,076", len(lines))
	}
	return lines
}
