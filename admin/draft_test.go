package admin_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

const visitSchema = `{"title": "Site visit", "type": "object", "properties": {"when": {"type": "string", "format": "date", "title": "When"}, "who": {"type": "string", "title": "Who"}}}`

func TestTypes_EmptyTeaches(t *testing.T) {
	w := admintest.NewEmptyWorld(t)
	_, err := w.Accounts.SetUp(t.Context(), w.Accounts.SetupToken(), "olga", "olga-password", admintest.Loopback)
	w.Must(err)
	b := w.As("olga")
	p := b.Get("/admin").Want(200)
	p.Count("ol.begin > li", 3)
	for _, way := range []string{"New type", "fieldstack import", "fieldstack serve --demo"} {
		p.Says("ol.begin", way)
	}
	p = b.Get("/admin/types/_new?example=work-order").Want(200)
	p.Holds("name", "work-order")
	text := p.Find("textarea").Text()
	b.Follow(b.Upload("/admin/types/_new", map[string]string{"name": "work-order", "rev": "0", "schema": text})).Says(".preview", "Publish")
}

// TestDraft_FromPasteToPublished goes the whole way of a new type.
func TestDraft_FromPasteToPublished(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	p := b.Follow(b.Upload("/admin/types/_new", map[string]string{"name": "", "rev": "0", "schema": visitSchema}))
	p.Want(200).Says(".notice.done", "saved")
	p.Says(".preview", "What this type will be")
	p.Says(".fields", "When when A date the newer stays")
	if p.Path != "/admin/types/site-visit/draft?done=saved" {
		t.Errorf("the type is at %s", p.Path)
	}
	b.Get("/admin").Says("main", "site-visit saved by dana")
	publish, _ := p.Find(".preview form").Attr("action")
	rev, _ := p.Find(".preview [name=rev]").Attr("value")
	b.Follow(b.Post(publish, admintest.Values("rev", rev))).Says(".notice.done", "Published")
	if _, err := w.Engine.Type(t.Context(), admintest.System, "site-visit", 1); err != nil {
		t.Error(err)
	}
	b.Get("/admin").Says(".cards", "Site visit version 1 2 fields")
}

func TestDraft_Mistakes(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	for name, c := range map[string]struct{ typ, text, field, says string }{
		"nothing":        {"visit", " ", "schema", "paste one"},
		"no JSON":        {"visit", "{\n  \"title\": \"é\",\n  oops\n}", "schema", "Line 3, column 3"},
		"two of one key": {"visit", `{"a": 1, "a": 2}`, "schema", "not JSON"},
		"half":           {"visit", `{"title": "x"`, "schema", "Line 1"},
		"a bad name":     {"Visits!", visitSchema, "name", "letters a to z"},
		"no name at all": {"", `{"type": "object"}`, "name", "letters a to z"},
		"a taken name":   {"order", visitSchema, "name", "There is a type order already"},
	} {
		p := b.Upload("/admin/types/_new", map[string]string{"name": c.typ, "rev": "0", "schema": c.text}).Want(400)
		if got := p.ErrorAt(c.field); !strings.Contains(got, c.says) {
			t.Errorf("%s: beside %s stands %q, want %q in it", name, c.field, got, c.says)
		}
		p.Holds("name", c.typ)
		p.Holds("schema", c.text)
	}
	drafts, err := w.Engine.Drafts(t.Context(), admintest.System)
	w.Must(err)
	if len(drafts) != 0 {
		t.Errorf("%d drafts were saved", len(drafts))
	}
}

// What is no type yet is saved, and each fault says where it is and the way out.
func TestDraft_FaultsAreSavedAndShown(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	faulty := `{"title": "Visit", "type": "object", "properties": {"hours": {"type": "number", "x-merge": "text"}}}`
	p := b.Upload("/admin/types/_new", map[string]string{"name": "visit", "rev": "0", "schema": faulty}).Want(200)
	p.Says(".notice.wrong", "/properties/hours/x-merge")
	p.Count(".notice.wrong li strong", 1)
	p.Count(".preview", 0)
	again := b.Get("/admin/types/visit/draft").Want(200)
	again.Says(".notice.wrong", "/properties/hours/x-merge")
	again.Holds("schema", legible([]byte(faulty)))
	b.Upload("/admin/types/_new", map[string]string{"name": "visit", "rev": "0", "schema": faulty}).Want(400).Says("#in-name-error", "draft of visit already")
}

