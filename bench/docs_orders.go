package main

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// orders are the work orders of the benchmark of documents: the i-th is the same in
// every run, and its texts are real work-order lines where they are there.
type orders struct {
	count int
	lines []string
	start int64 // ms since 1970 UTC when the first was made
}

func newOrders(count int) *orders {
	return &orders{count, workLines(), time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC).UnixMilli()}
}

// dice gives an even number below sides, the same for the same i and roll.
func dice(i, roll, sides int) int {
	x := uint64(i)*0x9e3779b97f4a7c15 + uint64(roll)*0xd1b54a32d192ed03 // SplitMix64's finalizer (Steele, Lea, Flood 2014)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	return int(x % uint64(sides))
}

// made is when the i-th order was written down: one every few seconds.
func (o *orders) made(i int) int64 { return o.start + int64(i)*4000 + int64(dice(i, 0, 3900)) }

// edited is when it was edited: after all were made.
func (o *orders) edited(i int) int64 { return o.made(o.count+i) + 24*60*60*1000 }

// id is the UUIDv7 that the device gave the i-th order.
func (o *orders) id(i int) string {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(o.made(i))<<16|0x7000|uint64(dice(i, 1, 1<<12)))
	binary.BigEndian.PutUint64(id[8:], 1<<63|uint64(dice(i, 2, 1<<62)))
	return id.String()
}

func (o *orders) line(i, roll int) string { return o.lines[dice(i, roll, len(o.lines))] }

var (
	docsStatuses = []string{"open", "in_progress", "waiting", "done"}
	docsParts    = []string{"Gasket set", "Bearing 6204", "Mechanical seal", "Hydraulic hose 3/8", "V-belt B52", "Filter element", "Relief valve", "Coupling"}
	docsTags     = []string{"mechanical", "electrical", "hydraulic", "shutdown", "warranty", "safety", "follow-up"}
)

// order is the value of the i-th order: all twelve fields.
func (o *orders) order(i int) map[string]any {
	notes := o.line(i, 10)
	for n := range 2 + dice(i, 11, 4) {
		notes += "\n" + o.line(i, 12+n)
	}
	var parts []any
	for n := range 3 {
		parts = append(parts, map[string]any{
			"part": docsParts[(dice(i, 20, 100)+3*n)%len(docsParts)], "quantity": float64(1 + dice(i, 30+n, 6))})
	}
	first := dice(i, 40, len(docsTags))
	return map[string]any{
		"title": o.line(i, 3), "status": docsStatuses[dice(i, 4, 3)],
		"priority": []string{"low", "normal", "high", "urgent"}[dice(i, 5, 4)],
		"site":     "Well pad " + strconv.Itoa(dice(i, 6, 240)), "assignee": fmt.Sprintf("worker-%03d", dice(i, 7, 300)),
		"due":   time.UnixMilli(o.made(i) + int64(dice(i, 8, 30))*86_400_000).UTC().Format(time.DateOnly),
		"notes": notes, "parts": parts, "tags": []any{docsTags[first], docsTags[(first+1+dice(i, 41, 5))%len(docsTags)]},
		"hours": float64(dice(i, 42, 40)) / 4, "meter": float64(1000 + dice(i, 43, 40_000)),
		"signature": fmt.Sprintf("worker-%03d %08x", dice(i, 7, 300), dice(i, 44, 1<<32)),
	}
}

// edit is what somebody did to the i-th order: the paths and what they are set to.
// The eight kinds of edit are those that a day brings.
func (o *orders) edit(i int, value map[string]any) (path []string, to any) {
	switch i % 8 {
	case 0:
		return []string{"status"}, "done"
	case 1:
		return []string{"hours"}, value["hours"].(float64) + 1.5
	case 2:
		return []string{"tags"}, append(append([]any{}, value["tags"].([]any)...), "checked")
	case 3, 4:
		return []string{"notes"}, value["notes"].(string) + "\n" + o.line(i, 50)
	case 5:
		parts := append([]any{}, value["parts"].([]any)...)
		row := parts[1].(map[string]any)
		parts[1] = map[string]any{"part": row["part"], "quantity": row["quantity"].(float64) + 1}
		return []string{"parts"}, parts
	case 6:
		return []string{"meter"}, value["meter"].(float64) + float64(1+dice(i, 51, 500))
	}
	return []string{"title"}, o.line(i, 52) + ", see notes"
}
