package admin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

func TestSetUp(t *testing.T) {
	w := newEmptyWorld(t)
	b := w.guest()
	b.get("/").redirects("/admin")
	b.get("/admin").redirects("/sign-in")
	b.get("/sign-in").want(200).says("main", "printed a link")
	b.get("/setup").want(200).says("main", "no token in it")

	link := "/setup?token=" + url.QueryEscape(w.accounts.SetupToken())
	p := b.get(link).want(200)
	token, _ := p.Find("[name=token]").Attr("value")
	form := values("token", token, "name", "olga", "password", "a long password", "again", "another")
	p = b.post("/setup", form).want(400)
	p.holds("name", "olga")
	if p.errorAt("again") == "" || strings.Contains(p.body, "a long password") {
		t.Errorf("two passwords: %q, or the page holds them", p.errorAt("again"))
	}
	form.Set("again", "a long password")
	form.Set("token", "guessed")
	p = b.post("/setup", form).want(401)
	p.says("[role=alert]", "token")
	form.Set("token", token)
	form.Set("name", "  ")
	if p = b.post("/setup", form).want(400); p.errorAt("name") == "" {
		t.Error("no word beside an empty name")
	}
	form.Set("name", "olga")
	b.follow(b.post("/setup", form)).says(".notice.done", "signed in")
	b.get("/admin").want(200).says("header", "olga owner")

	w.guest().get(link).redirects("/sign-in")
	w.guest().post("/setup", form).want(403)
}

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	b := w.guest()
	b.get("/admin/people").redirects("/sign-in?next=%2Fadmin%2Fpeople")
	p := b.get("/sign-in?next=%2Fadmin%2Fpeople").want(200)
	p.holds("next", "/admin/people")
	wrong := b.post("/sign-in", values("name", "olga", "password", "wrong", "next", "/admin/people")).want(401)
	wrong.holds("name", "olga")
	wrong.holds("next", "/admin/people")
	unknown := w.guest().post("/sign-in", values("name", "nobody", "password", "wrong")).want(401)
	if wrong.text("[role=alert]") != unknown.text("[role=alert]") {
		t.Error("the page tells an unknown name from a wrong password")
	}
	b.post("/sign-in", values("name", "olga", "password", "olga-password", "next", "/admin/people")).redirects("/admin/people")
	b.get("/sign-in").redirects("/admin")
	b.get("/admin/people").want(200)
	b.post("/sign-out", nil).redirects("/sign-in")
	b.get("/admin/people").redirects("/sign-in?next=%2Fadmin%2Fpeople")
	b.post("/sign-out", nil).redirects("/sign-in")
}

