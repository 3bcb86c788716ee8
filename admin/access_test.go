package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

func TestSetUp(t *testing.T) {
	w := admintest.NewEmptyWorld(t)
	b := w.Guest()
	b.Get("/").Redirects("/admin")
	b.Get("/admin").Redirects("/sign-in")
	b.Get("/sign-in").Want(200).Says("main", "printed a link")
	b.Get("/setup").Want(200).Says("main", "no token in it")

	link := "/setup?token=" + url.QueryEscape(w.Accounts.SetupToken())
	p := b.Get(link).Want(200)
	token, _ := p.Find("[name=token]").Attr("value")
	form := admintest.Values("token", token, "name", "olga", "password", "a long password", "again", "another")
	p = b.Post("/setup", form).Want(400)
	p.Holds("name", "olga")
	if p.ErrorAt("again") == "" || strings.Contains(p.Body, "a long password") {
		t.Errorf("two passwords: %q, or the page holds them", p.ErrorAt("again"))
	}
	form.Set("again", "a long password")
	form.Set("token", "guessed")
	p = b.Post("/setup", form).Want(401)
	p.Says("[role=alert]", "token")
	form.Set("token", token)
	form.Set("name", "  ")
	if p = b.Post("/setup", form).Want(400); p.ErrorAt("name") == "" {
		t.Error("no word beside an empty name")
	}
	form.Set("name", "olga")
	b.Follow(b.Post("/setup", form)).Says(".notice.done", "signed in")
	b.Get("/admin").Want(200).Says("header", "olga owner")

	w.Guest().Get(link).Redirects("/sign-in")
	w.Guest().Post("/setup", form).Want(403)
}

func TestSignIn(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.Guest()
	b.Get("/admin/people").Redirects("/sign-in?next=%2Fadmin%2Fpeople")
	p := b.Get("/sign-in?next=%2Fadmin%2Fpeople").Want(200)
	p.Holds("next", "/admin/people")
	wrong := b.Post("/sign-in", admintest.Values("name", "olga", "password", "wrong", "next", "/admin/people")).Want(401)
	wrong.Holds("name", "olga")
	wrong.Holds("next", "/admin/people")
	unknown := w.Guest().Post("/sign-in", admintest.Values("name", "nobody", "password", "wrong")).Want(401)
	if wrong.Text("[role=alert]") != unknown.Text("[role=alert]") {
		t.Error("the page tells an unknown name from a wrong password")
	}
	b.Post("/sign-in", admintest.Values("name", "olga", "password", "olga-password", "next", "/admin/people")).Redirects("/admin/people")
	b.Get("/sign-in").Redirects("/admin")
	b.Get("/admin/people").Want(200)
	b.Post("/sign-out", nil).Redirects("/sign-in")
	b.Get("/admin/people").Redirects("/sign-in?next=%2Fadmin%2Fpeople")
	b.Post("/sign-out", nil).Redirects("/sign-in")
}

