package types_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
)

const orderForm = "/admin/types/order/form"

// do posts a command as the form of a page without script posts it.
func do(b *admintest.Browser, pairs ...string) *admintest.Page {
	b.Helper()
	return b.Post(orderForm, admintest.Values(pairs...))
}

// done follows a command that must be made.
func done(b *admintest.Browser, pairs ...string) *admintest.Page {
	b.Helper()
	return b.Follow(do(b, pairs...)).Want(http.StatusOK)
}

// keys lists the fields of the form from top to bottom.
func keys(p *admintest.Page) string {
	var list []string
	for _, n := range p.Find(".form-section [data-row]").EachIter() {
		list = append(list, n.AttrOr("data-at", ""))
	}
	return strings.Join(list, " ")
}

// press sends the form around a button, as a browser does.
func press(b *admintest.Browser, p *admintest.Page, button string) *admintest.Page {
	b.Helper()
	at := p.Find(button)
	if at.Length() != 1 {
		b.Fatalf("%d of %s", at.Length(), button)
	}
	values := url.Values{}
	for _, in := range at.Closest("form").Find("input[name]").EachIter() {
		values.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	}
	if name, named := at.Attr("name"); named {
		values.Add(name, at.AttrOr("value", ""))
	}
	return b.Post(at.Closest("form").AttrOr("action", ""), values)
}

// Ensure a published type is shown as its form, and that looking at it begins no draft.
func TestBuilder_Shows(t *testing.T) {
	w := admintest.NewWorld(t)
	p := w.As("dana").Get(orderForm).Want(http.StatusOK)
	if got, want := keys(p), "title status assignee hours price due urgent manual notes tags parts"; got != want {
		t.Errorf("the form has %s, want %s", got, want)
	}
	p.Says("#f-title", "required")
	p.Says("#f-title", "two people edit: the newer stays")
	p.Says("#f-status", "both stay until someone picks")
	p.Says("#f-status", "Open · In progress · Done")
	p.Says("#builder-state", "As published")
	if _, err := w.Engine.Draft(t.Context(), admintest.System, "order"); !ui.IsNotFound(err) {
		t.Errorf("looking at it began a draft: %v", err)
	}
	w.As("eve").Get(orderForm).Want(http.StatusForbidden)
	w.As("dana").Get("/admin/types/nothing/form").Want(http.StatusNotFound)
}

// Ensure a field is added by its label, and the next one is asked for behind it.
func TestBuilder_Add(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	p := b.Get(orderForm).Want(http.StatusOK)
	add, _ := p.Find("#gallery a[data-kind=number]").Attr("href")
	p = b.Get(add).Want(http.StatusOK)
	p.Count("#adding", 1)
	p.Find("#adding [name=value]").SetAttr("value", "Größe in mm")
	p = b.Follow(press(b, p, "#adding button")).Want(http.StatusOK)
	if got := keys(p); !strings.HasSuffix(got, "parts grosse_in_mm") {
		t.Errorf("the form has %s", got)
	}
	p.Count("#adding [name=after][value=grosse_in_mm]", 1)
	p.Says("#builder-state", "Draft, not public yet saved by dana")
	p.Says("#panel-title", "Größe in mm")

	p = do(b, "do", "add-more", "kind", "number", "value", " ", "after", "title", "into", "", "section", "").Want(http.StatusUnprocessableEntity)
	p.Says("#adding .error", "Give it a label first")
	p.Count("#f-title + #adding", 1)
}