// An older draft of JSON Schema is brought up, and the page says what that changed.
func TestDraft_OlderSchema(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	older := `{"$schema": "http://json-schema.org/draft-04/schema#", "title": "Visit", "type": "object", "properties": {"n": {"type": "number", "minimum": 0, "exclusiveMinimum": true}}}`
	p := b.Upload("/admin/types/_new", map[string]string{"name": "visit", "rev": "0", "schema": "ignored", "file": older}).Want(200)
	p.Says("main", "What reading it changed")
	p.Says(".fields", "more than 0")
	d, err := w.Engine.Draft(t.Context(), admintest.System, "visit")
	w.Must(err)
	if !strings.Contains(string(d.Schema), `"exclusiveMinimum":0`) {
		t.Errorf("kept as %s", d.Schema)
	}
}

// TestDraft_TwoPeople: nobody's text is saved over, or published unseen.
func TestDraft_TwoPeople(t *testing.T) {
	w := admintest.NewWorld(t)
	dana, olga := w.As("dana"), w.As("olga")
	p := dana.Get("/admin/types/order/draft").Want(200)
	p.Holds("rev", "0")
	text := p.Find("textarea").Text()
	mine := strings.Replace(text, "Work order", "Job", 1)
	theirs := strings.Replace(text, "Work order", "Order", 1)
	olga.Follow(olga.Upload("/admin/types/order/draft", map[string]string{"rev": "0", "schema": theirs})).Want(200)
	p = dana.Upload("/admin/types/order/draft", map[string]string{"rev": "0", "schema": mine}).Want(409)
	p.Says("[role=alert]", "olga saved the draft of order meanwhile")
	p.Holds("schema", mine)

	p = dana.Post("/admin/types/order/draft/publish", admintest.Values("rev", "7")).Want(409)
	p.Says("[role=alert]", "olga saved this draft after you opened it")
	p.Says(".preview", "Order")
	dana.Get("/admin/types/order/draft/discard").Want(200).Says("h1", "Discard the draft of order?")
	dana.Follow(dana.Post("/admin/types/order/draft/discard", nil)).Says(".notice.done", "discarded")
	dana.Get("/admin/types/order/draft").Holds("rev", "0")
}

// What would break devices is refused before and at publishing; what devices will feel
// of the rest is said.
func TestDraft_Comparison(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Create("order", map[string]any{"title": "x"})
	b := w.As("dana")
	refused := edited(t, admintest.OrderSchema, func(s map[string]any) { field(s, "hours")["type"] = "string" })
	p := b.Follow(b.Upload("/admin/types/order/draft", map[string]string{"rev": "0", "schema": refused}))
	p.Says(".differences .refused", "cannot be published")
	p.Count(".preview form", 0)
	rev, _ := p.Find("[name=rev]").Attr("value")
	b.Post("/admin/types/order/draft/publish", admintest.Values("rev", rev)).Want(400).Says("[role=alert]", "Hours")

	narrower := edited(t, admintest.OrderSchema, func(s map[string]any) { field(s, "title")["minLength"] = 3 })
	p = b.Follow(b.Upload("/admin/types/order/draft", map[string]string{"rev": rev, "schema": narrower}))
	p.Says(".differences", "Title")
	p.Says(".differences .hint", "Devices")
	rev, _ = p.Find("[name=rev]").Attr("value")
	b.Follow(b.Post("/admin/types/order/draft/publish", admintest.Values("rev", rev))).Want(200)
	b.Get("/admin").Says(".attention", "1 need attention")
}

// edited gives a schema with something changed.
func edited(t *testing.T, schema string, change func(map[string]any)) string {
	t.Helper()
	var s map[string]any
	if err := json.Unmarshal([]byte(schema), &s); err != nil {
		t.Fatal(err)
	}
	change(s)
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func field(s map[string]any, key string) map[string]any {
	return s["properties"].(map[string]any)[key].(map[string]any)
}

// legible is JSON as the pages show it.
func legible(text []byte) string {
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return string(text)
	}
	return out.String()
}