// A sign-in sends nobody to another site.
func TestSignIn_NextStaysHere(t *testing.T) {
	for next, want := range map[string]string{
		"/admin": "/admin", "/admin/people": "/admin/people", "/admin/types/a/records?search=x&sort=-y": "/admin/types/a/records?search=x&sort=-y",
		"": "/admin", "/": "/admin", "//evil.example/admin": "/admin", "https://evil.example/admin": "/admin", "/\\evil.example": "/admin",
		"javascript:alert(1)": "/admin", "/administrator": "/admin", "/admin@evil.example": "/admin", "http:/admin": "/admin",
		"/admin/\r\nSet-Cookie: x": "/admin", "admin": "/admin", "%": "/admin", "https:admin/": "/admin",
	} {
		if got := ui.SafeNext(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

// concrete puts something that is there into the holes of a route.
func concrete(path string, w *admintest.World, id string) string {
	user := w.Users["eve"]
	if strings.HasPrefix(path, "/admin/types/") {
		user = id
	}
	return strings.NewReplacer(":type", "order", ":version", "1", ":other", "1", ":job", "0", ":id", user, ":file", "admin.css", ":place", "MSBtYWlu", ":refusal", "none", "*", "nowhere").Replace(path)
}

// TestAccess_EveryRoute: on each way in a guest is asked to sign in, who may not is
// told so on a page, and who may is let in.
func TestAccess_EveryRoute(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump", "assignee": "wim"})
	roles := []string{"wim", "eve", "dana", "olga"}
	browsers := map[string]*admintest.Browser{"": w.Guest()}
	for _, name := range roles {
		browsers[name] = w.As(name)
	}
	for _, r := range w.Server.Routes() {
		if r.Access == web.Public {
			continue
		}
		path := concrete(r.Path, w, id)
		if p := browsers[""].Do(r.Method, path, ui.FormType, nil); p.Status != 303 || !strings.HasPrefix(p.Header.Get("Location"), "/sign-in") {
			t.Errorf("%s %s by a guest: %d to %q", r.Method, path, p.Status, p.Header.Get("Location"))
		}
		for _, name := range roles {
			may := r.Access == web.SignedIn || admintest.People[name].Includes(collections.Role(r.Access))
			if may && r.Method == "POST" {
				continue // what each does has its own test
			}
			p := browsers[name].Do(r.Method, path, ui.FormType, nil)
			if !may {
				p.Want(403).Says("h1", "You may not do this")
			} else if p.Status == 401 || p.Status >= 500 || p.Status == 303 && r.Path != "/admin/types/:type" {
				t.Errorf("%s %s by %s: %d", r.Method, path, name, p.Status)
			}
		}
	}
}

// A form on another site can make nobody's browser do anything here.
func TestAccess_OtherSites(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump"})
	b := w.As("olga")
	before := w.Engine.Stats().Accepted
	for _, r := range w.Server.Routes() {
		if r.Method == "POST" {
			path := concrete(r.Path, w, id)
			b.Do("POST", path, ui.FormType, strings.NewReader("role=owner&disabled=yes"), "Sec-Fetch-Site", "cross-site").Want(403)
			b.Do("POST", path, ui.FormType, nil, "Origin", "https://evil.example").Want(403)
		}
	}
	if after := w.Engine.Stats().Accepted; after != before {
		t.Errorf("%d changes came of it", after-before)
	}
	b.Get("/admin").Want(200)
}

// TestPages_Unknown: addresses of nothing are pages too.
func TestPages_Unknown(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("olga")
	for _, path := range []string{
		"/admin/nowhere", "/admin/types/none/versions", "/admin/types/none/records", "/admin/types/order/records/none", "/admin/types/order/versions/9",
		"/admin/types/order/versions/x", "/admin/types/none/form", "/admin/types/order/draft/discard", "/admin/people/none",
		"/admin/tokens/none/revoke", "/admin/static/none.css", "/admin/types/order/records?state=none",
	} {
		p := b.Get(path).Want(404)
		p.Says("h1", "There is nothing here")
		p.Says("header", "olga")
	}
}

func TestAccount_Password(t *testing.T) {
	w := admintest.NewWorld(t)
	here, there := w.As("wim"), w.As("wim")
	here.Get("/admin/account").Want(200).Says("main", "worker")
	p := here.Post("/admin/account/password", admintest.Values("old", "wrong", "new", "another password")).Want(403)
	if p.ErrorAt("old") == "" {
		t.Error("no word beside a wrong password")
	}
	if p = here.Post("/admin/account/password", admintest.Values("old", "wim-password", "new", "short")).Want(400); p.ErrorAt("new") == "" {
		t.Error("no word beside a short password")
	}
	here.Follow(here.Post("/admin/account/password", admintest.Values("old", "wim-password", "new", "another password"))).Says(".notice.done", "password is changed")
	here.Get("/admin").Want(200)
	there.Get("/admin").Redirects("/sign-in")
	w.Guest().Post("/sign-in", admintest.Values("name", "wim", "password", "another password")).Redirects("/admin")
}

func TestStatic(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.Guest()
	for _, path := range []string{"admin.css", "admin.js", "icons.svg", "mark.svg"} {
		p := b.Get("/admin/static/" + path).Want(200)
		tag := p.Header.Get("ETag")
		if p.Header.Get("Cache-Control") != "public, no-cache" || tag == "" || strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %v", path, p.Header)
		}
		if p = b.Do("GET", "/admin/static/"+path, "", nil, "If-None-Match", tag).Want(304); p.Body != "" {
			t.Errorf("%s: 304 with a body", path)
		}
	}
	page := b.Get("/sign-in").Want(200)
	for _, loaded := range []string{page.Find("link[rel=stylesheet]").AttrOr("href", ""), page.Find("script").AttrOr("src", "")} {
		if got := b.Get(loaded).Want(200).Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: %s", loaded, got)
		}
	}
	if got := b.Get("/admin/static/admin.css?v=other").Header.Get("Cache-Control"); strings.Contains(got, "immutable") {
		t.Errorf("a version that is not the file's is kept: %s", got)
	}
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page may be kept: %s", got)
	}
}

// What is not a form is refused, and so is half of one.
func TestForm_Malformed(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("olga")
	for contentType, body := range map[string]string{
		"application/json": `{"name": "x"}`, "text/plain": "name=x", ui.FormType: "name=%zz", "": "name=x",
		ui.MultipartType: "x", ui.MultipartType + "; boundary=b": "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nhalf",
	} {
		if p := b.Do("POST", "/admin/people", contentType, strings.NewReader(body)); p.Status != http.StatusBadRequest && p.Status != http.StatusUnsupportedMediaType {
			t.Errorf("%q %q: %d", contentType, body, p.Status)
		}
	}
	list, err := w.Accounts.Accounts(t.Context(), admintest.System)
	w.Must(err)
	if len(list) != len(admintest.People) {
		t.Errorf("%d accounts, want %d", len(list), len(admintest.People))
	}
}