// Ensure each setting is a form by itself, and what is not taken stands where it was typed.
func TestBuilder_Set(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	p := done(b, "do", "set", "path", "hours", "setting", "maximum", "as", "number", "from", "1000", "value", "12,5")
	if got, _ := p.Find("#set-maximum").Attr("value"); got != "12.5" {
		t.Errorf("the maximum is %q", got)
	}
	p = do(b, "do", "set", "path", "hours", "setting", "maximum", "as", "number", "from", "12.5", "value", "a lot").Want(http.StatusUnprocessableEntity)
	p.Says("#set-maximum-error", "has to be a number")
	if got, _ := p.Find("#set-maximum").Attr("value"); got != "a lot" {
		t.Errorf("what was typed became %q", got)
	}
	p = do(b, "do", "set", "path", "hours", "setting", "maximum", "as", "number", "from", "12.5", "value", "-1").Want(http.StatusUnprocessableEntity)
	p.Says("#set-maximum-error", "no value could be entered")
	p = done(b, "do", "set", "path", "hours", "setting", "required", "as", "yes", "from", "null", "value", "true")
	p.Says("#f-hours .row-top", "required")
	p = done(b, "do", "set", "path", "hours", "setting", "required", "as", "yes", "from", "true")
	p.SaysNot("#f-hours .row-top", "required")
	p = done(b, "do", "label", "path", "hours", "from", `"Hours"`, "value", "Hours worked")
	p.Says("#panel-title", "Hours worked")
	p.Says("#f-hours .key", "hours")
	p = done(b, "do", "set", "path", "", "setting", "label", "as", "text", "from", `"Work order"`, "value", "Job")
	p.Says("h1", "Job")
}

// Ensure fields move by their buttons, are taken out, and come back.
func TestBuilder_MoveRemoveBringBack(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	p := b.Get(orderForm)
	p = b.Follow(press(b, p, "#f-status > form button[value=up]"))
	if got := keys(p); !strings.HasPrefix(got, "status title assignee") {
		t.Errorf("up: %s", got)
	}
	p = b.Follow(press(b, p, "#f-status > form button[value=up]"))
	if got := keys(p); !strings.HasPrefix(got, "status title assignee") {
		t.Errorf("up at the top: %s", got)
	}
	p = b.Follow(press(b, p, "#f-status > form button[value=down]"))
	p = b.Follow(press(b, p, "#f-status > form button[value=down]"))
	if got := keys(p); !strings.HasPrefix(got, "title assignee status hours") {
		t.Errorf("down: %s", got)
	}
	p = b.Follow(press(b, p, "#f-hours > form button[value=remove]"))
	p.Count("#f-hours", 0)
	p.Says(".tray", "Hours Last in version 1.")
	p = b.Follow(press(b, p, ".tray button"))
	if got := keys(p); !strings.HasPrefix(got, "title assignee status hours") {
		t.Errorf("brought back: %s", got)
	}
	p = b.Follow(press(b, p, "#f-title > form button[value=duplicate]"))
	p.Count("#f-title + #f-title_5fcopy", 1)
}

// Ensure a heading splits the form, fields step over it, and it goes without them.
func TestBuilder_Sections(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	p := done(b, "do", "add", "kind", "section", "value", "Afterwards", "into", "", "after", "due", "section", "")
	p.Count("[data-section=Afterwards] > .fields > [data-row]", 5)
	p = b.Follow(press(b, p, "#f-urgent > form button[value=up]"))
	p.Count("[data-section=Afterwards] > .fields > [data-row]", 4)
	p = b.Follow(press(b, p, "#f-urgent > form button[value=down]"))
	p.Count("[data-section=Afterwards] > .fields > #f-urgent", 1)
	p = do(b, "do", "rename-section", "from", `"Afterwards"`, "value", "Later").Want(http.StatusSeeOther)
	p = b.Follow(p)
	p = b.Follow(press(b, p, ".section-head button[value=drop-section]"))
	p.Count(".section-head", 0)
	if got, want := keys(p), "title status assignee hours price due urgent manual notes tags parts"; got != want {
		t.Errorf("the form has %s, want %s", got, want)
	}
}

