package people_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

func TestPeople_Add(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("olga")
	p := b.Get("/admin/people").Want(200)
	p.Count("[aria-label=People] tbody tr", 4)
	for _, r := range collections.Roles() {
		p.Says("fieldset", string(r))
	}
	p = b.Post("/admin/people", admintest.Values("name", "anna", "role", "worker")).Want(200)
	password := p.Text("#secret-text")
	if _, who, err := w.Accounts.Enrol(t.Context(), p.Text("#code-text"), "Anna's phone", admintest.Loopback); err != nil || who.Actor.Name != "anna" {
		t.Errorf("the code on the page enrols %v: %v", who, err)
	}
	p.Count(".begun .qr path", 1)
	b.Get("/admin/people?search=ANN").Count("[aria-label=People] tbody tr", 1)
	b.Get("/admin/people?role=worker").Count("[aria-label=People] tbody tr", 2)
	b.Get("/admin/people?search=nobody").Says(".empty", "Nobody")
	w.Guest().Post("/sign-in", admintest.Values("name", "anna", "password", password)).Redirects("/admin")
	if again := b.Get("/admin/people"); strings.Contains(again.Body, password) {
		t.Error("the password is shown twice")
	}
	other := b.Post("/admin/people", admintest.Values("name", "berta", "role", "worker")).Text("#secret-text")
	if other == password || len(password) != 23 {
		t.Errorf("passwords %q and %q", password, other)
	}
	p = b.Post("/admin/people", admintest.Values("name", "ＡＮＮＡ", "role", "editor")).Want(409)
	p.Holds("name", "ＡＮＮＡ")
	if got := p.Find("[name=role][checked]").AttrOr("value", ""); got != "editor" || !strings.Contains(p.ErrorAt("name"), "taken") {
		t.Errorf("role %q, beside the name %q", got, p.ErrorAt("name"))
	}
	b.Post("/admin/people", admintest.Values("name", "carl", "role", "king")).Want(400).Says("fieldset .error", "role")
}

func TestPerson(t *testing.T) {
	w := admintest.NewWorld(t)
	b, wim := w.As("olga"), w.As("wim")
	path := "/admin/people/" + url.PathEscape(w.Users["wim"])
	p := b.Get(path).Want(200)
	if got := p.Find("[name=role][checked]").AttrOr("value", ""); got != "worker" {
		t.Errorf("shown as %q", got)
	}
	b.Follow(b.Post(path+"/role", admintest.Values("role", "editor"))).Says(".notice.done", "role is changed")
	wim.Get("/admin").Redirects("/sign-in")
	wim = w.As("wim")
	b.Follow(b.Post(path+"/access", admintest.Values("disabled", "yes"))).Says(".heading", "disabled")
	wim.Get("/admin").Redirects("/sign-in")
	w.Guest().Post("/sign-in", admintest.Values("name", "wim", "password", "wim-password")).Want(401)
	b.Follow(b.Post(path+"/access", admintest.Values("disabled", "no"))).SaysNot(".heading", "disabled")
	password := b.Post(path+"/password", nil).Want(200).Text("#secret-text")
	w.Guest().Post("/sign-in", admintest.Values("name", "wim", "password", "wim-password")).Want(401)
	w.Guest().Post("/sign-in", admintest.Values("name", "wim", "password", password)).Redirects("/admin")
	b.Post(path+"/role", admintest.Values("role", "king")).Want(400).Says("[role=alert]", "role")
}

// There is always an owner: the page says why not, and the owner stays.
func TestPerson_LastOwner(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("olga")
	path := "/admin/people/" + url.PathEscape(w.Users["olga"])
	b.Get(path).Want(200).Says("main", "This is you")
	for _, p := range []*admintest.Page{b.Post(path+"/role", admintest.Values("role", "worker")), b.Post(path+"/access", admintest.Values("disabled", "yes"))} {
		if p.Status < 400 || p.Status >= 500 || p.Text("[role=alert]") == "" {
			t.Errorf("%s: %d %s", p.Path, p.Status, p.Text("main"))
		}
	}
	b.Get("/admin/people").Want(200)
	b.Post(path+"/password", nil).Redirects("/admin/account")
}

