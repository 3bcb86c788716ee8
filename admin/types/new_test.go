package types_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

const visitSchema = `{"title": "Site visit", "type": "object", "properties": {"when": {"type": "string", "format": "date", "title": "When"}, "who": {"type": "string", "title": "Who"}}}`

// Ensure a server without types shows how to begin one, to who may.
func TestList_EmptyTeaches(t *testing.T) {
	w := admintest.NewEmptyWorld(t)
	_, err := w.Accounts.SetUp(t.Context(), w.Accounts.SetupToken(), "olga", "olga-password", admintest.Loopback)
	w.Must(err)
	b := w.As("olga")
	p := b.Get("/admin").Want(http.StatusOK)
	p.Count(".starters > li", 6)
	p.Says(".start", "What do you keep records of?")
	p.Says("main", "A JSON Schema")
}

// Ensure the list tells each person what they may know.
func TestList_Cards(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	done(b, "do", "label", "path", "title", "from", `"Title"`, "value", "Name")
	b.Follow(b.Post("/admin/types/_new", admintest.Values("title", "Site visit"))).Want(http.StatusOK)
	p := b.Get("/admin").Want(http.StatusOK)
	p.Says(".type-card:nth-child(1)", "Work order order version 1 11 fields draft by dana")
	p.Says(".type-card:nth-child(2)", "Site visit site-visit never published")
	p = w.As("wim").Get("/admin").Want(http.StatusOK)
	p.Count(".type-card", 1)
	p.SaysNot("main", "draft")
	p.SaysNot("main", "Edit the form")
	p.SaysNot("main", "New type")
	w.As("wim").Get("/admin/types/_new").Want(http.StatusForbidden)
}

// Ensure a type is begun with a title alone, under a name made of it.
func TestNew_Empty(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	b.Post("/admin/types/_new", admintest.Values("title", "Größe, groß!")).Redirects("/admin/types/grosse-gross/form")
	p := b.Get("/admin/types/grosse-gross/form").Want(http.StatusOK)
	p.Says("h1", "Größe, groß!")
	p.Says(".empty", "There is no field yet")
	for _, c := range []struct{ title, name, field, says string }{
		{" ", "", "title", "Say what one record is called"},
		{"Order", "", "name", "There is a type order already"},
		{"Grosse gross", "", "name", "There is a draft of grosse-gross already"},
		{"日本", "", "name", "letters a to z"},
		{"Visit", "Visits!", "name", "letters a to z"},
	} {
		p := b.Post("/admin/types/_new", admintest.Values("title", c.title, "name", c.name))
		if got := p.ErrorAt(c.field); p.Status < 400 || !strings.Contains(got, c.says) {
			t.Errorf("%q: status %d, beside %s stands %q, want %q in it", c.title, p.Status, c.field, got, c.says)
		}
		p.Holds("title", strings.TrimSpace(c.title))
		p.Holds("name", c.name)
	}
}

// Ensure each starter begins a type that can be published as it is, twice too.
func TestNew_Starters(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	p := b.Get("/admin/types/_new").Want(http.StatusOK)
	var names []string
	for _, in := range p.Find("[name=starter]").EachIter() {
		names = append(names, in.AttrOr("value", ""))
	}
	if len(names) != 6 {
		t.Fatalf("there are the starters %q", names)
	}
	for _, name := range append(names, names[0]) {
		p := b.Follow(b.Post("/admin/types/_new", admintest.Values("starter", name))).Want(http.StatusOK)
		p.Count(".notice.wrong.block", 0)
		if p.Find("[data-row]").Length() < 10 {
			t.Errorf("%s has %d fields", name, p.Find("[data-row]").Length())
		}
	}
	b.Get("/admin/types/" + names[0] + "-2/form").Want(http.StatusOK)
	b.Post("/admin/types/_new", admintest.Values("starter", "nothing")).Want(http.StatusBadRequest)
}

