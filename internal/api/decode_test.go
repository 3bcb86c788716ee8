package api

import (
	"strings"
	"testing"
)

// TestDecode_Strict: what two readers of JSON could take for two things is refused on
// every route that takes a body, before anything happens.
func TestDecode_Strict(t *testing.T) {
	w := newWorld(t)
	id := w.order(1, map[string]any{"title": "Pump"})
	before := w.engine.Stats().Accepted
	bodies := map[string]string{
		"nothing":         " ",
		"no JSON":         `title=Pump`,
		"cut":             `{"value":{"title":"x"}`,
		"trailing":        `{"value":{"title":"x"}} {}`,
		"duplicate":       `{"value":{"title":"x"},"value":{"title":"y"}}`,
		"duplicate below": `{"value":{"title":"x","title":"y"}}`,
		"other case":      `{"Value":{"title":"x"},"VALUE":{}}`,
		"unknown":         `{"value":{"title":"x"},"role":"owner"}`,
		"invalid UTF-8":   "{\"value\":{\"title\":\"\xff\"}}",
		"lone surrogate":  `{"value":{"title":"\ud800"}}`,
		"__proto__":       `{"value":{"__proto__":{"title":"x"}}}`,
		"too deep":        strings.Repeat(`{"value":`, 100) + `1` + strings.Repeat(`}`, 100),
		"huge number":     `{"value":{"title":"x","hours":1e1000001}}`,
		"inexact number":  `{"value":{"title":"x","hours":9007199254740993}}`,
		"byte order mark": "\ufeff{\"value\":{\"title\":\"x\"}}",
		"comment":         `{"value":{"title":"x"}/**/}`,
		"single quotes":   `{'value':{}}`,
		"array":           `[{"value":{"title":"x"}}]`,
		"null":            `null`,
	}
	for _, r := range w.server.Routes() {
		switch {
		case r.Method == "GET" || r.Method == "DELETE":
			continue
		case strings.HasSuffix(r.Path, "/restore") || strings.HasSuffix(r.Path, "/publish"):
			delete(bodies, "nothing") // these two come last in the table and take no body
		}
		path := strings.NewReplacer(":type", "order", ":id", id).Replace(r.Path)
		for name, body := range bodies {
			a := w.do("olga", r.Method, path, body)
			if a.status != 400 {
				t.Errorf("%s %s, %s: %d %s", r.Method, path, name, a.status, a.body)
			}
		}
	}
	if after := w.engine.Stats().Accepted; after != before {
		t.Errorf("%d changes were accepted", after-before)
	}
}
