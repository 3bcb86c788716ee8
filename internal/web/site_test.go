package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
)

var (
	pageBody   = "<!doctype html><title>App</title>"
	scriptBody = strings.Repeat("export const words = 1\n", 200)
)

// siteWorld serves an app. name is what the server is called.
func siteWorld(t *testing.T, name ...string) *world {
	t.Helper()
	files := fstest.MapFS{
		"index.html":           {Data: []byte(pageBody)},
		"sw.js":                {Data: []byte("self.addEventListener('fetch', f)")},
		"fieldstack.js":        {Data: []byte("export const open = 1")},
		"manifest.webmanifest": {Data: []byte(`{"name":"App","short_name":"App","scope":"/app/"}`)},
		"icons/192.png":        {Data: []byte("\x89PNG")},
		"assets/app-1a2b3c.js": {Data: []byte(scriptBody)},
	}
	routes, err := Site{At: "/app", Files: files, Hashed: "assets", Shared: []string{"fieldstack.js"}, Worker: "sw.js", Manifest: "manifest.webmanifest", Name: func() string { return strings.Join(name, "") }}.Routes()
	if err != nil {
		t.Fatal(err)
	}
	return newWorld(t, Config{}, routes...)
}

// Ensure each address gives the file or the page it should, with how long it may be kept.
func TestSite_Addresses(t *testing.T) {
	w := siteWorld(t)
	const again, forGood = "public, no-cache", "public, max-age=31536000, immutable"
	for address, want := range map[string]struct {
		status       int
		media, cache string
	}{
		"/app":                      {303, "", "no-store"},
		"/app/":                     {200, "text/html; charset=utf-8", again},
		"/app/work-order":           {200, "text/html; charset=utf-8", again},
		"/app/work-order/0193-ab/x": {200, "text/html; charset=utf-8", again},
		"/app/index.html":           {200, "text/html; charset=utf-8", again},
		"/app/sw.js":                {200, "text/javascript; charset=utf-8", again},
		"/app/manifest.webmanifest": {200, "application/manifest+json", again},
		"/app/icons/192.png":        {200, "image/png", again},
		"/app/assets/app-1a2b3c.js": {200, "text/javascript; charset=utf-8", forGood},
		"/app/assets/app-000000.js": {404, "application/json; charset=utf-8", "no-store"},
		"/app/assets/app":           {404, "application/json; charset=utf-8", "no-store"},
		"/app/none.js":              {404, "application/json; charset=utf-8", "no-store"},
		"/app/work-order/":          {400, "application/json; charset=utf-8", "no-store"},
		"/app//":                    {400, "application/json; charset=utf-8", "no-store"},
		"/app/assets/../index.html": {400, "application/json; charset=utf-8", "no-store"},
		"/apple":                    {404, "application/json; charset=utf-8", "no-store"},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			response, body := w.do(method, address, "")
			w.wantStatus(method+" "+address, response, body, want.status)
			if got := response.Header.Get("Content-Type"); got != want.media {
				t.Errorf("%s %s is %q, want %q", method, address, got, want.media)
			}
			if got := response.Header.Get("Cache-Control"); got != want.cache {
				t.Errorf("%s %s: Cache-Control %q, want %q", method, address, got, want.cache)
			}
			if page := strings.HasPrefix(want.media, "text/html"); method == "GET" && page != (body == pageBody) {
				t.Errorf("%s gives %s", address, body)
			}
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		response, body := w.do(method, "/app/", "")
		w.wantStatus(method, response, body, 405)
	}
}

// Ensure the app may do what it needs and nothing else, and that only the shared file
// is for other origins.
func TestSite_Headers(t *testing.T) {
	w := siteWorld(t)
	response, _ := w.do("GET", "/app/", "", "Origin", "https://elsewhere.example")
	for name, want := range map[string]string{
		"Content-Security-Policy":      sitePolicy,
		"Permissions-Policy":           "camera=(self)",
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Access-Control-Allow-Origin":  "",
	} {
		if got := response.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, never := range []string{"unsafe", "*", "http"} {
		if strings.Contains(sitePolicy, never) {
			t.Errorf("the policy has %q: %s", never, sitePolicy)
		}
	}
	response, _ = w.do("GET", "/app/fieldstack.js", "", "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site")
	if response.StatusCode != 200 || response.Header.Get("Access-Control-Allow-Origin") != "*" || response.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("the shared file is answered %d with %v", response.StatusCode, response.Header)
	}
	for address, want := range map[string]string{"/app/sw.js": "/app", "/app/fieldstack.js": ""} {
		response, _ = w.do("GET", address, "")
		if got := response.Header.Get("Service-Worker-Allowed"); got != want {
			t.Errorf("%s may answer for %q, want %q", address, got, want)
		}
	}
}

// Ensure a browser that has a file is told so, and one that takes gzip gets less.
func TestSite_SavesBytes(t *testing.T) {
	w := siteWorld(t)
	const address = "/app/assets/app-1a2b3c.js"
	response, body := w.do("GET", address, "", "Accept-Encoding", "br, gzip")
	if response.Header.Get("Content-Encoding") != "gzip" || response.Header.Get("Vary") != "Accept-Encoding" || len(body) > len(scriptBody)/10 {
		t.Errorf("squeezed it has %d bytes and %v", len(body), response.Header)
	}
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, []byte(scriptBody)) {
		t.Errorf("it unpacks to %d bytes, %v", len(got), err)
	}
	tag := response.Header.Get("ETag")
	response, body = w.do("GET", address, "")
	if body != scriptBody || response.Header.Get("ETag") != tag {
		t.Errorf("plainly it has %d bytes, and %v", len(body), response.Header)
	}
	for _, match := range []string{tag, strings.TrimPrefix(tag, "W/"), `"x", ` + tag} {
		response, body = w.do("GET", address, "", "If-None-Match", match)
		if response.StatusCode != http.StatusNotModified || body != "" || response.Header.Get("ETag") != tag {
			t.Errorf("with %s: %d, %q", match, response.StatusCode, body)
		}
	}
	response, body = w.do("GET", "/app/", "", "If-None-Match", tag)
	w.wantStatus("another file's tag", response, body, 200)
}

// Ensure the app is called what the server is, whatever that is, and all else of the manifest stays.
func TestSite_Name(t *testing.T) {
	for name, want := range map[string]string{"": "App", "Depot North": "Depot North", `</script>"\`: `</script>"\`} {
		response, body := siteWorld(t, name).do("GET", "/app/manifest.webmanifest", "")
		var got map[string]string
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		if got["name"] != want || got["short_name"] != want || got["scope"] != "/app/" {
			t.Errorf("called %q: %s", name, body)
		}
		if got := response.Header.Get("Content-Type"); got != "application/manifest+json" {
			t.Errorf("called %q it is %s", name, got)
		}
		_, again := siteWorld(t, name).do("GET", "/app/manifest.webmanifest", "", "If-None-Match", response.Header.Get("ETag"))
		_, renamed := siteWorld(t, name+"!").do("GET", "/app/manifest.webmanifest", "", "If-None-Match", response.Header.Get("ETag"))
		if again != "" || renamed == "" {
			t.Errorf("called %q: kept %q, and renamed %q", name, again, renamed)
		}
	}
}

// Ensure a mistake in what was built is one when the server starts.
func TestSite_Mistakes(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"no page":      {"app.js": {Data: []byte("x")}},
		"unknown kind": {"index.html": {Data: []byte("x")}, "notes.docx": {Data: []byte("x")}},
	} {
		if _, err := (Site{At: "/app", Files: files}).Routes(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