// Ensure a pasted schema becomes a draft, one of an older JSON Schema too, and what it
// is not is said at its line with all that was typed kept.
func TestNew_Schema(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	send := func(name, text string) *admintest.Page {
		return b.Upload("/admin/types/_new/schema", map[string]string{"name": name, "schema": text})
	}
	send("", visitSchema).Redirects("/admin/types/site-visit/form")
	for name, c := range map[string]struct{ typ, text, says string }{
		"nothing":        {"visit", " ", "paste one"},
		"no JSON":        {"visit", "{\n  \"title\": \"é\",\n  oops\n}", "Line 3"},
		"two of one key": {"visit", `{"a": 1, "a": 2}`, "Line 1"},
		"half":           {"visit", `{"title": "x"`, "Line 1"},
		"a bad name":     {"Visits!", visitSchema, "letters a to z"},
		"no name at all": {"", `{"type": "object"}`, "letters a to z"},
		"a taken name":   {"order", visitSchema, "There is a type order already"},
		"a begun one":    {"site-visit", visitSchema, "There is a draft of site-visit already"},
	} {
		p := send(c.typ, c.text)
		if p.Status < 400 || p.Status > 499 {
			t.Errorf("%s: status %d", name, p.Status)
		}
		p.Says("main", c.says)
		p.Holds("name", c.typ)
		p.Holds("schema", c.text)
	}
	p := send("old", `{"$schema": "http://json-schema.org/draft-04/schema#", "title": "Visit", "type": "object", "properties": {"n": {"type": "number", "minimum": 0, "exclusiveMinimum": true}}}`).Want(http.StatusOK)
	p.Says("main", "What reading it changed")
	if text := p.Find("#in-schema").Text(); !strings.Contains(text, `"exclusiveMinimum": 0`) {
		t.Errorf("it was kept as %s", text)
	}
}

// Ensure the draft is edited as JSON, mistakes are at their lines, and what somebody
// else changed meanwhile stays.
func TestSchema_Edit(t *testing.T) {
	w := admintest.NewWorld(t)
	dana, olga := w.As("dana"), w.As("olga")
	at := orderForm + "/schema"
	p := dana.Get(at).Want(http.StatusOK)
	seen := p.Find(".schema-form [name=from]").AttrOr("value", "")
	save := func(b *admintest.Browser, from, text string) *admintest.Page {
		return b.Upload(at, map[string]string{"from": from, "schema": text})
	}
	broken := strings.Replace(seen, `"title": "Hours"`, `"title" "Hours"`, 1)
	line := strings.Count(seen[:strings.Index(seen, `"title": "Hours"`)], "\n") + 1
	p = save(dana, seen, broken).Want(http.StatusUnprocessableEntity)
	if got, _ := p.Find(".marks [data-line]").Attr("data-line"); got != itoa(line) {
		t.Errorf("the mistake is at line %s, want %d", got, line)
	}
	p.Holds("schema", broken)
	p.Count("#line-"+itoa(line)+".marked", 1)

	done(olga, "do", "label", "path", "title", "from", `"Title"`, "value", "Name")
	mine := strings.Replace(seen, `"title": "Hours"`, `"title": "Hours worked"`, 1)
	save(dana, seen, mine).Redirects(at + "?done=saved")
	p = dana.Get(at)
	for _, want := range []string{`"title": "Name"`, `"title": "Hours worked"`} {
		if !strings.Contains(p.Find("#in-schema").Text(), want) {
			t.Errorf("the draft lacks %s", want)
		}
	}
	p = save(dana, seen, strings.Replace(seen, `"title": "Title"`, `"title": "Subject"`, 1)).Want(http.StatusConflict)
	if !strings.Contains(p.Find("#in-schema").Text(), "Subject") {
		t.Error("what was typed is gone")
	}

	seen = dana.Get(at).Find(".schema-form [name=from]").AttrOr("value", "")
	p = save(dana, seen, strings.Replace(seen, `"title": "Hours worked"`, `"title": "Hours worked", "x-merge": "text"`, 1)).Want(http.StatusOK)
	p.Says(".marks", "Settings of Hours worked")
	p.Count(".code-lines .marked", 1)
	dana.Get(orderForm).Says("#f-hours .problem", "can not merge")
	p = dana.Get(orderForm)
	p = dana.Follow(press(dana, p, "[data-undo]"))
	p.Count(".notice.wrong.block", 0)
}

// Ensure a type is known by its icon, of those that there are.
func TestIcon(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	b.Get("/admin").Count(".type-card .letter .icon", 0)
	p := b.Get(orderForm + "?step=type").Want(http.StatusOK)
	p.Count("#set-icon-0[checked]", 1)
	p = done(b, "do", "set", "path", "", "setting", "icon", "as", "text", "from", "null", "value", "wrench")
	p.Count("#panel [value=wrench][checked]", 1)
	b.Follow(b.Post("/admin/types/_new", admintest.Values("starter", "asset"))).Want(http.StatusOK)
	b.Get("/admin").Count(".type-card .letter .icon", 1) // the other is not published
}
