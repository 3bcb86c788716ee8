package api

import (
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// Ensure the history tells an app, by the contract, who did what on which device, and
// the values that met a newer one.
func TestHistory_TellsWhatLost(t *testing.T) {
	w := newWorld(t)
	now := time.Now()
	set := func(replica crdt.Replica, ago time.Duration, status string) *crdt.Change {
		return &crdt.Change{
			Replica: replica, N: 1, Stamp: crdt.NewTime(now.Add(-ago).UnixMilli(), 0), Type: "order", Version: 1, Doc: docID(1),
			Ops: []crdt.Op{{Kind: crdt.OpSet, Path: []string{"status"}, Value: status, Has: true}},
		}
	}
	made := creation(0xaa, 1, docID(1), map[string]any{"title": "Pump", "assignee": "wim", "status": "open"})
	made.Stamp = crdt.NewTime(now.Add(-3*time.Hour).UnixMilli(), 0)
	w.sync("olga", 0xaa, "", made)
	w.sync("eve", 0xbb, "", set(0xbb, time.Hour, "done"))
	w.sync("wim", 0xcc, "", set(0xcc, 2*time.Hour, "open"))
	a := w.do("wim", "GET", "/api/order/"+docID(1)+"/history?field=status", "")
	w.want("history", a, 200)
	var page struct {
		Events []struct {
			By, Device string
			Fields     []struct {
				Field, Label, Did string
				After             any
				Lost              bool
				Losses            []struct {
					Path  []string
					Wrote any
				}
			}
		}
	}
	a.into(t, &page)
	if len(page.Events) != 3 {
		t.Fatalf("the history is %s", a.body)
	}
	last := page.Events[2]
	f := last.Fields[0]
	if last.By != "wim" || last.Device != "00000000000000cc" || f.Label != "Status" || f.Did != "set" || f.After != "done" || !f.Lost {
		t.Errorf("the last event is %+v", last)
	}
	if len(f.Losses) != 1 || f.Losses[0].Wrote != "open" || len(f.Losses[0].Path) != 1 || f.Losses[0].Path[0] != "status" {
		t.Errorf("what lost is %+v", f.Losses)
	}
}
