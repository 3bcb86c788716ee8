package web

import (
	"flag"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestRoute_NoRuleIsRefused(t *testing.T) {
	s, err := New(Config{Sessions: newFakeSessions()})
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]Route{
		"no rule":      {Method: "GET", Path: "/x", Handler: ok},
		"unknown rule": {Method: "GET", Path: "/x", Handler: ok, Access: "anyone"},
		"no handler":   {Method: "GET", Path: "/x", Access: Public},
		"no method":    {Path: "/x", Handler: ok, Access: Public},
		"no path":      {Method: "GET", Handler: ok, Access: Public},
	} {
		if s.Register(r) == nil {
			t.Errorf("%s: registered", name)
		}
	}
	if err := s.Register(get("/x", Public, ok)); err != nil {
		t.Error(err)
	}
	if s.Register(get("/x", Owners, ok)) == nil {
		t.Error("one path was registered twice")
	}
}

// Every rule lets in whom it says, by header and by cookie, and nobody else.
func TestRoute_AccessMatrix(t *testing.T) {
	accesses := []Access{Public, SignedIn, Editors, Designers, Owners}
	var routes []Route
	for i, a := range accesses {
		routes = append(routes, get(fmt.Sprint("/", i), a, ok))
	}
	w := newWorld(t, Config{}, routes...)
	for as, reaches := range map[string]int{"": 0, "nobody": 0, "worker": 1, "worker:read": 1, "editor": 2, "designer": 3, "owner": 4, "owner:read": 1} {
		for i, a := range accesses {
			want := 200
			switch {
			case i > reaches && (as == "" || as == "nobody"):
				want = 401
			case i > reaches:
				want = 403
			}
			response, body := w.do("GET", fmt.Sprint("/", i), "", "Cookie", "fieldstack="+as)
			w.wantStatus(fmt.Sprintf("%s by cookie as %q", a, as), response, body, want)
			if as != "" {
				response, body = w.do("GET", fmt.Sprint("/", i), "", "Authorization", "Bearer "+as)
				w.wantStatus(fmt.Sprintf("%s by header as %q", a, as), response, body, want)
			}
		}
	}
	// A wrong header is not mended by a right cookie.
	for _, header := range []string{"Bearer nobody", "Basic b3duZXI6eA==", "owner", "bearer owner"} {
		response, body := w.do("GET", "/1", "", "Authorization", header, "Cookie", "fieldstack=owner")
		w.wantStatus(header, response, body, 401)
		if response.Header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s: no WWW-Authenticate", header)
		}
	}
}

// TestCSRF_Matrix: what another site can make a browser send changes nothing.
func TestCSRF_Matrix(t *testing.T) {
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		changed := 0
		route := Route{Method: method, Path: "/x", Access: SignedIn, Handler: func(c *fiber.Ctx) error { changed++; return ok(c) }}
		w := newWorld(t, Config{}, route, get("/y", SignedIn, ok))
		cookie := []string{"Cookie", "fieldstack=worker", "Host", "field.example"}
		for _, c := range []struct {
			name    string
			headers []string
			status  int
		}{
			{"same-origin", []string{"Sec-Fetch-Site", "same-origin", "Origin", "https://field.example"}, 200},
			{"typed in", []string{"Sec-Fetch-Site", "none"}, 200},
			{"cross-site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
			{"cross-site lying Origin", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://field.example"}, 403},
			{"same-site is another host", []string{"Sec-Fetch-Site", "same-site"}, 403},
			{"nonsense", []string{"Sec-Fetch-Site", "Same-Origin"}, 403},
			{"old browser, other origin", []string{"Origin", "https://evil.example"}, 403},
			{"old browser, other port", []string{"Origin", "https://field.example:8443"}, 403},
			{"old browser, null", []string{"Origin", "null"}, 403},
			{"old browser, same origin", []string{"Origin", "https://field.example"}, 200},
			{"no browser", nil, 200},
		} {
			changed = 0
			response, body := w.do(method, "/x", "", append(slices.Clone(cookie), c.headers...)...)
			w.wantStatus(method+" "+c.name, response, body, c.status)
			if (changed == 1) != (c.status == 200) {
				t.Errorf("%s %s: changed %d times", method, c.name, changed)
			}
			// What proves itself is nobody's accident; a GET is always let through.
			response, body = w.do(method, "/x", "", append([]string{"Authorization", "Bearer worker"}, c.headers...)...)
			w.wantStatus(method+" by header "+c.name, response, body, 200)
			response, body = w.do("GET", "/y", "", append(slices.Clone(cookie), c.headers...)...)
			w.wantStatus("GET "+c.name, response, body, 200)
		}
	}
}

// TestHeaders_Golden: every header of every kind of answer, over plain HTTP and
// behind a proxy that speaks TLS.
func TestHeaders_Golden(t *testing.T) {
	w := newWorld(t, Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}},
		get("/ok", Public, ok), get("/secret", SignedIn, ok),
		get("/fail", Public, func(*fiber.Ctx) error { return fmt.Errorf("x") }),
		get("/busy", Public, func(*fiber.Ctx) error { return collections.Errorf(collections.Unavailable, "", "Busy.") }),
		post("/session", Public, func(c *fiber.Ctx) error { SetSession(c, "text"); return ok(c) }),
		Route{Method: "DELETE", Path: "/session", Access: Public, Handler: func(c *fiber.Ctx) error { ClearSession(c); return ok(c) }})
	var got strings.Builder
	for _, secure := range []bool{false, true} {
		for _, c := range []string{"GET /ok", "HEAD /ok", "GET /secret", "GET /none", "PUT /ok", "GET /fail", "GET /busy", "POST /session", "DELETE /session"} {
			method, path, _ := strings.Cut(c, " ")
			headers := []string{"Origin", "https://evil.example", "Host", "evil.example"}
			if secure {
				headers = append(headers, "X-Forwarded-Proto", "https")
			}
			response, _ := w.do(method, path, "", headers...)
			fmt.Fprintf(&got, "%s, TLS %v: %d\n%s\n", c, secure, response.StatusCode, headerText(response.Header))
		}
	}
	golden(t, "testdata/headers.golden", got.String())
}

func headerText(h http.Header) string {
	var lines []string
	for name, values := range h {
		for _, value := range values {
			switch name {
			case "Date", "Content-Length":
				continue
			case "X-Request-Id":
				value = "…"
			}
			lines = append(lines, "  "+name+": "+value+"\n")
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update and read the difference):\n%s", name, got)
	}
}

// Over TLS only the __Host- cookie counts: a neighbour can plant the plain one.
func TestSession_PlainCookieIsNothingOverTLS(t *testing.T) {
	w := newWorld(t, Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}, get("/", SignedIn, ok))
	for cookie, want := range map[string]int{"fieldstack=owner": 401, "__Host-fieldstack=owner": 200} {
		response, body := w.do("GET", "/", "", "Cookie", cookie, "X-Forwarded-Proto", "https")
		w.wantStatus(cookie, response, body, want)
	}
	response, body := w.do("GET", "/", "", "Cookie", "__Host-fieldstack=owner")
	w.wantStatus("the TLS cookie without TLS", response, body, 401)
}
