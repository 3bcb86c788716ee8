package crdttest

import (
	"maps"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

func replicasOf(d *crdt.Document) []crdt.Replica { return slices.Sorted(maps.Keys(d.Seen())) }

// lookAround tells the rows of every list that shows under a path, and every text.
func lookAround(told *strings.Builder, d *crdt.Document, v any, path []string) {
	if text := d.Text(path...); text != "" {
		told.WriteString(strings.Join(path, "/") + " " + crdt.Canonical(text) + "\n")
	}
	for _, row := range d.Rows(path...) {
		at := append(slices.Clip(path), row.ID.String())
		told.WriteString(strings.Join(at, "/") + " " + crdt.Canonical(row.Value) + "\n")
		lookAround(told, d, row.Value, at)
	}
	object, _ := v.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		lookAround(told, d, object[key], append(slices.Clip(path), key))
	}
}
