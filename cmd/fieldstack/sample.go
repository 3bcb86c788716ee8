package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"
)

// sampleType is the name of the type that --demo and demo work with.
const sampleType = "work-order"

// sampleSchema is version 1 of it.
//
//go:embed sample/work-order.json
var sampleSchema []byte

// sampleSchemaTwo is version 2: the same with a new field that is required.
func sampleSchemaTwo() ([]byte, error) {
	var s map[string]any
	if err := json.Unmarshal(sampleSchema, &s); err != nil {
		return nil, fmt.Errorf("sample type: %w", err)
	}
	s["properties"].(map[string]any)["permit"] = map[string]any{"title": "Permit number", "type": "string", "minLength": 1, "maxLength": 40}
	s["required"] = append(s["required"].([]any), "permit")
	s["x-order"] = append(s["x-order"].([]any), "permit")
	return json.MarshalIndent(s, "", "  ")
}

// What sample work orders are about. The lists have lengths without a common factor,
// so that a few dozen records look different.
var (
	sampleJobs = []string{
		"Replace gasket on feed pump", "Compressor trips on start", "Recalibrate level transmitter",
		"Oil leak at gearbox", "Inspect relief valve", "Conveyor belt runs off centre",
		"Panel heater not working", "Replace worn drive coupling", "Vibration on cooling fan",
		"Hydraulic hose chafed", "Repaint handrail",
	}
	sampleSites      = []string{"Well pad 7", "Tank farm", "North station", "Camp", "Jetty"}
	sampleStatuses   = []string{"waiting", "done", "open", "open"}
	samplePriorities = []string{"normal", "low", "high"}
	sampleTags       = [][]any{{"mechanical"}, {"electrical"}, {"hydraulic", "leak"}, {"safety"}, {}, {"inspection", "yearly"}, {"rotating"}}
	sampleParts      = []string{"Gasket set", "Bearing 6204", "Hose 3/4 in", "Seal kit", "V-belt B52", "Fuse 10 A"}
)

// sampleOrder is the i-th sample work order, counted from 1. The same i gives the
// same record on the same day.
func sampleOrder(i int, people []string, today time.Time) map[string]any {
	order := map[string]any{
		"title":    sampleJobs[i%len(sampleJobs)],
		"status":   sampleStatuses[i%len(sampleStatuses)],
		"priority": samplePriorities[i%len(samplePriorities)],
		"site":     sampleSites[i%len(sampleSites)],
		"assignee": people[i%len(people)],
		"due":      today.AddDate(0, 0, i%30-5).Format(time.DateOnly),
		"notes":    "Reported by the night shift.\nCheck isolation before opening.",
		"tags":     sampleTags[i%len(sampleTags)],
		"meter":    float64(12000 + 37*i),
		"parts": []any{
			map[string]any{"part": sampleParts[i%len(sampleParts)], "quantity": float64(1 + i%3), "fitted": false},
			map[string]any{"part": sampleParts[(i+2)%len(sampleParts)], "quantity": float64(2)},
		},
	}
	if order["status"] != "open" {
		order["hours"] = float64(1+i%4) / 2
	}
	if order["status"] == "done" {
		order["signature"] = people[i%len(people)]
	}
	return order
}
