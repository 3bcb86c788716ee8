package admin

import (
	"encoding/json"
	"strings"
	"testing"
)

const visitSchema = `{"title": "Site visit", "type": "object", "properties": {"when": {"type": "string", "format": "date", "title": "When"}, "who": {"type": "string", "title": "Who"}}}`

func TestTypes_EmptyTeaches(t *testing.T) {
	w := newEmptyWorld(t)
	_, err := w.accounts.SetUp(t.Context(), w.accounts.SetupToken(), "olga", "olga-password", loopback)
	w.must(err)
	b := w.as("olga")
	p := b.get("/admin").want(200)
	p.count("ol.begin > li", 3)
	for _, way := range []string{"New type", "fieldstack import", "fieldstack serve --demo"} {
		p.says("ol.begin", way)
	}
	p = b.get("/admin/types/_new?example=work-order").want(200)
	p.holds("name", "work-order")
	text := p.Find("textarea").Text()
	b.follow(b.upload("/admin/types/_new", map[string]string{"name": "work-order", "rev": "0", "schema": text})).says(".preview", "Publish")
}

// TestDraft_FromPasteToPublished goes the whole way of a new type.
func TestDraft_FromPasteToPublished(t *testing.T) {
	w := newWorld(t)
	b := w.as("dana")
	p := b.follow(b.upload("/admin/types/_new", map[string]string{"name": "", "rev": "0", "schema": visitSchema}))
	p.want(200).says(".notice.done", "saved")
	p.says(".preview", "What this type will be")
	p.says(".fields", "When when A date the newer stays")
	if p.path != "/admin/types/site-visit/draft?done=saved" {
		t.Errorf("the type is at %s", p.path)
	}
	b.get("/admin").says("main", "site-visit saved by dana")
	publish, _ := p.Find(".preview form").Attr("action")
	rev, _ := p.Find(".preview [name=rev]").Attr("value")
	b.follow(b.post(publish, values("rev", rev))).says(".notice.done", "Published")
	if _, err := w.engine.Type(t.Context(), system, "site-visit", 1); err != nil {
		t.Error(err)
	}
	b.get("/admin").says(".cards", "Site visit version 1 2 fields")
}

func TestDraft_Mistakes(t *testing.T) {
	w := newWorld(t)
	b := w.as("dana")
	for name, c := range map[string]struct{ typ, text, field, says string }{
		"nothing":        {"visit", " ", "schema", "paste one"},
		"no JSON":        {"visit", "{\n  \"title\": \"é\",\n  oops\n}", "schema", "Line 3, column 3"},
		"two of one key": {"visit", `{"a": 1, "a": 2}`, "schema", "not JSON"},
		"half":           {"visit", `{"title": "x"`, "schema", "Line 1"},
		"a bad name":     {"Visits!", visitSchema, "name", "letters a to z"},
		"no name at all": {"", `{"type": "object"}`, "name", "letters a to z"},
		"a taken name":   {"order", visitSchema, "name", "There is a type order already"},
	} {
		p := b.upload("/admin/types/_new", map[string]string{"name": c.typ, "rev": "0", "schema": c.text}).want(400)
		if got := p.errorAt(c.field); !strings.Contains(got, c.says) {
			t.Errorf("%s: beside %s stands %q, want %q in it", name, c.field, got, c.says)
		}
		p.holds("name", c.typ)
		p.holds("schema", c.text)
	}
	drafts, err := w.engine.Drafts(t.Context(), system)
	w.must(err)
	if len(drafts) != 0 {
		t.Errorf("%d drafts were saved", len(drafts))
	}
}

// What is no type yet is saved, and each fault says where it is and the way out.
func TestDraft_FaultsAreSavedAndShown(t *testing.T) {
	w := newWorld(t)
	b := w.as("dana")
	faulty := `{"title": "Visit", "type": "object", "properties": {"hours": {"type": "number", "x-merge": "text"}}}`
	p := b.upload("/admin/types/_new", map[string]string{"name": "visit", "rev": "0", "schema": faulty}).want(200)
	p.says(".notice.wrong", "/properties/hours/x-merge")
	p.count(".notice.wrong li strong", 1)
	p.count(".preview", 0)
	again := b.get("/admin/types/visit/draft").want(200)
	again.says(".notice.wrong", "/properties/hours/x-merge")
	again.holds("schema", indented([]byte(faulty)))
	b.upload("/admin/types/_new", map[string]string{"name": "visit", "rev": "0", "schema": faulty}).want(400).says("#in-name-error", "draft of visit already")
}

// An older draft of JSON Schema is brought up, and the page says what that changed.
func TestDraft_OlderSchema(t *testing.T) {
	w := newWorld(t)
	b := w.as("dana")
	older := `{"$schema": "http://json-schema.org/draft-04/schema#", "title": "Visit", "type": "object", "properties": {"n": {"type": "number", "minimum": 0, "exclusiveMinimum": true}}}`
	p := b.upload("/admin/types/_new", map[string]string{"name": "visit", "rev": "0", "schema": "ignored", "file": older}).want(200)
	p.says("main", "What reading it changed")
	p.says(".fields", "more than 0")
	d, err := w.engine.Draft(t.Context(), system, "visit")
	w.must(err)
	if !strings.Contains(string(d.Schema), `"exclusiveMinimum":0`) {
		t.Errorf("kept as %s", d.Schema)
	}
}