// Ensure what one person did is taken back and made again, and what another did is not.
func TestBuilder_Undo(t *testing.T) {
	w := admintest.NewWorld(t)
	dana, olga := w.As("dana"), w.As("olga")
	done(dana, "do", "set", "path", "hours", "setting", "maximum", "as", "number", "from", "1000", "value", "10")
	done(olga, "do", "label", "path", "title", "from", `"Title"`, "value", "Name")
	p := dana.Get(orderForm)
	p.Says("[data-undo]", "Undo: change Hours")
	p = dana.Follow(press(dana, p, "[data-undo]"))
	p.Says("[data-redo]", "Redo: change Hours")
	p.Count("[data-undo][disabled]", 1)
	p = dana.Get(orderForm + "?field=hours")
	if got, _ := p.Find("#set-maximum").Attr("value"); got != "1000" {
		t.Errorf("the maximum is %q after undo", got)
	}
	p.Count("#f-title [value=Name]", 1)
	dana.Follow(press(dana, p, "[data-redo]"))
	p = dana.Get(orderForm + "?field=hours")
	if got, _ := p.Find("#set-maximum").Attr("value"); got != "10" {
		t.Errorf("the maximum is %q after redo", got)
	}
}

// Ensure nobody overwrites what another set meanwhile: both are shown, and either can be
// chosen.
func TestBuilder_Clash(t *testing.T) {
	w := admintest.NewWorld(t)
	dana, olga := w.As("dana"), w.As("olga")
	done(olga, "do", "set", "path", "title", "setting", "help", "as", "lines", "from", "null", "value", "Theirs")
	p := do(dana, "do", "set", "path", "title", "setting", "help", "as", "lines", "from", "null", "value", "Mine").Want(http.StatusConflict)
	p.Says(".clash", "olga changed this while you did. Which is to stay? Yours Mine Theirs Theirs")
	if got := strings.TrimSpace(p.Find("#set-help").Text()); got != "Mine" {
		t.Errorf("what was typed became %q", got)
	}
	p = dana.Follow(press(dana, p, ".clash form:nth-child(1) button"))
	if got := strings.TrimSpace(p.Find("#set-help").Text()); got != "Mine" {
		t.Errorf("after choosing one's own it is %q", got)
	}
	// Different settings of one field do not meet.
	done(olga, "do", "label", "path", "title", "from", `"Title"`, "value", "Name")
	p = done(dana, "do", "set", "path", "title", "setting", "help", "as", "lines", "from", `"Mine"`, "value", "Anew")
	p.Count("#f-title [value=Name]", 1)
}

// Ensure choices are made, named, moved and taken out.
func TestBuilder_Choices(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	p := done(b, "do", "add", "kind", "choice", "value", "Colour", "into", "", "after", "title", "section", "")
	p.Says(".panel-note", "no choices yet")
	done(b, "do", "add-choice", "path", "colour", "value", "Red")
	p = done(b, "do", "add-choice", "path", "colour", "value", "Green")
	p.SaysNot(".panel-note", "no choices yet")
	p = b.Follow(press(b, p, "#set-choices-_22green_22 button[value=choice-up]"))
	p.Says("#f-colour .row-top", "Green · Red")
	p = done(b, "do", "set-choice", "path", "colour", "choice", `"red"`, "from", `"Red"`, "value", "Dark red")
	p.Says("#f-colour .row-top", "Green · Dark red")
	do(b, "do", "add-choice", "path", "colour", "value", "green").Want(http.StatusUnprocessableEntity).Says(".choices .error", "already")
	again := strings.NewReader(admintest.Values("do", "add-choice", "path", "colour", "value", "green").Encode())
	b.Do("POST", orderForm, ui.FormType, again, "Accept-Language", "de").Want(http.StatusUnprocessableEntity).Says(".choices .error", "gibt es schon")
	p = b.Follow(press(b, p, "#set-choices-_22green_22 button[value=remove-choice]"))
	p.Says("#f-colour .row-top", "Dark red")
	b.Get(orderForm+"?field=status").Count("#set-choices-_22open_22 button[value=remove-choice]", 0)
}

