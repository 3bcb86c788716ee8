package admin_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// english are words of English sentences that are words of no German one. What people
// of this test write has none of them.
var english = regexp.MustCompile(`(?i)\b(the|of|and|must|has|have|is|are|not|who|this|that|which|with|from|cannot|can|to|be|by|every|when|where|yet|you|your|it)\b`)

// written are the parts of a page that are nobody's sentence: code, what was typed, and
// the fields of the types to start from, which become their maker's own.
const written = "script, style, code, pre, textarea, kbd, [lang=en], .starter-fields"

// germanPage fails for whatever a page of somebody who reads German says in English.
func germanPage(t *testing.T, p *admintest.Page) {
	t.Helper()
	doc := p.Document
	doc.Find(written).Remove()
	seen := map[string]bool{}
	check := func(text string) {
		text = strings.Join(strings.Fields(text), " ")
		if english.MatchString(text) && !seen[text] {
			seen[text] = true
			t.Errorf("%s says %q", p.Path, text)
		}
	}
	for _, root := range doc.Find("html").Nodes {
		for n := range root.Descendants() {
			if n.Type == html.TextNode {
				check(n.Data)
			}
			for _, a := range n.Attr {
				switch a.Key {
				case "title", "placeholder", "aria-label", "alt", "aria-description":
					check(a.Val)
				}
			}
		}
	}
}

// muddle makes of an empty world one where much is to be said: records that break a
// rule, that wait for a pick, that were refused, and a draft that is no type.
func muddle(w *admintest.World) (record string) {
	w.Helper()
	op := func(kind crdt.Kind, field string, v any) crdt.Op {
		o := crdt.Op{Kind: kind, Path: []string{field}, Value: v, Has: true}
		if kind == crdt.OpAssign {
			o.ID = 1
		}
		return o
	}
	id := w.Create("order", map[string]any{"title": "Pumpe", "assignee": "wim", "status": "open", "hours": 700.0, "due": "2026-03-09", "parts": []any{map[string]any{"name": "Rohr", "qty": 2.0}}})
	_, err := w.Engine.Patch(w.Context(), admintest.System, "order", id, map[string]any{"assignee": "wilo"})
	w.Must(err)
	w.Push(0xa1, 5*time.Hour, id, op(crdt.OpSet, "assignee", "eve"), op(crdt.OpAssign, "status", "done"))
	w.Rule("order", `{"roles": {"worker": {"see": {"any": [{"field": "assignee", "is": "$me"}, {"all": [{"field": "due", "above": "$today"}, {"field": "hours", "from": 3}]}]}, "edit": {"field": "status", "in": ["open", "in_progress"]}, "delete": false, "readOnly": ["hours"]}}}`)
	for n, op := range []crdt.Op{op(crdt.OpSet, "hours", 7.0), op(crdt.OpSet, "hours", "viele")} {
		change := &crdt.Change{Replica: crdt.Replica(0xb1 + n), N: 1, Stamp: crdt.NewTime(time.Now().UnixMilli(), 0), Type: "order", Version: 1, Doc: id, Ops: []crdt.Op{op}}
		_, err := w.Engine.Sync(w.Context(), collections.Actor{User: w.Users["wim"], Name: "wim", Role: collections.Worker}, &collections.SyncRequest{Replica: change.Replica, Changes: []*crdt.Change{change}})
		w.Must(err)
	}
	narrower := strings.NewReplacer(`"maximum": 1000`, `"maximum": 8`, `"minLength": 1,`, `"minLength": 9,`, `"required": ["title"]`, `"required": ["title", "manual"]`, `"title": "Price"`, `"title": "Preis", "x-unique": true`).Replace(admintest.OrderSchema)
	w.Publish("order", narrower)
	_, err = w.Engine.SaveDraft(w.Context(), admintest.System, collections.Draft{Name: "order", Schema: []byte(strings.NewReplacer(
		`"due": {"type": "string", "format": "date", "title": "Due"}`, `"due": {"type": "string", "format": "date", "title": "Frist", "x-merge": "max", "x-when": {"field": "status", "not": "done"}}`,
		`"urgent": {"type": "boolean", "title": "Urgent"}`, `"urgent": {"type": "boolean", "title": "Eilig", "x-merge": "counter"}`).Replace(narrower))})
	w.Must(err)
	return id
}

// Ensure that whoever reads German reads no English sentence, on whatever page, also
// where the engine tells what is wrong with a record, a type or a change.
func TestGerman(t *testing.T) {
	w := admintest.NewWorld(t)
	id := muddle(w)
	b := w.As("olga")
	site, err := url.Parse(w.URL)
	w.Must(err)
	b.HTTP.Jar.SetCookies(site, []*http.Cookie{{Name: ui.LanguageCookie, Value: "de"}})
	order := "/admin/types/order"
	for _, path := range []string{
		order + "/records", order + "/records?state=attention", order + "/records/" + id, order + "/records/" + id + "?edit", order + "/records/" + id + "/print",
		order + "/records?where=" + url.QueryEscape(`{"all":[{"field":"status","in":["open","done"]},{"field":"due","below":"$today"}]}`),
		order + "/records/trash", "/admin/attention", order + "/records/import", order + "/records/export",
		order + "/form", order + "/form?field=" + url.QueryEscape(`["urgent"]`), order + "/form?field=" + url.QueryEscape(`["due"]`), order + "/form/schema", order + "/form/publish",
		order + "/versions", order + "/versions/2", order + "/versions/1/compare/2", order + "/rules",
		order + "/rules/try?as=person:" + w.Users["wim"], order + "/rules/try?as=person:" + w.Users["wim"] + "&record=" + id,
		"/admin", "/admin/types/_new", "/admin/people", "/admin/devices", "/admin/tokens", "/admin/activity", "/admin/activity/log", "/admin/webhooks", "/admin/settings", "/admin/account",
	} {
		page := b.Get(path).Want(http.StatusOK)
		if lang := page.Find("html").AttrOr("lang", ""); lang != "de" {
			t.Fatalf("%s is in %q", path, lang)
		}
		germanPage(t, page)
	}
	b.Get("/admin/attention").Says("article", "Hours darf höchstens 8 sein; es ist 700.")
	b.Get(order+"/form/schema").Says("main", "Mengen zählen sich nur in einer Zahl zusammen")
	b.Get(order+"/rules/try?as=person:"+w.Users["wim"]).Says(".verdicts", "Assignee bin ich oder (Due ist nach heute und Hours ist mindestens 3)")
	for _, form := range []struct {
		path   string
		values url.Values
		status int
	}{
		{"/records/bulk", admintest.Values("id", id, "field", "hours", "do", "set", "value", "-4", "step", "preview"), 400},
		{"/records/bulk", admintest.Values("id", id, "field", "due", "do", "set", "value", "bald", "step", "preview"), 400},
		{"/records/bulk", admintest.Values("id", id, "field", "title", "do", "clear", "step", "preview"), 400},
		{"/records/bulk", admintest.Values("id", id, "do", "delete"), 200},
		{"/form/schema", admintest.Values("schema", `{"type":`), 422},
		{"/form/publish", admintest.Values("rev", "1"), 400},
	} {
		germanPage(t, b.Post(order+form.path, form.values).Want(form.status))
	}
}
