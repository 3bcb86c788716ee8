package records_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// listener reads a stream of events.
type listener struct {
	*testing.T
	lines *bufio.Scanner
}

// listen opens a stream in somebody's browser.
func listen(t *testing.T, b *admintest.Browser, at, page string) *listener {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), "GET", b.URL+"/admin/here?at="+at+"&page="+page, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := b.HTTP.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s answers %d %s", at, response.StatusCode, response.Header)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return &listener{t, bufio.NewScanner(response.Body)}
}

// hears waits for an event of the name with the text in it.
func (l *listener) hears(name, text string) {
	l.Helper()
	event := ""
	for l.lines.Scan() {
		switch line := l.lines.Text(); {
		case strings.HasPrefix(line, "event: "):
			event = line[7:]
		case strings.HasPrefix(line, "data: ") && event == name && strings.Contains(line, text):
			return
		}
	}
	l.Fatalf("the stream ended before an event %s with %q", name, text)
}

// Ensure two people at one record see each other, what they are at, that one goes, and
// that the record moved on.
func TestHere_TwoPeople(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump"})
	at := "record/order/" + id
	eve, dana := w.As("eve"), w.As("dana")
	first := listen(t, eve, at, "p1")
	first.hears("here", "[]")
	second := listen(t, dana, at, "p2")
	first.hears("here", `"name":"dana"`)
	second.hears("here", `"name":"eve"`)
	if p := dana.Post("/admin/here", admintest.Values("at", at, "page", "p2", "field", "title")); p.Status != 204 {
		t.Errorf("saying so answers %d", p.Status)
	}
	first.hears("here", `"field":"title"`)
	if _, err := w.Engine.Patch(t.Context(), admintest.System, "order", id, map[string]any{"title": "Pump 4"}); err != nil {
		t.Fatal(err)
	}
	first.hears("moved", `"what":"record"`)
	second.hears("moved", `"by":"system"`)
	dana.Post("/admin/here", admintest.Values("at", at, "page", "p2", "leave", "1"))
	first.hears("here", "[]")
}

// Ensure who may not see a record, or a draft, does not hear who is at it.
func TestHere_OneDoor(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump", "assignee": "eve"})
	for name, place := range map[string][]string{
		"wim": {"record/order/" + id, "draft/order", "record/order", "", "x"},
		"eve": {"draft/order", "record/nothing/" + id, "record/order/" + id + "x"},
	} {
		b := w.As(name)
		for _, at := range place {
			if p := b.Get("/admin/here?page=p&at=" + at); p.Status != 404 {
				t.Errorf("%s at %q: status %d", name, at, p.Status)
			}
		}
	}
	if p := w.As("dana").Get("/admin/here?at=draft/order"); p.Status != 404 {
		t.Errorf("without a page: status %d", p.Status)
	}
	if p := w.Guest().Get(fmt.Sprint("/admin/here?page=p&at=record/order/", id)); p.Status == 200 {
		t.Error("nobody listens")
	}
}
