package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/crdt"
)

// checkDocuments prints what both devices show and holds it against what both did.
func (s *story) checkDocuments(ctx context.Context) error {
	for _, d := range []struct{ number, id string }{{"WO-0042", s.id42}, {"WO-0043", s.id43}} {
		for _, w := range []*fieldWorker{s.anna, s.ben} {
			doc, err := w.orders.Get(ctx, d.id)
			if err != nil {
				return err
			}
			text, err := json.MarshalIndent(doc.Value, "       ", "  ")
			if err != nil {
				return err
			}
			fmt.Fprintf(s.say, "\n       %s on %s's device:\n       %s\n", d.number, title(w.name), text)
		}
		fmt.Fprintln(s.say)
		s.check(s.same(ctx, s.anna, s.ben, d.id), "Anna's and Ben's %s are equal", d.number)
	}
	doc, err := s.anna.orders.Get(ctx, s.id42)
	if err != nil {
		return err
	}
	v := doc.Value
	notes, _ := v["notes"].(string)
	tags, _ := v["tags"].([]any)
	s.check(v["hours"] == 3.5, "hours: 1.5 + 2 = %v", v["hours"])
	s.check(v["status"] == "in_progress", "status: Anna's in_progress, the newer one: %v", v["status"])
	s.check(strings.Contains(notes, " Isolated and tagged out by Anna.\n") && strings.HasSuffix(notes, "\nNeed part."), "notes: both texts, each whole")
	s.check(slices.Contains(tags, any("urgent")) && !slices.Contains(tags, any("parts-ordered")), "tags: urgent is there, parts-ordered is gone: %v", tags)
	s.check(s.partNames(doc) == s.wantParts, "parts: Anna's order with Ben's part at its end: %s", s.partNames(doc))
	doc, err = s.anna.orders.Get(ctx, s.id43)
	if err != nil {
		return err
	}
	s.check(!doc.Deleted && doc.Value["meter"] == 15000.0 && strings.Contains(doc.Value["title"].(string), "second coat"),
		"WO-0043 is alive, with Anna's edit")
	return nil
}

func (s *story) partNames(d *client.Document) string {
	var names []string
	for _, row := range d.Rows("parts") {
		fields, _ := row.Value.(map[string]any)
		names = append(names, fmt.Sprint(fields["part"]))
	}
	return strings.Join(names, ", ")
}

// checkHistory reads from the server who did what to the status, and when.
func (s *story) checkHistory(ctx context.Context) error {
	var page struct {
		Events []struct {
			By     string
			At     int64
			Device string
			Stamp  crdt.Time
			Fields []struct {
				Text string
				Lost bool
			}
		}
	}
	if err := s.server.call(ctx, http.MethodGet, "/api/"+sampleType+"/"+s.id42+"/history?field=status", nil, &page); err != nil {
		return err
	}
	s.step("The history of the status of WO-0042, as the server tells it:")
	people := map[string]bool{}
	for _, e := range page.Events {
		people[e.By] = true
		for _, f := range e.Fields {
			note := ""
			if f.Lost {
				note = "  (a newer value was there)"
			}
			fmt.Fprintf(s.say, "             %-6s %s%s\n", e.By, f.Text, note)
		}
	}
	s.check(people["anna"] && people["ben"], "the status history names both")
	if err := s.server.call(ctx, http.MethodGet, "/api/"+sampleType+"/"+s.id42+"/history", nil, &page); err != nil {
		return err
	}
	now := s.clock.now().UnixMilli()
	bens, late := 0, 0
	for _, e := range page.Events {
		if e.By == "ben" {
			bens++
		}
		if e.Stamp.Millis() > now {
			late++
		}
	}
	s.check(bens > 0 && late == 0, "Ben's %d changes carry stamps of today, none of the future", bens)
	return nil
}

// checkServer looks at what the server lists, and at the devices' queues.
func (s *story) checkServer(ctx context.Context) error {
	var page struct {
		Documents []struct {
			ID       string
			Version  int
			Problems []struct{ Message string }
		}
	}
	where := url.QueryEscape(`{"field":"number","in":["WO-0042","WO-0043"]}`)
	if err := s.server.call(ctx, http.MethodGet, "/api/"+sampleType+"?state=attention&where="+where, nil, &page); err != nil {
		return err
	}
	reason := ""
	for _, d := range page.Documents {
		for _, p := range d.Problems {
			reason = p.Message
		}
	}
	s.step("The owner opens Needs attention.")
	s.check(len(page.Documents) == 2 && reason != "", "both records, written under version 1, were accepted and are listed: %s", reason)
	for _, w := range []*fieldWorker{s.anna, s.ben, s.cleo} {
		status, err := w.device.Status(ctx)
		if err != nil {
			return err
		}
		types := w.device.Types()
		s.check(status.Pending == 0 && status.Refused == 0 && len(types) == 1 && types[0].Version == 2,
			"%s's device: nothing pending, nothing refused, version 2 of the type", title(w.name))
	}
	return nil
}
