package web

import (
	"strings"
	"testing"
)

const (
	friend   = "https://app.example"
	stranger = "https://evil.example"
)

func openWorld(t *testing.T, allow ...string) *world {
	t.Helper()
	for _, origin := range allow {
		if err := CheckOrigin(origin); err != nil {
			t.Fatal(err)
		}
	}
	return newWorld(t, Config{AllowOrigins: allow},
		post("/api/_session", Public, ok), get("/api/x", SignedIn, ok), post("/api/x", SignedIn, ok), post("/sign-in", Public, ok), get("/admin", SignedIn, ok))
}

// Ensure a page of another origin is let in where it may, with a token, and only there.
func TestElsewhere_WhoIsLetIn(t *testing.T) {
	for name, c := range map[string]struct {
		allow  []string
		origin string
		allows string // the header; "": not let in
	}{
		"nobody is named":     {nil, friend, ""},
		"named":               {[]string{"http://localhost:5173", friend}, friend, friend},
		"not named":           {[]string{friend}, stranger, ""},
		"another scheme":      {[]string{friend}, "http://app.example", ""},
		"another port":        {[]string{friend}, friend + ":8443", ""},
		"begins like a named": {[]string{friend}, friend + ".evil.example", ""},
		"no origin at all":    {[]string{friend}, "null", ""},
		"any":                 {[]string{"*"}, stranger, "*"},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t, c.allow...)
			browser := []string{"Origin", c.origin, "Sec-Fetch-Site", "cross-site", "Host", "field.example"}
			for _, send := range []struct {
				request string
				headers []string
				status  int // where the page is let in
				refused int // where it is not
			}{
				{"OPTIONS /api/x", []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type"}, 204, 405},
				{"POST /api/_session", nil, 200, 403},
				{"POST /api/x", []string{"Authorization", "Bearer worker"}, 200, 200},
				{"GET /api/x", []string{"Authorization", "Bearer worker"}, 200, 200},
				{"GET /api/x", []string{"Authorization", "Bearer nobody"}, 401, 401},
				{"GET /api/none", nil, 404, 404},
			} {
				method, path, _ := strings.Cut(send.request, " ")
				response, body := w.do(method, path, "", append(send.headers, browser...)...)
				want, corp := send.status, "cross-origin"
				if c.allows == "" {
					want, corp = send.refused, "same-origin"
				}
				w.wantStatus(send.request, response, body, want)
				for header, want := range map[string]string{
					"Access-Control-Allow-Origin":      c.allows,
					"Cross-Origin-Resource-Policy":     corp,
					"Access-Control-Allow-Credentials": "",
				} {
					if got := response.Header.Get(header); got != want {
						t.Errorf("%s: %s is %q, want %q", send.request, header, got, want)
					}
				}
				if varies := response.Header.Get("Vary") == "Origin"; varies != (len(c.allow) > 0 && c.allow[0] != "*") {
					t.Errorf("%s: Vary is %q", send.request, response.Header.Get("Vary"))
				}
			}
		})
	}
}

// Ensure a browser hears before it sends what it may send.
func TestElsewhere_Preflight(t *testing.T) {
	w := openWorld(t, friend)
	response, body := w.do("OPTIONS", "/api/x", "", "Origin", friend, "Access-Control-Request-Method", "PATCH")
	w.wantStatus("preflight", response, body, 204)
	for header, wants := range map[string][]string{
		"Access-Control-Allow-Methods": {"GET", "POST", "PUT", "PATCH", "DELETE"},
		"Access-Control-Allow-Headers": {"Authorization", "Content-Type", "Last-Event-ID"},
		"Access-Control-Max-Age":       {"7200"},
	} {
		for _, want := range wants {
			if got := response.Header.Get(header); !strings.Contains(got, want) {
				t.Errorf("%s is %q, without %s", header, got, want)
			}
		}
	}
	response, body = w.do("OPTIONS", "/api/x", "", "Origin", friend)
	w.wantStatus("no preflight", response, body, 405)
}

// Ensure that letting a page in lets no cookie in, and opens no page of ours.
func TestElsewhere_CookiesStayOut(t *testing.T) {
	for _, allow := range []string{friend, "*"} {
		w := openWorld(t, allow)
		for _, c := range []struct {
			request string
			cookie  string
			status  int
		}{
			{"POST /api/x", "fieldstack=worker", 403},
			{"POST /api/_session", "fieldstack=worker", 403},
			{"POST /api/_session", "theme=dark", 200},
			{"POST /sign-in", "", 403},
			{"OPTIONS /sign-in", "", 405},
			{"OPTIONS /admin", "", 405},
		} {
			method, path, _ := strings.Cut(c.request, " ")
			response, body := w.do(method, path, "", "Origin", friend, "Sec-Fetch-Site", "same-site", "Access-Control-Request-Method", "POST", "Cookie", c.cookie)
			w.wantStatus(c.request+" with "+c.cookie, response, body, c.status)
			if inside := strings.HasPrefix(path, "/api/"); inside != (response.Header.Get("Access-Control-Allow-Origin") != "") {
				t.Errorf("%s: Access-Control-Allow-Origin is %q", c.request, response.Header.Get("Access-Control-Allow-Origin"))
			}
		}
		// A GET by cookie changes nothing, and the browser keeps what it says to itself.
		response, _ := w.do("GET", "/api/x", "", "Origin", friend, "Cookie", "fieldstack=worker")
		if response.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Error("a cookie's answer may be read")
		}
	}
}

// Ensure our own pages are not from elsewhere, whatever is let in.
func TestElsewhere_OwnPagesKeepTheirCookie(t *testing.T) {
	w := openWorld(t, "*")
	response, body := w.do("POST", "/api/x", "", "Host", "field.example", "Origin", "https://field.example", "Sec-Fetch-Site", "same-origin", "Cookie", "fieldstack=worker")
	w.wantStatus("own page", response, body, 200)
	if got := response.Header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("Access-Control-Allow-Origin is %q", got)
	}
}

func TestCheckOrigin(t *testing.T) {
	for _, good := range []string{"*", "https://app.example", "http://localhost:5173", "http://[::1]:8080"} {
		if err := CheckOrigin(good); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "null", "app.example", "https://app.example/", "https://app.example/x", "https://App.example", "https://*.example", "ftp://app.example", "https://u:p@app.example"} {
		if CheckOrigin(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