// A sign-in sends nobody to another site.
func TestSignIn_NextStaysHere(t *testing.T) {
	for next, want := range map[string]string{
		"/admin": "/admin", "/admin/people": "/admin/people", "/admin/types/a/records?search=x&sort=-y": "/admin/types/a/records?search=x&sort=-y",
		"": "/admin", "/": "/admin", "//evil.example/admin": "/admin", "https://evil.example/admin": "/admin", "/\\evil.example": "/admin",
		"javascript:alert(1)": "/admin", "/administrator": "/admin", "/admin@evil.example": "/admin", "http:/admin": "/admin",
		"/admin/\r\nSet-Cookie: x": "/admin", "admin": "/admin", "%": "/admin", "https:admin/": "/admin",
	} {
		if got := safeNext(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

// concrete puts something that is there into the holes of a route.
func concrete(path string, w *world, id string) string {
	user := w.users["eve"]
	if strings.HasPrefix(path, "/admin/types/") {
		user = id
	}
	return strings.NewReplacer(":type", "order", ":version", "1", ":id", user, ":file", "admin.css", "*", "nowhere").Replace(path)
}

// TestAccess_EveryRoute: on each way in a guest is asked to sign in, who may not is
// told so on a page, and who may is let in.
func TestAccess_EveryRoute(t *testing.T) {
	w := newWorld(t)
	id := w.create("order", map[string]any{"title": "Pump", "assignee": "wim"})
	roles := []string{"wim", "eve", "dana", "olga"}
	browsers := map[string]*browser{"": w.guest()}
	for _, name := range roles {
		browsers[name] = w.as(name)
	}
	for _, r := range w.server.Routes() {
		if r.Access == web.Public {
			continue
		}
		path := concrete(r.Path, w, id)
		if p := browsers[""].do(r.Method, path, formType, nil); p.status != 303 || !strings.HasPrefix(p.header.Get("Location"), "/sign-in") {
			t.Errorf("%s %s by a guest: %d to %q", r.Method, path, p.status, p.header.Get("Location"))
		}
		for _, name := range roles {
			may := r.Access == web.SignedIn || people[name].Includes(collections.Role(r.Access))
			if may && r.Method == "POST" {
				continue // what each does has its own test
			}
			p := browsers[name].do(r.Method, path, formType, nil)
			if !may {
				p.want(403).says("h1", "You may not do this")
			} else if p.status == 401 || p.status >= 500 || p.status == 303 {
				t.Errorf("%s %s by %s: %d", r.Method, path, name, p.status)
			}
		}
	}
}

// A form on another site can make nobody's browser do anything here.
func TestAccess_OtherSites(t *testing.T) {
	w := newWorld(t)
	id := w.create("order", map[string]any{"title": "Pump"})
	b := w.as("olga")
	before := w.engine.Stats().Accepted
	for _, r := range w.server.Routes() {
		if r.Method == "POST" {
			path := concrete(r.Path, w, id)
			b.do("POST", path, formType, strings.NewReader("role=owner&disabled=yes"), "Sec-Fetch-Site", "cross-site").want(403)
			b.do("POST", path, formType, nil, "Origin", "https://evil.example").want(403)
		}
	}
	if after := w.engine.Stats().Accepted; after != before {
		t.Errorf("%d changes came of it", after-before)
	}
	b.get("/admin").want(200)
}

// TestPages_Unknown: addresses of nothing are pages too.
func TestPages_Unknown(t *testing.T) {
	w := newWorld(t)
	b := w.as("olga")
	for _, path := range []string{
		"/admin/nowhere", "/admin/types/none", "/admin/types/none/records", "/admin/types/order/records/none", "/admin/types/order/versions/9",
		"/admin/types/order/versions/x", "/admin/types/none/draft", "/admin/types/order/draft/discard", "/admin/people/none",
		"/admin/tokens/none/revoke", "/admin/static/none.css", "/admin/types/order/records?state=none",
	} {
		p := b.get(path).want(404)
		p.says("h1", "There is nothing here")
		p.says("header", "olga")
	}
}

func TestAccount_Password(t *testing.T) {
	w := newWorld(t)
	here, there := w.as("wim"), w.as("wim")
	here.get("/admin/account").want(200).says("main", "worker")
	p := here.post("/admin/account/password", values("old", "wrong", "new", "another password")).want(403)
	if p.errorAt("old") == "" {
		t.Error("no word beside a wrong password")
	}
	if p = here.post("/admin/account/password", values("old", "wim-password", "new", "short")).want(400); p.errorAt("new") == "" {
		t.Error("no word beside a short password")
	}
	here.follow(here.post("/admin/account/password", values("old", "wim-password", "new", "another password"))).says(".notice.done", "password is changed")
	here.get("/admin").want(200)
	there.get("/admin").redirects("/sign-in")
	w.guest().post("/sign-in", values("name", "wim", "password", "another password")).redirects("/admin")
}

func TestStatic(t *testing.T) {
	w := newWorld(t)
	b := w.guest()
	for _, path := range []string{"admin.css", "admin.js", "icons.svg", "mark.svg"} {
		p := b.get("/admin/static/" + path).want(200)
		tag := p.header.Get("ETag")
		if p.header.Get("Cache-Control") != "public, no-cache" || tag == "" || strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %v", path, p.header)
		}
		if p = b.do("GET", "/admin/static/"+path, "", nil, "If-None-Match", tag).want(304); p.body != "" {
			t.Errorf("%s: 304 with a body", path)
		}
	}
	page := b.get("/sign-in").want(200)
	for _, loaded := range []string{page.Find("link[rel=stylesheet]").AttrOr("href", ""), page.Find("script").AttrOr("src", "")} {
		if got := b.get(loaded).want(200).header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: %s", loaded, got)
		}
	}
	if got := b.get("/admin/static/admin.css?v=other").header.Get("Cache-Control"); strings.Contains(got, "immutable") {
		t.Errorf("a version that is not the file's is kept: %s", got)
	}
	if got := page.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page may be kept: %s", got)
	}
}

// What is not a form is refused, and so is half of one.
func TestForm_Malformed(t *testing.T) {
	w := newWorld(t)
	b := w.as("olga")
	for contentType, body := range map[string]string{
		"application/json": `{"name": "x"}`, "text/plain": "name=x", formType: "name=%zz", "": "name=x",
		multipartType: "x", multipartType + "; boundary=b": "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nhalf",
	} {
		if p := b.do("POST", "/admin/people", contentType, strings.NewReader(body)); p.status != http.StatusBadRequest && p.status != http.StatusUnsupportedMediaType {
			t.Errorf("%q %q: %d", contentType, body, p.status)
		}
	}
	list, err := w.accounts.Accounts(t.Context(), system)
	w.must(err)
	if len(list) != len(people) {
		t.Errorf("%d accounts, want %d", len(list), len(people))
	}
}
