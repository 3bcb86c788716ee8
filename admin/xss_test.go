package admin_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// hostile would run where a slot did not escape it; each string is marked so that the
// test sees that it was shown at all.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' autofocus onfocus='alert(1)`, `javascript:alert(1)//x`,
	`</textarea><script>alert(1)</script>`, `<svg onload=alert(1)>`, `data:text/html,<script>alert(1)</script>`,
}

// hostileSchema has each of its words in every place where a designer may write one.
func hostileSchema(t *testing.T, bad string) string {
	t.Helper()
	text := func(more map[string]any) map[string]any {
		more["title"], more["description"] = bad, bad
		return more
	}
	schema := text(map[string]any{
		"type": "object", "additionalProperties": false,
		"properties": map[string]any{
			"title":  text(map[string]any{"type": "string", "default": bad}),
			"choice": text(map[string]any{"enum": []any{bad, "b"}}),
			"link":   text(map[string]any{"type": "string", "format": "uri"}),
			"mail":   text(map[string]any{"type": "string"}),
			"notes":  text(map[string]any{"type": "string", "contentMediaType": "text/plain"}),
			"tags":   text(map[string]any{"type": "array", "uniqueItems": true, "items": map[string]any{"type": "string"}}),
			"rows":   text(map[string]any{"type": "array", "items": text(map[string]any{"type": "object", "properties": map[string]any{"cell": text(map[string]any{"type": "string"})}})}),
			"group":  text(map[string]any{"type": "object", "properties": map[string]any{"inner": text(map[string]any{"type": "string"})}}),
			"keys":   text(map[string]any{"type": "object", "additionalProperties": map[string]any{"type": "string"}}),
		},
	})
	out, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func hostileValue(bad string) map[string]any {
	return map[string]any{
		"title": bad, "choice": bad, "link": "javascript:alert(1)", "mail": bad, "notes": bad + "\n" + bad, "tags": []any{bad},
		"rows": []any{map[string]any{"cell": bad}}, "group": map[string]any{"inner": bad}, "keys": map[string]any{"k": bad},
	}
}

// TestXSS_Crawl fills types, records, history, drafts and tokens with hostile text and
// reads every page that links lead to. On none is there anything that would run, none
// is dead, and reading them all changes nothing.
func TestXSS_Crawl(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("olga")
	for i, bad := range hostile {
		name := fmt.Sprintf("bad-%d", i)
		w.Publish(name, hostileSchema(t, bad))
		id := w.Create(name, hostileValue(bad))
		_, err := w.Engine.Patch(t.Context(), admintest.System, name, id, map[string]any{"title": bad + "2", "choice": "b"})
		w.Must(err)
		w.Must(w.Engine.Delete(t.Context(), admintest.System, name, w.Create(name, hostileValue(bad))))
		w.Publish(name, strings.Replace(hostileSchema(t, bad), `"type":"string"}`, `"type":"string","minLength":1}`, 1))
		b.Upload("/admin/types/"+name+"/form/schema", map[string]string{"from": hostileSchema(t, bad), "schema": hostileSchema(t, bad+"3")})
		checkPage(t, b.Upload("/admin/types/_new/schema", map[string]string{"name": bad, "schema": bad}).Want(422))
		checkPage(t, b.Post("/admin/types/_new", admintest.Values("title", bad, "name", bad)).Want(400))
		b.Post("/admin/types/"+name+"/form", admintest.Values("do", "add", "kind", "number", "value", bad+"4", "after", "title")).Want(303)
		checkPage(t, b.Post("/admin/types/"+name+"/form", admintest.Values("do", "set", "path", "title", "setting", "maximum", "as", "number", "value", bad)).Want(422))
		checkPage(t, b.Post("/admin/tokens", admintest.Values("label", bad, "may", "read", "expires", "30")).Want(200))
		checkPage(t, b.Post("/admin/people", admintest.Values("name", bad, "role", bad)).Want(400))
		checkPage(t, w.Guest().Post("/sign-in", admintest.Values("name", bad, "password", bad, "next", bad)).Want(401))
		checkPage(t, b.Get("/admin/types/"+name+"/records?search="+url.QueryEscape(bad)).Want(200))
		checkPage(t, b.Get("/admin?done="+url.QueryEscape(bad)).Want(200))
	}
	before := w.Engine.Stats()
	pages := crawl(t, b, "/admin")
	if after := w.Engine.Stats(); after.Accepted != before.Accepted || after.Commits != before.Commits {
		t.Errorf("reading the pages changed something: %+v, then %+v", before, after)
	}
	if len(pages) < 100 {
		t.Errorf("only %d pages were found", len(pages))
	}
	shown := strings.Join(pages, " ")
	for _, bad := range hostile {
		if strings.Count(shown, strings.Join(strings.Fields(bad), " ")) < 20 {
			t.Errorf("%q was hardly shown: the test looks at too little", bad)
		}
	}
}

// crawl reads every page of ours that links lead to, and gives what each shows. The
// field app, which is no page of ours, is not on this server.
func crawl(t *testing.T, b *admintest.Browser, from string) []string {
	t.Helper()
	seen, queue := map[string]bool{from: true, "/app/": true}, []string{from}
	var shown []string
	for len(queue) > 0 {
		p := b.Get(queue[0]).Want(200)
		queue = queue[1:]
		if !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			continue
		}
		checkPage(t, p)
		shown = append(shown, p.Text("main"))
		p.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
			href, _, _ := strings.Cut(a.AttrOr("href", ""), "#")
			// The builder's pages with a field half added are many, and one like the other.
			if strings.HasPrefix(href, "/") && !seen[href] && !strings.HasPrefix(href, "/sign-in") && !strings.Contains(href, "add") {
				seen[href] = true
				queue = append(queue, href)
			}
		})
	}
	return shown
}

