package jobs_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	compare "github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

const stock = `{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Part","type":"object","properties":{
	"name":{"type":"string","title":"Name"},"count":{"type":"integer","title":"Count","x-merge":"counter"},"tags":{"type":"array","title":"Tags","uniqueItems":true,"items":{"type":"string"}}}}`

// depot is an engine with parts, which outlives the servers on it.
type depot struct {
	*testing.T
	engine *collections.Engine
	clock  *clock
	ids    []string
	beats  time.Duration
}

func newDepot(t *testing.T) *depot {
	d := &depot{T: t, clock: &clock{at: time.UnixMilli(1e12)}}
	var err error
	d.engine, err = collections.Open(t.Context(), collections.Config{Store: storetest.Memory(), Now: func() time.Time { d.clock.pass(time.Millisecond); return d.clock.now() }})
	d.must(err)
	t.Cleanup(func() { d.must(d.engine.Close(context.Background())) })
	_, err = d.engine.SaveDraft(t.Context(), anna.Actor, collections.Draft{Name: "part", Schema: []byte(stock)})
	d.must(err)
	_, _, err = d.engine.Publish(t.Context(), anna.Actor, "part", nil)
	d.must(err)
	for i := range 4 {
		doc, err := d.engine.Create(t.Context(), anna.Actor, "part", "", map[string]any{"name": fmt.Sprint("part ", i), "count": float64(i), "tags": []any{"a"}})
		d.must(err)
		d.ids = append(d.ids, doc.ID)
	}
	return d
}

func (d *depot) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// values are the parts that are in use.
func (d *depot) values() map[string]any {
	d.Helper()
	page, err := d.engine.List(d.Context(), anna.Actor, "part", collections.ListRequest{Limit: 100})
	d.must(err)
	all := map[string]any{}
	for _, doc := range page.Documents {
		all[doc.ID] = doc.Value
	}
	return all
}

func sameValues(a, b map[string]any) bool { return compare.Equal(a, b) }

// server is a process on the depot that dies at one of its writes.
type server struct {
	*jobs.Runner
	*process
}

type keptItems = jobs.Items

// process is what a runner reads and writes, until it is dead.
type process struct {
	keptItems // of the store, for reading
	engine    *collections.Engine

	mu   sync.Mutex // guards all below
	left int        // writes before it dies
	late bool       // it dies just after the write instead of just before
	dead bool
}

var errDead = errors.New("the process is gone")

// begin starts a server that dies at its n-th write.
func (d *depot) begin(n int, late bool) *server {
	s := d.beside(n, late)
	_, err := s.List(d.Context(), "anna", "")
	d.must(err)
	d.clock.pass(time.Minute) // so that what was under way is silent
	return s
}

// beside starts one more server, beside those there are.
func (d *depot) beside(n int, late bool) *server {
	p := &process{keptItems: d.engine.Store(), engine: d.engine, left: n, late: late}
	return &server{process: p, Runner: jobs.New(jobs.Config{
		Items: p, Records: p, Sessions: doors{}, Now: d.clock.now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Beat: d.beat(),
	})}
}

// beat is long, unless a test says otherwise: nothing is written but by the work.
func (d *depot) beat() time.Duration { return cmp.Or(d.beats, 5*time.Second) }

// write does a write, unless the process is dead.
func (p *process) write(do func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return errDead
	}
	if p.left--; p.left == -1 {
		p.dead = true
		if p.late {
			_ = do() // it is done, and nobody hears of it
		}
		return errDead
	}
	return do()
}

// kill ends the process.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
}

// died reports whether the process is dead.
func (p *process) died() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

func (p *process) PutItem(ctx context.Context, i collections.Item) error {
	return p.write(func() error { return p.keptItems.PutItem(ctx, i) })
}

func (p *process) DeleteItem(ctx context.Context, kind, key string) error {
	return p.write(func() error { return p.keptItems.DeleteItem(ctx, kind, key) })
}

func (p *process) NewID() (string, error) { return p.engine.NewID() }

func (p *process) Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error) {
	return p.engine.Type(ctx, a, name, version)
}

