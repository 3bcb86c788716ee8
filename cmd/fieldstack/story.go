package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/fieldstack/fieldstack/client"
)

// story is the promise of the product as something that happens: three people, two
// of them offline, one of those with a clock three years ahead.
type story struct {
	say    io.Writer
	server *remote // the owner's access
	clock  *storyClock
	dir    string // where the devices keep their files
	first  string // who comes back first: "anna" or "ben"

	anna, ben, cleo *fieldWorker
	id42, id43      string
	wantParts       string // of WO-0042 in the end
	failures        []string
}

// act is a part of the story. Its error is about the telling; what the product did
// wrong is in the story's failures.
type act func(s *story, ctx context.Context) error

// wholeStory lists the acts in order.
func wholeStory() []act {
	return []act{
		(*story).ownerDefinesType, (*story).devicesDownload, (*story).annaGoesOffline, (*story).benGoesOffline,
		(*story).annaWorks, (*story).benWorks, (*story).ownerPublishesTwo, (*story).everybodyComesBack,
		(*story).checkDocuments, (*story).checkHistory, (*story).checkServer,
	}
}

func (s *story) play(ctx context.Context, acts []act) error {
	for _, a := range acts {
		if err := a(s, ctx); err != nil {
			return err
		}
		s.clock.pass(10 * time.Minute)
	}
	return nil
}

func (s *story) step(format string, args ...any) {
	fmt.Fprintf(s.say, "%s  %s\n", s.clock.now().UTC().Format("15:04"), fmt.Sprintf(format, args...))
}

// check says whether something came out as promised.
func (s *story) check(ok bool, format string, args ...any) {
	text, mark := fmt.Sprintf(format, args...), "ok  "
	if !ok {
		mark = "FAIL"
		s.failures = append(s.failures, text)
	}
	fmt.Fprintf(s.say, "       %s  %s\n", mark, text)
}

// ownerDefinesType publishes version 1, adds the people and sixty records.
func (s *story) ownerDefinesType(ctx context.Context) error {
	if _, err := publish(ctx, serverTarget{s.server}, sampleType, sampleSchema); err != nil {
		return err
	}
	for _, name := range []string{"anna", "ben", "cleo"} {
		account := map[string]any{"name": name, "password": name + " in the field", "role": "worker"}
		if err := s.server.call(ctx, http.MethodPost, "/api/_accounts", account, nil); err != nil {
			return fmt.Errorf("add %s: %w", name, err)
		}
	}
	if err := addSamples(ctx, s.server, s.clock.now()); err != nil {
		return err
	}
	s.step("The owner publishes Work order, version 1, and enters 60 of them.")
	return nil
}

// devicesDownload gives each worker a device with the type and the records.
func (s *story) devicesDownload(ctx context.Context) error {
	for _, p := range []struct {
		worker **fieldWorker
		name   string
	}{{&s.anna, "anna"}, {&s.ben, "ben"}, {&s.cleo, "cleo"}} {
		w, err := s.enlist(ctx, p.name)
		if err != nil {
			return fmt.Errorf("%s's device: %w", p.name, err)
		}
		*p.worker = w
	}
	docs, err := s.anna.orders.Find(ctx, client.Query{Sort: []client.Sort{{Field: []string{"number"}}}})
	if err != nil {
		return err
	}
	for _, d := range docs {
		switch d.Value["number"] {
		case "WO-0042":
			s.id42 = d.ID
		case "WO-0043":
			s.id43 = d.ID
		}
	}
	if s.id42 == "" || s.id43 == "" {
		return fmt.Errorf("the server did not number the records: WO-0042 and WO-0043 are not among %d", len(docs))
	}
	s.step("Anna, Ben and Cleo sign in on their devices; each has the type and %d records.", len(docs))
	return nil
}

func (s *story) annaGoesOffline(ctx context.Context) error {
	s.anna.net.cut.Store(true)
	s.step("Anna drives out of range.")
	patch := map[string]any{"value": map[string]any{"tags": []any{"mechanical", "parts-ordered"}}}
	if err := s.server.call(ctx, http.MethodPatch, "/api/"+sampleType+"/"+s.id42, patch, nil); err != nil {
		return err
	}
	s.step("The owner tags WO-0042 parts-ordered. Anna does not see it, Ben does.")
	return nil
}

func (s *story) benGoesOffline(ctx context.Context) error {
	if _, err := s.ben.device.Sync(ctx); err != nil {
		return err
	}
	s.ben.net.cut.Store(true)
	s.step("Ben drives out of range, and sets WO-0042 to waiting.")
	return s.ben.orders.Update(ctx, s.id42, map[string]any{"status": "waiting"})
}
