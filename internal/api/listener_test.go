package api

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// event is one server-sent event.
type event struct{ name, id, data string }

// listener is an open event stream.
type listener struct {
	events chan event // closed when the stream ends
	close  func()
}

// listen opens an event stream as somebody.
func (w *world) listen(as, cursor string, headers ...string) *listener {
	w.Helper()
	path := "/api/_events?cursor=" + url.QueryEscape(cursor)
	request, err := http.NewRequest("GET", "http://"+w.addr+path, nil)
	w.must(err)
	request.Header.Set("Authorization", "Bearer "+w.credential(as))
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := (&http.Client{Transport: &http.Transport{}}).Do(request)
	w.must(err)
	if response.StatusCode != 200 {
		text, _ := io.ReadAll(response.Body)
		w.Fatalf("listen as %s: %d %s", as, response.StatusCode, text)
	}
	l := &listener{events: make(chan event, 10_000), close: func() { response.Body.Close() }}
	go func() {
		defer close(l.events)
		scanEvents(response.Body, func(e event) { l.events <- e })
	}()
	return l
}

// scanEvents reads events as the standard says, until the text ends; a last one that
// is not complete is dropped.
func scanEvents(r io.Reader, f func(event)) {
	lines := bufio.NewReader(r)
	var e event
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSuffix(line, "\n")
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			if e.data != "" || e.id != "" {
				f(e)
			}
			e = event{}
		case name == "event":
			e.name = value
		case name == "id":
			e.id = value
		case name == "data":
			e.data += value
		}
	}
}

// next waits for the next event that holds data.
func (l *listener) next(t testing.TB) (event, pulled) {
	t.Helper()
	timeout := time.After(5 * time.Second)
	for {
		select {
		case e, open := <-l.events:
			if !open {
				t.Fatal("the stream has ended")
			}
			if e.data == "" {
				continue
			}
			var p pulled
			if err := json.Unmarshal([]byte(e.data), &p); err != nil {
				t.Fatalf("event %q: %v", e.data, err)
			}
			return e, p
		case <-timeout:
			t.Fatal("no event in time")
		}
	}
}
