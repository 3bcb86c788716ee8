package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/crdt"
)

// annaWorks: status, hours, a tag, the first line of the notes, a part moved up; and
// the record that Ben will delete.
func (s *story) annaWorks(ctx context.Context) error {
	s.step("Anna, offline, on WO-0042: in_progress, 1.5 hours, tag urgent, first line of the notes, a part moved up.")
	before, err := s.anna.orders.Get(ctx, s.id42)
	if err != nil {
		return err
	}
	parts := before.Rows("parts")
	firstLine, _, _ := strings.Cut(before.Value["notes"].(string), "\n")
	err = errors.Join(
		s.anna.orders.Update(ctx, s.id42, map[string]any{"status": "in_progress"}),
		s.anna.orders.Edit(ctx, s.id42, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1.5) }),
		s.anna.orders.Edit(ctx, s.id42, func(e *crdt.Editor) error { return e.Include([]string{"tags"}, "urgent") }),
		s.anna.orders.Edit(ctx, s.id42, func(e *crdt.Editor) error {
			return e.Splice([]string{"notes"}, len([]rune(firstLine)), 0, " Isolated and tagged out by Anna.")
		}),
		s.anna.orders.Edit(ctx, s.id42, func(e *crdt.Editor) error {
			return e.MoveRow([]string{"parts"}, parts[len(parts)-1].ID, 0)
		}),
	)
	if err != nil {
		return err
	}
	after, err := s.anna.orders.Get(ctx, s.id42)
	if err != nil {
		return err
	}
	s.wantParts = s.partNames(after) + ", O-ring 40 mm"
	s.step("Anna, offline, on WO-0043: a new title and a meter reading.")
	return s.anna.orders.Update(ctx, s.id43, map[string]any{"title": "Repaint handrail, second coat", "meter": 15000.0})
}

// benWorks: his clock jumps, then notes, hours, a tag removed, a part added, an
// invalid priority refused on the spot, and WO-0043 deleted.
func (s *story) benWorks(ctx context.Context) error {
	s.ben.ahead.Store((3 * 365 * 24 * time.Hour).Milliseconds())
	s.step("Ben changes his battery; his clock comes back three years ahead.")
	s.step(`Ben, offline, on WO-0042: "Need part." in the notes, 2 hours, removes parts-ordered, adds a part.`)
	before, err := s.ben.orders.Get(ctx, s.id42)
	if err != nil {
		return err
	}
	end := len([]rune(before.Value["notes"].(string)))
	rows := len(before.Rows("parts"))
	err = errors.Join(
		s.ben.orders.Edit(ctx, s.id42, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, end, 0, "\nNeed part.") }),
		s.ben.orders.Edit(ctx, s.id42, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 2) }),
		s.ben.orders.Edit(ctx, s.id42, func(e *crdt.Editor) error { return e.Exclude([]string{"tags"}, "parts-ordered") }),
		s.ben.orders.Edit(ctx, s.id42, func(e *crdt.Editor) error {
			_, err := e.InsertRow([]string{"parts"}, rows, map[string]any{"part": "O-ring 40 mm", "quantity": 4.0})
			return err
		}),
	)
	if err != nil {
		return err
	}
	err = s.ben.orders.Update(ctx, s.id42, map[string]any{"priority": "panic"})
	s.step("Ben, offline, tries priority panic.")
	s.check(client.HasCode(err, client.CodeInvalid), "told why, with no network: %v", err)
	s.step("Ben, offline, deletes WO-0043.")
	return s.ben.orders.Delete(ctx, s.id43)
}

func (s *story) ownerPublishesTwo(ctx context.Context) error {
	two, err := sampleSchemaTwo()
	if err != nil {
		return err
	}
	s.step("The owner publishes version 2 of Work order: Permit number is now required.")
	_, err = publish(ctx, serverTarget{s.server}, sampleType, two)
	return err
}

// everybodyComesBack: one then the other, the first of them with an answer lost after
// the server had acted on it; Cleo hears of it without asking.
func (s *story) everybodyComesBack(ctx context.Context) error {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	listening := make(chan struct{})
	go func() {
		defer close(listening)
		_ = s.cleo.device.Listen(ctx) // ends with hangUp
	}()
	order := []*fieldWorker{s.anna, s.ben}
	if s.first == "ben" {
		order = []*fieldWorker{s.ben, s.anna}
	}
	for i, w := range order {
		w.net.cut.Store(false)
		w.net.loseNext.Store(i == 0)
		if err := s.comeBack(ctx, w); err != nil {
			return err
		}
		s.clock.pass(time.Minute)
	}
	for _, w := range order { // what came of the other one
		if _, err := w.device.Sync(ctx); err != nil {
			return err
		}
	}
	live := s.waitForCleo(ctx)
	s.step("Cleo has been listening all the while.")
	s.check(live, "Cleo heard of both live, with no round trip of her own")
	hangUp()
	<-listening
	return nil
}

// comeBack syncs one worker, again where the answer was lost.
func (s *story) comeBack(ctx context.Context, w *fieldWorker) error {
	before, err := w.device.Status(ctx)
	if err != nil {
		return err
	}
	report, err := w.device.Sync(ctx)
	if lost := w.net.lost.Load(); lost > 0 {
		s.step("%s is back with %d changes. The server takes them; its answer is lost.", title(w.name), before.Pending)
		s.check(client.HasCode(err, client.CodeOffline), "%s's device keeps them all and will send them again", title(w.name))
		report, err = w.device.Sync(ctx)
		s.step("%s's device sends them again: %d acknowledged, none applied twice.", title(w.name), report.Acknowledged)
	} else {
		s.step("%s is back with %d changes: %d acknowledged.", title(w.name), before.Pending, report.Acknowledged)
	}
	if err != nil {
		return err
	}
	s.check(report.Refused == 0 && report.Acknowledged == before.Pending, "all %d of %s's changes were taken", before.Pending, title(w.name))
	return nil
}

// waitForCleo waits until Cleo's device shows what Anna's does.
func (s *story) waitForCleo(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		changed := s.cleo.device.Changed()
		if s.same(ctx, s.cleo, s.anna, s.id42) && s.same(ctx, s.cleo, s.anna, s.id43) {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-changed:
		}
	}
}

// same reports whether two devices show the same document.
func (s *story) same(ctx context.Context, a, b *fieldWorker, id string) bool {
	left, err1 := a.orders.Get(ctx, id)
	right, err2 := b.orders.Get(ctx, id)
	return err1 == nil && err2 == nil && left.Deleted == right.Deleted && crdt.EqualValues(left.Value, right.Value)
}

func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }
