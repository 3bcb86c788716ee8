package admin

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

func TestPeople_Add(t *testing.T) {
	w := newWorld(t)
	b := w.as("olga")
	p := b.get("/admin/people").want(200)
	p.count("[aria-label=People] tbody tr", 4)
	for _, r := range collections.Roles() {
		p.says("fieldset", explainRole(r))
	}
	p = b.post("/admin/people", values("name", "anna", "role", "worker")).want(200)
	password := p.text("#secret-text")
	w.guest().post("/sign-in", values("name", "anna", "password", password)).redirects("/admin")
	if again := b.get("/admin/people"); strings.Contains(again.body, password) {
		t.Error("the password is shown twice")
	}
	other := b.post("/admin/people", values("name", "berta", "role", "worker")).text("#secret-text")
	if other == password || len(password) != 23 {
		t.Errorf("passwords %q and %q", password, other)
	}
	p = b.post("/admin/people", values("name", "ＡＮＮＡ", "role", "editor")).want(409)
	p.holds("name", "ＡＮＮＡ")
	if got := p.Find("[name=role][checked]").AttrOr("value", ""); got != "editor" || !strings.Contains(p.errorAt("name"), "taken") {
		t.Errorf("role %q, beside the name %q", got, p.errorAt("name"))
	}
	b.post("/admin/people", values("name", "carl", "role", "king")).want(400).says("fieldset .error", "role")
}

func TestPerson(t *testing.T) {
	w := newWorld(t)
	b, wim := w.as("olga"), w.as("wim")
	path := personPath(w.users["wim"])
	p := b.get(path).want(200)
	if got := p.Find("[name=role][checked]").AttrOr("value", ""); got != "worker" {
		t.Errorf("shown as %q", got)
	}
	b.follow(b.post(path+"/role", values("role", "editor"))).says(".notice.done", "role is changed")
	wim.get("/admin").redirects("/sign-in")
	wim = w.as("wim")
	b.follow(b.post(path+"/access", values("disabled", "yes"))).says(".heading", "disabled")
	wim.get("/admin").redirects("/sign-in")
	w.guest().post("/sign-in", values("name", "wim", "password", "wim-password")).want(401)
	b.follow(b.post(path+"/access", values("disabled", "no"))).saysNot(".heading", "disabled")
	password := b.post(path+"/password", nil).want(200).text("#secret-text")
	w.guest().post("/sign-in", values("name", "wim", "password", "wim-password")).want(401)
	w.guest().post("/sign-in", values("name", "wim", "password", password)).redirects("/admin")
	b.post(path+"/role", values("role", "king")).want(400).says("[role=alert]", "role")
}

// There is always an owner: the page says why not, and the owner stays.
func TestPerson_LastOwner(t *testing.T) {
	w := newWorld(t)
	b := w.as("olga")
	path := personPath(w.users["olga"])
	b.get(path).want(200).says("main", "This is you")
	for _, p := range []*page{b.post(path+"/role", values("role", "worker")), b.post(path+"/access", values("disabled", "yes"))} {
		if p.status < 400 || p.status >= 500 || p.text("[role=alert]") == "" {
			t.Errorf("%s: %d %s", p.path, p.status, p.text("main"))
		}
	}
	b.get("/admin/people").want(200)
	b.post(path+"/password", nil).redirects("/admin/account")
}

func TestTokens(t *testing.T) {
	w := newWorld(t)
	eve, olga, wim := w.as("eve"), w.as("olga"), w.as("wim")
	eve.get("/admin/tokens").want(200).says(".empty", "no tokens")
	p := eve.post("/admin/tokens", values("label", "export", "may", "read", "type", "order", "expires", "30")).want(200)
	text := p.text("#secret-text")
	who, err := w.accounts.Authenticate(t.Context(), text)
	w.must(err)
	if who.Actor.Name != "eve" || who.Kind != auth.Token || strings.Join(who.Actor.Scopes, " ") != "read type:order" {
		t.Errorf("the token is %+v", who)
	}
	p = eve.get("/admin/tokens").want(200)
	if strings.Contains(p.body, text) {
		t.Error("the token is shown twice")
	}
	p.says("[aria-label=Tokens]", "export token eve read type:order")
	olga.get("/admin/tokens").says("[aria-label=Tokens]", "export")
	wim.get("/admin/tokens").saysNot("main", "export token")

	ask := p.Find("td.end a").AttrOr("href", "")
	wim.get(ask).want(404)
	wim.post(ask, nil).want(404)
	eve.get(ask).want(200).says("h1", "Revoke “export”?")
	if _, err := w.accounts.Authenticate(t.Context(), text); err != nil {
		t.Fatal("asking revoked it")
	}
	olga.follow(olga.post(ask, nil)).says(".notice.done", "revoked")
	if _, err := w.accounts.Authenticate(t.Context(), text); err == nil {
		t.Error("the token lives on")
	}
	p = eve.post("/admin/tokens", values("label", "", "may", "write", "expires", "never")).want(400)
	if p.errorAt("label") == "" || p.Find("[name=may][checked]").AttrOr("value", "") != "write" {
		t.Errorf("beside the label stands %q", p.errorAt("label"))
	}
	if p = eve.post("/admin/tokens", values("label", "x", "may", "read", "expires", "1e9")).want(400); p.errorAt("expires") == "" {
		t.Error("no word beside a life that is not offered")
	}
	eve.post("/admin/tokens", values("label", "x", "may", "all", "expires", "30")).want(400).says("fieldset .error", "scope")
}

// What comes with a token makes no tokens, and gets no form to try.
func TestTokens_WithToken(t *testing.T) {
	w := newWorld(t)
	token := w.as("olga").post("/admin/tokens", values("label", "x", "may", "", "expires", "30")).want(200).text("#secret-text")
	b := w.guest()
	b.do("GET", "/admin/tokens", "", nil, "Authorization", "Bearer "+token).want(200).count("[name=label]", 0)
	b.do("POST", "/admin/tokens", formType, strings.NewReader("label=y&may=read&expires=30"), "Authorization", "Bearer "+token).want(403)
}

func TestEnrol(t *testing.T) {
	w := newWorld(t)
	olga := w.as("olga")
	p := olga.post("/admin/devices/enrol", values("person", w.users["wim"])).want(200)
	p.says("#code-label", "wim")
	p.says(".secret", w.url+"/app/")
	p.count(".qr path", 1)
	_, who, err := w.accounts.Enrol(t.Context(), p.text("#secret-text"), "tablet", loopback)
	w.must(err)
	if who.Actor.Name != "wim" || who.Kind != auth.Device {
		t.Errorf("the device is %+v", who)
	}
	wim := w.as("wim")
	wim.get("/admin/devices/enrol").want(200).count("select", 0)
	p = wim.post("/admin/devices/enrol", nil).want(200)
	p.says("#code-label", "wim")
	if p = wim.post("/admin/devices/enrol", values("person", w.users["olga"])); p.status < 400 || p.Find("#secret-text").Length() > 0 {
		t.Errorf("a worker enrols a device of the owner: %d", p.status)
	}
	wim.get("/admin/tokens").says("[aria-label=Tokens]", "tablet device wim")
}
