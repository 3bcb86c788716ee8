package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// TestSession_RevokeKillsAll: after a sign-in is ended, by whatever, REST, sync and
// live events refuse within a second.
func TestSession_RevokeKillsAll(t *testing.T) {
	for name, end := range map[string]func(w *world) answered{
		"disable": func(w *world) answered {
			return w.do("olga", "PATCH", "/api/_accounts/"+w.users["wim"], `{"disabled":true}`)
		},
		"role": func(w *world) answered {
			return w.do("olga", "PATCH", "/api/_accounts/"+w.users["wim"], `{"role":"editor"}`)
		},
		"password": func(w *world) answered {
			return w.do("olga", "PATCH", "/api/_accounts/"+w.users["wim"], `{"password":"another password"}`)
		},
		"own password": func(w *world) answered {
			return w.do("wim", "PUT", "/api/_session/password", `{"old":"wim-password","new":"another password"}`)
		},
		"sign out": func(w *world) answered { return w.do("wim", "DELETE", "/api/_session", "") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l := w.listen("wim", "")
			defer l.close()
			l.next(t)
			other := w.listen("eve", "")
			defer other.close()
			other.next(t)
			w.want("before", w.do("wim", "POST", "/api/_sync", `{"replica":"00000000000000aa"}`), 200)
			if a := end(w); a.status >= 300 {
				t.Fatalf("%d %s", a.status, a.body)
			}
			limit := time.After(time.Second)
			for open := true; open; {
				select {
				case _, open = <-l.events:
				case <-limit:
					t.Fatal("the stream goes on after a second")
				}
			}
			for path, body := range map[string]string{"/api/order": "", "/api/_sync": `{"replica":"00000000000000aa"}`, "/api/_events": "", "/api/_session": ""} {
				method := "GET"
				if body != "" {
					method = "POST"
				}
				w.want(path, w.do("wim", method, path, body), 401)
			}
			w.order(1, map[string]any{"title": "Pump"})
			if _, p := other.next(t); len(p.Documents)+len(p.Changes) != 1 {
				t.Error("somebody else's stream was disturbed")
			}
		})
	}
}

// TestLogin_SameAnswer: over HTTP too, a wrong name and a wrong password are one answer.
func TestLogin_SameAnswer(t *testing.T) {
	w := newWorld(t)
	first := w.do("", "POST", "/api/_session", `{"identity":"wim","password":"wrong wrong"}`)
	second := w.do("", "POST", "/api/_session", `{"identity":"nobody","password":"wrong wrong"}`)
	first.header.Del("X-Request-Id")
	second.header.Del("X-Request-Id")
	first.header.Del("Date")
	second.header.Del("Date")
	if first.status != 401 || second.status != 401 || first.body != second.body || len(first.header) != len(second.header) {
		t.Errorf("a wrong password answers %v, a wrong name %v", first, second)
	}
}

func TestLogin_ThrottledOverHTTP(t *testing.T) {
	w := newWorld(t)
	for range 20 {
		a := w.do("", "POST", "/api/_session", `{"identity":"wim","password":"wrong wrong"}`)
		if a.status == http.StatusTooManyRequests {
			if a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "too_many") {
				t.Errorf("throttled without a time: %v %s", a.header, a.body)
			}
			return
		}
	}
	t.Error("20 wrong passwords were looked at")
}

// TestLogin_NoObjects: what is no text is refused as such, wherever a name or a
// secret is expected.
func TestLogin_NoObjects(t *testing.T) {
	w := newWorld(t)
	for _, odd := range []string{`{}`, `{"$gt":""}`, `[]`, `["wim"]`, `1`, `true`, `null`} {
		for _, body := range []string{
			`{"identity":` + odd + `,"password":"wim-password"}`, `{"identity":"wim","password":` + odd + `}`, `{"code":` + odd + `}`,
		} {
			w.want(body, w.do("", "POST", "/api/_session", body), 400)
		}
	}
}

// TestBoot_NoDefaultSecret: a server nobody has set up lets nobody do anything.
func TestBoot_NoDefaultSecret(t *testing.T) {
	w := newEmptyWorld(t, lax)
	w.tokens["guess"] = "fst_" + strings.Repeat("a", 48)
	for _, r := range w.server.Routes() {
		if r.Access == "public" {
			continue
		}
		path := strings.NewReplacer(":type", "order", ":id", docID(1)).Replace(r.Path)
		for _, as := range []string{"", "guess"} {
			if a := w.do(as, r.Method, path, "{}"); a.status != 401 {
				t.Errorf("%s %s as %q: %d", r.Method, path, as, a.status)
			}
		}
	}
	for _, name := range []string{"admin", "owner", "root"} {
		w.want(name, w.do("", "POST", "/api/_session", `{"identity":"`+name+`","password":"password"}`), 401)
	}
}

// A password changed in a browser keeps the one who did it signed in, with a new id.
func TestSession_PasswordChangeGivesAFreshOne(t *testing.T) {
	w := newWorld(t)
	a := w.do("", "POST", "/api/_session", `{"identity":"wim","password":"wim-password","cookie":true}`)
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	a = w.do("", "PUT", "/api/_session/password", `{"old":"wim-password","new":"another password"}`, "Cookie", cookie)
	fresh, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if a.status != 200 || fresh == cookie || fresh == "" || strings.Contains(a.body, "fss_") {
		t.Fatalf("%d %s, cookie %q", a.status, a.body, fresh)
	}
	w.want("old", w.do("", "GET", "/api/_session", "", "Cookie", cookie), 401)
	w.want("fresh", w.do("", "GET", "/api/_session", "", "Cookie", fresh), 200)
	a = w.do("", "PUT", "/api/_session/password", `{"old":"wrong wrong","new":"another password"}`, "Cookie", fresh)
	w.want("a wrong password of now", a, 403)
	_, _, err := w.accounts.SignIn(context.Background(), "wim", "another password", loopback)
	w.must(err)
	_, err = w.accounts.Create(context.Background(), collections.Actor{Role: collections.Owner}, auth.NewAccount{Name: "wím", Password: "long enough", Role: collections.Worker})
	w.must(err)
}

// Ensure a page of another origin, where it is let in, signs in for a token and works
// with that, and gets no cookie.
func TestSession_FromElsewhere(t *testing.T) {
	config := lax
	config.AllowOrigins = []string{"https://app.example"}
	w := newWorldWith(t, config)
	page := []string{"Origin", "https://app.example", "Sec-Fetch-Site", "cross-site"}
	a := w.do("", "POST", "/api/_session", `{"identity":"wim","password":"wim-password","cookie":true}`, page...)
	w.want("with a cookie", a, 403)
	if a.header.Get("Set-Cookie") != "" {
		t.Error("a cookie was set")
	}
	a = w.do("", "POST", "/api/_session", `{"identity":"wim","password":"wim-password"}`, page...)
	w.want("for a token", a, 200)
	var session struct{ Token string }
	w.must(json.Unmarshal([]byte(a.body), &session))
	a = w.do("", "POST", "/api/_sync", `{"replica":"00000000000000aa"}`, append(page, "Authorization", "Bearer "+session.Token)...)
	w.want("sync", a, 200)
	if a.header.Get("Access-Control-Allow-Origin") != "https://app.example" {
		t.Errorf("the answer has %v", a.header)
	}
	a = w.do("", "POST", "/api/_session", `{"identity":"wim","password":"wim-password"}`, "Origin", "https://evil.example")
	w.want("a stranger", a, 403)
}