// Ensure a pattern is tried with an example, and trying changes nothing.
func TestBuilder_Pattern(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	try := func(pattern, example string) *admintest.Page {
		return do(b, "do", "set", "path", "title", "setting", "pattern", "as", "text", "from", "null", "value", pattern, "example", example, "do", "try").Want(http.StatusOK)
	}
	try("^[A-Z]{2}-[0-9]+$", "AB-12").Says(".tried", "It fits.")
	try("^[A-Z]{2}-[0-9]+$", "ab").Says(".tried", "It does not fit.")
	p := try("^[A-Z", "x")
	if p.Text(".tried") == "" {
		t.Error("nothing is said about a pattern that is none")
	}
	if got, _ := p.Find("#set-pattern").Attr("value"); got != "^[A-Z" {
		t.Errorf("what was typed became %q", got)
	}
	b.Get(orderForm).SaysNot("#builder-state", "Draft")
}

// Ensure the draft travels as a type to what runs on the page, or says why it is none.
func TestBuilder_TypeJSON(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	done(b, "do", "label", "path", "title", "from", `"Title"`, "value", "Name")
	p := b.Get("/admin/types/order/draft/type.json").Want(http.StatusOK)
	for _, want := range []string{`"name":"order"`, `"version":2`, `"title":"Name"`, `"fields":[`} {
		if !strings.Contains(p.Body, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	_, err := w.Engine.SaveDraft(t.Context(), admintest.System, collections.Draft{Name: "visit", Schema: []byte(`{"type":"object","properties":{"n":{"type":"number","x-merge":"text"}}}`)})
	w.Must(err)
	p = b.Get("/admin/types/visit/draft/type.json").Want(http.StatusOK)
	if !strings.Contains(p.Body, `"faults":[{"path":"/properties/n/x-merge"`) {
		t.Errorf("it says %s", p.Body)
	}
	b.Get("/admin/types/visit/form").Want(http.StatusOK).Says(".notice.wrong", "What keeps this from being a type N")
	w.As("eve").Get("/admin/types/order/draft/type.json").Want(http.StatusForbidden)
}

func itoa(n int) string { return strconv.Itoa(n) }

// Ensure it is said how many records hold a choice before it goes.
func TestBuilder_ChoiceLeaves(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	leaving := `#set-choices-control [data-choice='"open"'] .choice-leaving`
	ask := func() *admintest.Page {
		t.Helper()
		p := b.Get(orderForm + "?field=status").Want(http.StatusOK)
		p.Count(".choice-leaving", 0)
		href, _ := p.Find(`[data-choice='"open"'] a`).Attr("href")
		return b.Get(href).Want(http.StatusOK)
	}
	p := ask()
	p.Count(leaving, 1)
	p.SaysNot(leaving, "record")
	w.Create("order", map[string]any{"title": "x", "status": "done"})
	ask().Says(leaving, "No record holds it.")
	w.Create("order", map[string]any{"title": "x", "status": "open"})
	p = ask()
	p.Says(leaving, "1 record holds it. Records that hold Open keep it")
	p = b.Follow(press(b, p, leaving+" .danger")).Want(http.StatusOK)
	p.SaysNot("#f-status", "Open")
	for range 120 {
		w.Create("order", map[string]any{"title": "x", "status": "done"})
	}
	b.Get(orderForm+"?field=status&drop=%22done%22").Says(".choice-leaving", "At least 100 records hold it.")
}

// Ensure an order whose answer got lost is not made twice when it is sent again.
func TestBuilder_Once(t *testing.T) {
	b := admintest.NewWorld(t).As("dana")
	for range 2 {
		done(b, "do", "add", "kind", "date", "value", "Seen", "into", "", "after", "title", "section", "", "once", "1-2-3")
	}
	b.Get(orderForm).Count("[data-row][data-at^=seen]", 1)
	done(b, "do", "undo", "once", "1-2-4")
	done(b, "do", "undo", "once", "1-2-4")
	b.Get(orderForm).Count("[data-row][data-at^=seen]", 0)
	done(b, "do", "add", "kind", "date", "value", "Seen", "into", "", "after", "title", "section", "", "once", "1-2-5")
	b.Get(orderForm).Count("[data-row][data-at^=seen]", 1)
}
