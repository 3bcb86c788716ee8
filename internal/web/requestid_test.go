package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

var trusted = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}

// The id that a trusted proxy gives is kept if it is one; all others get one of ours.
func TestRequestID(t *testing.T) {
	near := newWorld(t, Config{TrustedProxies: trusted}, get("/", Public, ok))
	far := newWorld(t, Config{}, get("/", Public, ok))
	for given, kept := range map[string]bool{
		"": false, "a": true, "0f3-9_A.b": true, strings.Repeat("x", 63): true, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false,
		"a b": false, `a"b`: false, "a=b": false, "a/b": false, "ä": false, "a;b": false, "~": false,
	} {
		response, _ := near.do("GET", "/", "", "X-Request-Id", given)
		if got := response.Header.Get("X-Request-Id"); (got == given) != kept || got == "" {
			t.Errorf("%q became %q", given, got)
		}
		if kept && !strings.Contains(near.log.String(), "request="+given+"\n") {
			t.Errorf("%q is not in the log", given)
		}
		response, _ = far.do("GET", "/", "", "X-Request-Id", given)
		if got := response.Header.Get("X-Request-Id"); got == given || len(got) != 16 {
			t.Errorf("%q of nobody we trust became %q", given, got)
		}
	}
}

// What is logged with the context of a request names it, in whatever group; what acts for
// none does not.
func TestLogRequests(t *testing.T) {
	var text bytes.Buffer
	log := slog.New(LogRequests(LogRequests(slog.NewJSONHandler(&text, nil))))
	ctx := WithRequest(context.Background(), "r-1")
	log.InfoContext(ctx, "one")
	log.With("a", 1).InfoContext(ctx, "two")
	log.InfoContext(context.Background(), "three")
	log.InfoContext(WithRequest(context.Background(), ""), "four")
	log.InfoContext(WithRequest(context.Background(), RequestOf(ctx)), "five")
	if n := strings.Count(text.String(), `"request":"r-1"`); n != 3 || strings.Count(text.String(), "request") != 3 {
		t.Errorf("it logs\n%s", text.String())
	}
}

// Each request is one line that says who asked for what and what became of it; those that
// the server could not serve have another that says why.
func TestLog_Lines(t *testing.T) {
	var text lockedBuffer
	w := newWorld(t, Config{}, get("/who/:id", SignedIn, ok),
		get("/fail", SignedIn, func(*fiber.Ctx) error { return errors.New("the disk") }),
		get("/later", Public, func(*fiber.Ctx) error { return collections.Errorf(collections.Unavailable, "", "Later.") }))
	w.config.Log = slog.New(LogRequests(slog.NewJSONHandler(&text, nil)))
	ids := map[string]string{}
	for _, path := range []string{"/who/secret-7?token=secret-8", "/fail", "/later", "/nowhere"} {
		response, _ := w.do("GET", path, "", "Authorization", "Bearer worker")
		ids[response.Header.Get("X-Request-Id")] = path
	}
	lines := map[string][]string{}
	for line := range strings.Lines(text.String()) {
		var said struct {
			Msg, Level, Request, Method, Route, User, From, Error string
			Status                                                int
			Took                                                  *int64
		}
		if err := json.Unmarshal([]byte(line), &said); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if said.Method != "GET" || said.From != "127.0.0.1" || said.Took == nil || ids[said.Request] == "" {
			t.Errorf("the line is %s", line)
		}
		path := ids[said.Request]
		lines[path] = append(lines[path], strings.TrimSpace(strings.Join([]string{said.Level, said.Msg, said.Route, said.User, said.Error}, " ")))
	}
	for path, want := range map[string]string{
		"/who/secret-7?token=secret-8": "INFO request /who/:id worker",
		"/fail":                        "ERROR request failed /fail worker the disk|INFO request /fail worker",
		"/later":                       "WARN request could not be served /later  Later.|INFO request /later",
		"/nowhere":                     "INFO request none",
	} {
		if got := strings.Join(lines[path], "|"); got != want {
			t.Errorf("%s gives\n  %s, want\n  %s", path, got, want)
		}
	}
	if strings.Contains(text.String(), "secret") {
		t.Errorf("the log holds what the path did:\n%s", text.String())
	}
}