func (p *process) Get(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error) {
	return p.engine.Get(ctx, a, typ, id)
}

func (p *process) Restore(ctx context.Context, a collections.Actor, typ, id string) (doc *collections.Document, err error) {
	err = p.write(func() (err error) { doc, err = p.engine.Restore(ctx, a, typ, id); return err })
	return doc, err
}

func (p *process) WriteAll(ctx context.Context, a collections.Actor, typ string, writes []collections.Write) (results []collections.WriteResult, err error) {
	err = p.write(func() (err error) { results, err = p.engine.WriteAll(ctx, a, typ, writes); return err })
	return results, err
}

// ended waits for a job's end; "" where the server died before it began.
func (d *depot) ended(s *server, id string, err error) jobs.Report {
	d.Helper()
	if err != nil {
		if !errors.Is(err, errDead) {
			d.Fatal(err)
		}
		return jobs.Report{}
	}
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(100 * time.Microsecond) {
		if !s.Running("anna", id) {
			report, err := s.Find(d.Context(), "anna", id)
			d.must(err)
			return report
		}
	}
	d.Fatal("the job does not end")
	return jobs.Report{}
}

// deeds are jobs of each sort, by name.
var deeds = map[string]struct {
	about jobs.About
	do    func(d *depot, doc *collections.Document) []jobs.Change
}{
	"set": {jobs.About{Kind: jobs.Edit}, func(_ *depot, doc *collections.Document) []jobs.Change {
		return []jobs.Change{{Was: doc, Write: collections.Write{ID: doc.ID, Modify: true, Value: map[string]any{"name": "x", "tags": nil}}}}
	}},
	"amount": {jobs.About{Kind: jobs.Edit, Back: jobs.Way{Deed: jobs.AddedAmount, Value: 2.0}}, func(_ *depot, doc *collections.Document) []jobs.Change {
		n := doc.Value["count"].(float64)
		return []jobs.Change{{Was: doc, Write: collections.Write{ID: doc.ID, Modify: true, Value: map[string]any{"count": n + 2}, From: map[string]any{"count": n}}}}
	}},
	"delete": {jobs.About{Kind: jobs.Delete}, func(_ *depot, doc *collections.Document) []jobs.Change {
		return []jobs.Change{{Was: doc, Write: collections.Write{ID: doc.ID, Remove: true}}}
	}},
	"import": {jobs.About{Kind: jobs.Import}, func(_ *depot, doc *collections.Document) []jobs.Change {
		return []jobs.Change{{Write: collections.Write{Value: map[string]any{"name": "new"}}}, {Was: doc, Write: collections.Write{ID: doc.ID, Modify: true, Value: map[string]any{"name": "y"}}}}
	}},
}

// run does a deed to all parts, two at a time.
func (d *depot) run(s *server, name string) (string, error) {
	deed := deeds[name]
	about := deed.about
	about.Type, about.Title = "part", name
	return s.Start(d.Context(), anna, about, func(ctx context.Context, p *jobs.Progress) error {
		p.Total(len(d.ids))
		for i := 0; i < len(d.ids); i += 2 {
			var changes []jobs.Change
			for _, id := range d.ids[i : i+2] {
				doc, err := d.engine.Get(ctx, anna.Actor, "part", id)
				if err != nil {
					return err
				}
				changes = append(changes, deed.do(d, doc)...)
			}
			if _, err := p.Write(ctx, changes); err != nil {
				return err
			}
			p.Did(2)
		}
		return nil
	})
}