// TestDraft_TwoPeople: nobody's text is saved over, or published unseen.
func TestDraft_TwoPeople(t *testing.T) {
	w := newWorld(t)
	dana, olga := w.as("dana"), w.as("olga")
	p := dana.get("/admin/types/order/draft").want(200)
	p.holds("rev", "0")
	text := p.Find("textarea").Text()
	mine := strings.Replace(text, "Work order", "Job", 1)
	theirs := strings.Replace(text, "Work order", "Order", 1)
	olga.follow(olga.upload("/admin/types/order/draft", map[string]string{"rev": "0", "schema": theirs})).want(200)
	p = dana.upload("/admin/types/order/draft", map[string]string{"rev": "0", "schema": mine}).want(409)
	p.says("[role=alert]", "olga saved the draft of order meanwhile")
	p.holds("schema", mine)

	p = dana.post("/admin/types/order/draft/publish", values("rev", "7")).want(409)
	p.says("[role=alert]", "olga saved this draft after you opened it")
	p.says(".preview", "Order")
	dana.get("/admin/types/order/draft/discard").want(200).says("h1", "Discard the draft of order?")
	dana.follow(dana.post("/admin/types/order/draft/discard", nil)).says(".notice.done", "discarded")
	dana.get("/admin/types/order/draft").holds("rev", "0")
}

// What would break devices is refused before and at publishing; what devices will feel
// of the rest is said.
func TestDraft_Comparison(t *testing.T) {
	w := newWorld(t)
	w.create("order", map[string]any{"title": "x"})
	b := w.as("dana")
	refused := edited(t, orderSchema, func(s map[string]any) { field(s, "hours")["type"] = "string" })
	p := b.follow(b.upload("/admin/types/order/draft", map[string]string{"rev": "0", "schema": refused}))
	p.says(".differences .refused", "cannot be published")
	p.count(".preview form", 0)
	rev, _ := p.Find("[name=rev]").Attr("value")
	b.post("/admin/types/order/draft/publish", values("rev", rev)).want(400).says("[role=alert]", "Hours")

	narrower := edited(t, orderSchema, func(s map[string]any) { field(s, "title")["minLength"] = 3 })
	p = b.follow(b.upload("/admin/types/order/draft", map[string]string{"rev": rev, "schema": narrower}))
	p.says(".differences", "Title")
	p.says(".differences .hint", "Devices")
	rev, _ = p.Find("[name=rev]").Attr("value")
	b.follow(b.post("/admin/types/order/draft/publish", values("rev", rev))).want(200)
	b.get("/admin").says(".attention", "1 need attention")
	b.get("/admin/types/order").want(200).count("table[aria-labelledby=versions] tbody tr", 2)
	b.get("/admin/types/order/versions/2").says(".differences", "Title")
	b.get("/admin/types/order/versions/1").says("main", "first version")
	p = b.get("/admin/types/order/versions/2/schema.json").want(200)
	if !json.Valid([]byte(p.body)) || !strings.Contains(p.header.Get("Content-Disposition"), `"order-v2.json"`) {
		t.Errorf("the download: %v %.100s", p.header, p.body)
	}
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

func TestShape_ExplainsFields(t *testing.T) {
	w := newWorld(t)
	p := w.as("dana").get("/admin/types/order").want(200)
	for _, want := range []string{
		"Title title Short text required 1 to 200 characters the newer stays",
		"Status status A choice one of: open, in_progress, done both until picked",
		"Hours hours A number 0 to 1000",
		"Notes notes Long text both texts",
		"Tags tags Any number of different values all additions",
		"Parts parts Rows all rows",
		"Quantity parts.*.qty A whole number at least 1",
		"Price",
	} {
		p.says(".fields", want)
	}
	p.says("[aria-label='Pages of this type']", "Edit")
	worker := w.as("wim").get("/admin/types/order").want(200)
	worker.saysNot("main", "Price")
	worker.saysNot("[aria-label='Pages of this type']", "Edit")
	for _, path := range []string{"/admin/types/order/versions/1", "/admin/types/order/versions/1/schema.json"} {
		if p := w.as("wim").get(path).want(200); strings.Contains(p.body, "rice") {
			t.Errorf("%s tells a worker of the price", path)
		}
	}
}

func TestNameFromTitle(t *testing.T) {
	for title, want := range map[string]string{
		"Work order": "work-order", "  Büro, groß!  ": "buro-gro", "3 phases": "phases", "A1": "a1", "日本": "", "": "", "a--b": "a-b", "Ærø": "r",
		strings.Repeat("ab", 50): strings.Repeat("ab", 30),
	} {
		text, err := json.Marshal(map[string]string{"title": title})
		if err != nil {
			t.Fatal(err)
		}
		if got := nameFromTitle(string(text)); got != want {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
	}
	if got := nameFromTitle("no JSON"); got != "" {
		t.Errorf("no JSON gives %q", got)
	}
}
