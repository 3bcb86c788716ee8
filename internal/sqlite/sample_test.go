package sqlite

import (
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

const device crdt.Replica = 0xfedcba9876543210

func docID(n uint64) string { return fmt.Sprintf("01920000-0000-7000-8000-%012d", n) }

var statuses = []string{"open", "in_progress", "waiting", "done", "cancelled"}

// sample makes entry n and the document it makes, of the size that work orders have.
func sample(n uint64) (collections.Entry, collections.Record) {
	value := map[string]any{
		"title":    fmt.Sprintf("Pump %d leaks at the flange", n),
		"status":   statuses[n%5],
		"number":   fmt.Sprintf("WO-%06d", n),
		"hours":    float64(n%97) / 4,
		"assignee": fmt.Sprintf("tech%02d", n%40),
		"due":      fmt.Sprintf("2026-%02d-%02d", 1+n%12, 1+n%28),
		"site":     map[string]any{"name": fmt.Sprintf("Plant %d", n%200), "lat": 48.1, "lon": 11.5},
		"tags":     []any{"urgent", fmt.Sprintf("zone%d", n%9)},
		"notes":    "Seal worn, flange corroded. Ordered a new gasket; isolate line 3 before opening. Check torque after 24 hours of running.",
	}
	op := crdt.Op{Kind: crdt.OpSet, Path: []string{"title"}, Value: value["title"], Has: true}
	e := collections.Entry{
		Place: collections.Place{Stream: stream, N: n}, Kind: collections.EntryChange, At: int64(n), By: "ines",
		Type: "work-order", Change: &crdt.Change{
			Replica: device, N: n, Stamp: crdt.NewTime(int64(n), 0), Type: "work-order", Version: 1, Doc: docID(n),
			Ops: []crdt.Op{{Kind: crdt.OpCreate}, op, op, op, op},
		},
	}
	r := collections.Record{
		Key: collections.Key{Type: "work-order", ID: docID(n)}, Rev: 1, Version: 1,
		Value: crdt.AppendValue(nil, value), Meta: make([]byte, 120),
		Created: int64(n), CreatedBy: "ines", Updated: int64(n), UpdatedBy: "ines", Last: e.Place,
		Words: []string{
			"pump", fmt.Sprint(n), "leaks", "at", "the", "flange", statuses[n%5], fmt.Sprintf("wo%06d", n), fmt.Sprintf("tech%02d", n%40),
			"plant", fmt.Sprint(n % 200), "urgent", fmt.Sprintf("zone%d", n%9), "seal", "worn", "corroded", "ordered", "new", "gasket",
			"isolate", "line", "3", "before", "opening", "check",
		},
	}
	return e, r
}