// checkPage looks for anything that runs, leads elsewhere, or is not allowed inline.
func checkPage(t *testing.T, p *admintest.Page) {
	t.Helper()
	p.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Get(0).Attr {
			key, value := strings.ToLower(a.Key), strings.ToLower(strings.Join(strings.Fields(a.Val), ""))
			if strings.HasPrefix(key, "on") || key == "style" || key == "srcdoc" || key == "formaction" {
				t.Errorf("%s: <%s> has %s=%q", p.Path, goquery.NodeName(s), a.Key, a.Val)
			}
			if key == "href" || key == "src" || key == "action" {
				for _, scheme := range []string{"javascript:", "data:", "vbscript:", "//"} {
					if strings.HasPrefix(value, scheme) {
						t.Errorf("%s: <%s> leads to %q", p.Path, goquery.NodeName(s), a.Val)
					}
				}
			}
		}
	})
	p.Find("script").Each(func(_ int, e *goquery.Selection) {
		src := e.AttrOr("src", "")
		ours := strings.HasPrefix(src, "/admin/static/") && strings.Contains(src, ".js?v=") || src == "/app/studio.js"
		if !ours || e.Text() != "" {
			t.Errorf("%s: a script that is not ours, from %q: %s", p.Path, src, e.Text())
		}
	})
	if n := p.Find("img, iframe, object, embed, style, base").Length(); n > 0 {
		t.Errorf("%s: %d elements that we never write", p.Path, n)
	}
	if p.Find("h1").Length() != 1 || p.Find("title").Text() == "" {
		t.Errorf("%s: %d headings of the first level, title %q", p.Path, p.Find("h1").Length(), p.Find("title").Text())
	}
	checkNames(t, p)
}

// checkNames: every field of a form has a label, every button a name, no id is twice.
func checkNames(t *testing.T, p *admintest.Page) {
	t.Helper()
	ids := map[string]bool{}
	p.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if ids[id] {
			t.Errorf("%s: two elements have the id %s", p.Path, id)
		}
		ids[id] = true
	})
	p.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if s.AttrOr("aria-label", "") == "" && s.Closest("label").Length() == 0 && p.Find(fmt.Sprintf("label[for=%q]", id)).Length() != 1 {
			t.Errorf("%s: the field %s has no label of its own", p.Path, s.AttrOr("name", ""))
		}
		for _, described := range strings.Fields(s.AttrOr("aria-describedby", "")) {
			if !ids[described] {
				t.Errorf("%s: %s is described by %s, which is not there", p.Path, id, described)
			}
		}
	})
}