func TestTokens(t *testing.T) {
	w := admintest.NewWorld(t)
	eve, olga, wim := w.As("eve"), w.As("olga"), w.As("wim")
	eve.Get("/admin/tokens").Want(200).Says(".empty", "no tokens")
	p := eve.Post("/admin/tokens", admintest.Values("label", "export", "may", "read", "type", "order", "expires", "30")).Want(200)
	text := p.Text("#secret-text")
	who, err := w.Accounts.Authenticate(t.Context(), text)
	w.Must(err)
	if who.Actor.Name != "eve" || who.Kind != auth.Token || strings.Join(who.Actor.Scopes, " ") != "read type:order" {
		t.Errorf("the token is %+v", who)
	}
	p = eve.Get("/admin/tokens").Want(200)
	if strings.Contains(p.Body, text) {
		t.Error("the token is shown twice")
	}
	p.Says("[aria-label=Tokens]", "export eve read order")
	olga.Get("/admin/tokens").Says("[aria-label=Tokens]", "export")
	wim.Get("/admin/tokens").SaysNot("main", "export token")

	ask := p.Find("td.end a").AttrOr("href", "")
	wim.Get(ask).Want(404)
	wim.Post(ask, nil).Want(404)
	eve.Get(ask).Want(200).Says("h1", "Revoke “export”?")
	if _, err := w.Accounts.Authenticate(t.Context(), text); err != nil {
		t.Fatal("asking revoked it")
	}
	olga.Follow(olga.Post(ask, nil)).Says(".notice.done", "revoked")
	if _, err := w.Accounts.Authenticate(t.Context(), text); err == nil {
		t.Error("the token lives on")
	}
	p = eve.Post("/admin/tokens", admintest.Values("label", "", "may", "write", "expires", "never")).Want(400)
	if p.ErrorAt("label") == "" || p.Find("[name=may][checked]").AttrOr("value", "") != "write" {
		t.Errorf("beside the label stands %q", p.ErrorAt("label"))
	}
	if p = eve.Post("/admin/tokens", admintest.Values("label", "x", "may", "read", "expires", "1e9")).Want(400); p.ErrorAt("expires") == "" {
		t.Error("no word beside a life that is not offered")
	}
	eve.Post("/admin/tokens", admintest.Values("label", "x", "may", "all", "expires", "30")).Want(400).Says("fieldset .error", "scope")
}

// What comes with a token makes no tokens, and gets no form to try.
func TestTokens_WithToken(t *testing.T) {
	w := admintest.NewWorld(t)
	token := w.As("olga").Post("/admin/tokens", admintest.Values("label", "x", "may", "", "expires", "30")).Want(200).Text("#secret-text")
	b := w.Guest()
	b.Do("GET", "/admin/tokens", "", nil, "Authorization", "Bearer "+token).Want(200).Count("[name=label]", 0)
	b.Do("POST", "/admin/tokens", ui.FormType, strings.NewReader("label=y&may=read&expires=30"), "Authorization", "Bearer "+token).Want(403)
}

func TestEnrol(t *testing.T) {
	w := admintest.NewWorld(t)
	olga := w.As("olga")
	p := olga.Post("/admin/devices/enrol", admintest.Values("person", w.Users["wim"])).Want(200)
	p.Says("#secret-text-label", "wim")
	p.Says(".secret", w.URL+"/app/")
	p.Count(".qr path", 1)
	_, who, err := w.Accounts.Enrol(t.Context(), p.Text("#secret-text"), "tablet", admintest.Loopback)
	w.Must(err)
	if who.Actor.Name != "wim" || who.Kind != auth.Device {
		t.Errorf("the device is %+v", who)
	}
	wim := w.As("wim")
	wim.Get("/admin/devices/enrol").Want(200).Count("select", 0)
	p = wim.Post("/admin/devices/enrol", nil).Want(200)
	p.Says("#secret-text-label", "wim")
	if p = wim.Post("/admin/devices/enrol", admintest.Values("person", w.Users["olga"])); p.Status < 400 || p.Find("#secret-text").Length() > 0 {
		t.Errorf("a worker enrols a device of the owner: %d", p.Status)
	}
	p = wim.Get("/admin/devices").Want(200)
	p.Says("[aria-label=Devices]", "tablet")
	p.Says("[aria-label=Devices]", "never synced")
}
