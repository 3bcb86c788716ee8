package jobs_test

import (
	"context"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/collections"
)

const many = 1 << 30 // writes, before it dies

// until waits until a job stands at a server as ok wants.
func (d *depot) until(s *server, id, what string, ok func(jobs.Report) bool) jobs.Report {
	d.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		report, err := s.Find(d.Context(), "anna", id)
		d.must(err)
		if ok(report) {
			return report
		}
		if time.Now().After(end) {
			d.Fatalf("waited in vain for %s: it is %+v", what, report)
		}
	}
}

// Ensure a job of one server is found at another and ended from there, and that one whose
// server lives is not taken for broken off, however far apart their clocks are.
func TestShared_EndedElsewhere(t *testing.T) {
	d := newDepot(t)
	d.beats = 5 * time.Millisecond
	a, b := d.beside(many, false), d.beside(many, false)
	id, err := a.Start(t.Context(), anna, jobs.About{Kind: jobs.Edit, Type: "part", Title: "slow"}, func(ctx context.Context, p *jobs.Progress) error {
		p.Total(10)
		p.Did(3)
		<-ctx.Done()
		return ctx.Err()
	})
	d.must(err)
	d.until(b, id, "how far it is", func(r jobs.Report) bool { return r.State == jobs.Running && r.Percent() == 30 })
	for range 20 { // b's clock runs ahead
		item, err := d.engine.Store().Item(t.Context(), "job", "anna/"+id)
		d.must(err)
		for beat := item.Rev; item.Rev == beat; time.Sleep(time.Millisecond) {
			item, err = d.engine.Store().Item(t.Context(), "job", "anna/"+id)
			d.must(err)
		}
		d.clock.pass(time.Minute)
		if report, err := b.Find(t.Context(), "anna", id); err != nil || report.State != jobs.Running {
			t.Fatalf("a job that lives is %s (%v)", report.State, err)
		}
	}
	if err := b.End(t.Context(), "ben", id); err == nil {
		t.Error("ben ended what is anna's")
	}
	d.must(b.End(t.Context(), "anna", id))
	d.until(b, id, "its end", func(r jobs.Report) bool { return r.State == jobs.Cancelled })
	d.must(a.Close(context.Background()))
	if left, err := d.engine.Store().Items(t.Context(), "job-end", "", 10); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// Ensure what a server wrote that died is found and undone at another one.
func TestShared_UndoneElsewhere(t *testing.T) {
	d := newDepot(t)
	before := d.values()
	a, b := d.beside(many, false), d.beside(many, false)
	wrote := make(chan bool)
	id, err := a.Start(t.Context(), anna, jobs.About{Kind: jobs.Edit, Type: "part", Title: "half"}, func(ctx context.Context, p *jobs.Progress) error {
		doc, err := d.engine.Get(ctx, anna.Actor, "part", d.ids[0])
		if err != nil {
			return err
		}
		_, err = p.Write(ctx, []jobs.Change{{Was: doc, Write: collections.Write{ID: doc.ID, Modify: true, Value: map[string]any{"name": "x"}}}})
		a.kill()
		close(wrote)
		<-ctx.Done()
		return err
	})
	d.must(err)
	<-wrote
	undo := func() error {
		_, err := b.Undo(t.Context(), anna, id, func(context.Context, jobs.Outcome) {})
		return err
	}
	if err := undo(); err == nil {
		t.Fatal("undone while nobody knows whether it runs")
	}
	d.clock.pass(21 * time.Second)
	d.must(undo())
	d.until(b, id, "its end", func(r jobs.Report) bool { return r.State == jobs.Interrupted && r.Undoing != "" })
	d.until(b, id, "what was", func(jobs.Report) bool { return sameValues(before, d.values()) })
	_ = a.Close(context.Background())
	d.must(b.Close(context.Background()))
}
