package api

import (
	"bytes"
	"strings"
	"sync"
	"testing"
)

// lockedLog is a log that a test can read while the server writes it.
type lockedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Whatever people send, and however it ends, no password, no token and nothing of what
// records hold is in the log; every line about a request has its id.
func TestLog_NoSecrets(t *testing.T) {
	w := newWorld(t)
	const value, password = "unmistakable-value", "unmistakable-password"
	id := w.order(1, map[string]any{"title": "Pump"})
	send := func(also ...string) {
		for _, as := range []string{"", "wim", "olga"} {
			for _, c := range [][3]string{
				{"POST", "/api/order", `{"value":{"title":"` + value + `","notes":"` + value + `"}}`},
				{"POST", "/api/order", `{"value":{"title":7,"` + value + `":1}}`},
				{"PATCH", "/api/order/" + id, `{"value":{"title":"` + value + `"}}`},
				{"GET", "/api/order?search=" + value + "&where=" + value, ""},
				{"POST", "/api/_session", `{"identity":"olga","password":"` + password + `"}`},
				{"POST", "/api/_accounts", `{"name":"x","password":"` + password + `","role":"` + value + `"}`},
				{"POST", "/api/_sync", `{"replica":"00000000000000aa","cursor":"` + value + `","changes":[]}`},
				{"GET", "/" + value, ""}, {"GET", "/api/" + value, ""}, {"GET", "/api/_events?cursor=" + value, ""},
			} {
				w.do(as, c[0], c[1], c[2], also...)
			}
		}
	}
	send()
	w.must(w.store.Close()) // from now on all goes wrong in the server itself
	send("X-Request-Id", value, "User-Agent", value, "Referer", "http://x/"+value)
	text := w.log.String()
	for _, secret := range append([]string{value, password}, w.tokens["olga"], w.tokens["wim"]) {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	failed := 0
	for line := range strings.Lines(text) {
		if strings.Contains(line, "method=") && !strings.Contains(line, " request=") {
			t.Errorf("a request without its id: %s", line)
		}
		if strings.Contains(line, "level=ERROR") {
			failed++
		}
	}
	if failed == 0 {
		t.Errorf("nothing went wrong in\n%s", text)
	}
}