// TestUndo_AfterAnyCrash: wherever the server dies while a job writes, and wherever the
// next one dies while it undoes it, in the end everything is as it was before.
func TestUndo_AfterAnyCrash(t *testing.T) {
	const never = 1000
	for name := range deeds {
		for _, late := range []bool{false, true} {
			for n := 0; ; n++ {
				over := false
				for m := 0; ; m++ {
					d := newDepot(t)
					before := d.values()
					first := d.begin(n, late)
					id, err := d.run(first, name)
					d.ended(first, id, err)
					over = !first.died()

					second := d.begin(m, !late)
					list, err := second.List(t.Context(), "anna", "part")
					d.must(err)
					if len(list) == 0 {
						if diff := compare.Diff(before, d.values()); diff != "" {
							t.Fatalf("%s, dead at %d: nobody knows of it: %s", name, n, diff)
						}
						break
					}
					// Dead just after its end was written, it has ended.
					if s := list[0].State; s != jobs.Done && (over || s != jobs.Interrupted) {
						t.Fatalf("%s, dead at %d: it is %+v", name, n, list[0])
					}
					undo, err := second.Undo(t.Context(), anna, list[0].ID, func(context.Context, jobs.Outcome) {})
					d.ended(second, undo, err)
					if second.died() {
						third := d.begin(never, false)
						report, err := third.Find(t.Context(), "anna", list[0].ID)
						d.must(err)
						may, err := third.MayUndo(t.Context(), "anna", report)
						d.must(err)
						if may {
							undo, err := third.Undo(t.Context(), anna, report.ID, func(context.Context, jobs.Outcome) {})
							d.ended(third, undo, err)
						}
					}
					if diff := compare.Diff(before, d.values()); diff != "" {
						t.Fatalf("%s, dead at write %d (late: %v), and undoing dead at %d: %s", name, n, late, m, diff)
					}
					if !second.died() {
						break
					}
				}
				if over {
					break
				}
			}
		}
	}
}

// TestUndo_LeavesOthersWork: what somebody changed since stays, and is told.
func TestUndo_LeavesOthersWork(t *testing.T) {
	d := newDepot(t)
	s := d.begin(1000, false)
	id, err := d.run(s, "import")
	if report := d.ended(s, id, err); report.Outcome.Made != 4 || report.Outcome.Changed != 4 || report.Steps != 8 {
		t.Fatalf("%+v", report)
	}
	for id, v := range d.values() {
		if name := v.(map[string]any)["name"]; name == "new" || id == d.ids[0] {
			_, err := d.engine.Patch(t.Context(), ben.Actor, "part", id, map[string]any{"name": "ben's"})
			d.must(err)
		}
	}
	id, err = s.Undo(t.Context(), anna, id, func(context.Context, jobs.Outcome) {})
	report := d.ended(s, id, err)
	if o := report.Outcome; o.Values != 3 || o.Refused != 5 || len(o.Told) != 5 || o.Removed != 0 {
		t.Errorf("%+v", o)
	}
	if n := len(d.values()); n != 8 {
		t.Errorf("%d parts are left", n)
	}
	if _, err := s.Undo(t.Context(), anna, id, nil); err == nil {
		t.Error("an undoing is undone")
	}
	if _, err := s.Undo(t.Context(), ben, id, nil); err == nil {
		t.Error("ben undoes what anna did")
	}
}

// TestKept: what is kept of jobs is bounded, and what is let go of leaves nothing.
func TestKept(t *testing.T) {
	d := newDepot(t)
	s := d.begin(1<<30, false)
	for range jobs.KeptEach + 5 {
		d.clock.pass(time.Hour)
		id, err := d.run(s, "amount")
		d.ended(s, id, err)
	}
	list, err := s.List(t.Context(), "anna", "")
	d.must(err)
	ledgers := func() int {
		items, err := d.engine.Store().Items(t.Context(), "job-ledger", "", 1000)
		d.must(err)
		return len(items)
	}
	if len(list) != jobs.KeptEach || ledgers() != 2*jobs.KeptEach {
		t.Errorf("%d jobs and %d pages of ledgers are kept", len(list), ledgers())
	}
	if !list[0].Began.After(list[1].Began) {
		t.Error("the last is not the first of the list")
	}
	d.clock.pass(jobs.KeptFor)
	id, err := d.run(s, "amount")
	d.ended(s, id, err)
	if list, err = s.List(t.Context(), "anna", "part"); err != nil || len(list) != 1 || ledgers() != 2 {
		t.Errorf("a month later %d jobs and %d pages are kept (%v)", len(list), ledgers(), err)
	}
}
