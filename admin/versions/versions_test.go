package versions_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/collections"
)

// draft keeps a changed schema of orders as the draft, in place of the one there is.
func draft(w *admintest.World, from, to string) {
	w.Helper()
	text := strings.Replace(admintest.OrderSchema, from, to, 1)
	if text == admintest.OrderSchema {
		w.Fatalf("the schema has no %s", from)
	}
	saveDraft(w, "order", text)
}

func saveDraft(w *admintest.World, name, text string) {
	w.Helper()
	d := collections.Draft{Name: name, Schema: json.RawMessage(text)}
	if old, err := w.Engine.Draft(w.Context(), admintest.System, name); err == nil {
		d.Rev = old.Rev
	}
	_, err := w.Engine.SaveDraft(w.Context(), admintest.System, d)
	w.Must(err)
}

// Before a version is published its author reads what changes and which records it
// touches.
func TestPublish_SaysWhatItDoes(t *testing.T) {
	w := admintest.NewWorld(t)
	for _, value := range []map[string]any{{"title": "Mend the pump"}, {"title": "Look at the lift", "due": "2026-03-09"}, {"title": "Paint"}} {
		w.Create("order", value)
	}
	draft(w, `"required": ["title"]`, `"required": ["title", "due"]`)
	b := w.As("dana")
	p := b.Get("/admin/types/order/form/publish").Want(200)
	p.Says(".changes", "stricter Due is now required. 2 records")
	p.Says(".changes .hint", "Devices on the old version")
	p.Says("[aria-labelledby=check]", "2 records would newly need attention, of 3.")
	p.Says(".examples", "Mend the pump Due is required.")
	p.SaysNot(".examples", "Look at the lift")
	german := func(path string) *admintest.Page {
		return b.Do("GET", path, "", nil, "Accept-Language", "de").Want(200)
	}
	p = german("/admin/types/order/form/publish")
	p.Says(".changes", "Due ist jetzt erforderlich.")
	p.Says(".examples", "Due ist erforderlich.")
	p.SaysNot(".changes .hint", "Devices")
	href, _ := p.Find(".examples a").First().Attr("href")
	b.Get(href).Want(200)

	rev, _ := p.Find("[name=rev]").Attr("value")
	p = b.Follow(b.Post("/admin/types/order/form/publish", admintest.Values("rev", rev)))
	p.Says(".notice.done", "Published")
	p.Count(".versions > li", 2)
	p.Says(".versions", "Version 2 in use")
	b.Get("/admin/types/order/records?state=attention").Says("main", "Mend the pump")
	german("/admin/attention").Says("main", "Due ist erforderlich.")
	p = b.Get("/admin/types/order/form/publish").Want(200)
	p.Says(".empty", "There is no draft")
	p.Count("form[action$='/publish']", 0)
}

func TestPublish_First(t *testing.T) {
	w := admintest.NewWorld(t)
	saveDraft(w, "visit", `{"title":"Visit","type":"object","required":["what"],"properties":{"what":{"title":"What","type":"string","x-section":"Job","maxLength":40}}}`)
	b := w.As("dana")
	p := b.Get("/admin/types/visit/form/publish").Want(200)
	p.Says(".fields", "What what Short text required at most 40 characters")
	p.Says(".fields th[scope=rowgroup]", "Job")
	rev, _ := p.Find("[name=rev]").Attr("value")
	p = b.Follow(b.Post("/admin/types/visit/form/publish", admintest.Values("rev", rev)))
	p.Says("[aria-labelledby=steps]", "Put it on a phone")
	p.Count(".versions > li", 1)
}

// Nobody publishes what somebody else saved after they looked.
func TestPublish_WhatWasLookedAt(t *testing.T) {
	w := admintest.NewWorld(t)
	draft(w, `"title": "Due"`, `"title": "Until"`)
	b := w.As("dana")
	rev, _ := b.Get("/admin/types/order/form/publish").Find("[name=rev]").Attr("value")
	draft(w, `"title": "Due"`, `"title": "Deadline"`)
	p := b.Post("/admin/types/order/form/publish", admintest.Values("rev", rev)).Want(409)
	p.Says("[role=alert]", "saved this draft after you opened it")
	p.Says(".changes", "Due is now called Deadline.")
	if _, err := w.Engine.Type(t.Context(), admintest.System, "order", 2); err == nil {
		t.Error("it was published unseen")
	}
}

// What cannot be published says why, and there is no button.
func TestPublish_Refused(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("dana")
	draft(w, `"hours": {"type": "number"`, `"hours": {"x-merge": "text", "type": "number"`)
	p := b.Get("/admin/types/order/form/publish").Want(200)
	p.Says(".notice.wrong", "Hours")
	p.Count("form[action$='/publish']", 0)
	draft(w, `"hours": {"type": "number", "title": "Hours", "minimum": 0, "maximum": 1000}`, `"hours": {"type": "string", "title": "Hours"}`)
	p = b.Get("/admin/types/order/form/publish").Want(200)
	p.Says(".changes", "cannot be published Hours holds a number")
	p.Count("form[action$='/publish']", 0)
	rev := "2"
	b.Post("/admin/types/order/form/publish", admintest.Values("rev", rev)).Want(400).Says("[role=alert]", "Hours")
	w.As("eve").Get("/admin/types/order/form/publish").Want(403)
}

func TestVersions(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Publish("order", strings.Replace(admintest.OrderSchema, `"title": "Due"`, `"title": "Until"`, 1))
	w.Publish("order", strings.Replace(admintest.OrderSchema, `"minLength": 1, `, "", 1))
	b := w.As("dana")
	p := b.Get("/admin/types/order/versions").Want(200)
	for _, want := range []string{
		"Title title Short text required at most 200 characters It is one short text",
		"Status status Choice Open, In progress, Done When two people",
		"Hours hours Number at least 0 at most 1000",
		"Tags tags Tags",
	} {
		p.Says(".fields", want)
	}
	p.Count(".versions > li", 3)
	p.Says("[aria-current=page]", "Versions")
	b.Get("/admin/types/order/versions/2").Want(200).Says(".changes", "changed Due is now called Until.")
	b.Get("/admin/types/order/versions/1").Want(200).Says("[aria-labelledby=changed]", "first version")
	p = b.Get("/admin/types/order/versions/3/schema.json").Want(200)
	if !json.Valid([]byte(p.Body)) || !strings.Contains(p.Header.Get("Content-Disposition"), `"order-v3.json"`) {
		t.Errorf("the download: %v %.100s", p.Header, p.Body)
	}
	p = b.Follow(b.Get("/admin/types/order/versions/compare?from=1&to=3")).Want(200)
	p.Says("h2", "From version 1 to version 3")
	p.Says(".changes", "looser Title")
	p.SaysNot(".changes", "Until")
	b.Get("/admin/types/order/versions/compare?from=1&to=9").Want(404)

	worker := w.As("wim")
	for _, path := range []string{"", "/1", "/3", "/1/schema.json", "/1/compare/2"} {
		if p := worker.Get("/admin/types/order/versions" + path).Want(200); strings.Contains(p.Body, "rice") {
			t.Errorf("%s tells a worker of the price", path)
		}
	}
	worker.Get("/admin/types/order/versions/1/restore").Want(403)
}

// A version becomes the draft only in the place of the draft that was seen.
func TestRestore(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Publish("order", strings.Replace(admintest.OrderSchema, `"title": "Due"`, `"title": "Until"`, 1))
	b := w.As("dana")
	p := b.Get("/admin/types/order/versions/1/restore").Want(200)
	p.Says(".changes", "Until is now called Due.")
	p.Count(".notice", 0)
	rev, _ := p.Find("[name=rev]").Attr("value")
	draft(w, `"title": "Due"`, `"title": "Deadline"`)
	p = b.Post("/admin/types/order/versions/1/restore", admintest.Values("rev", rev)).Want(409)
	p.Says("[role=alert]", "saved the draft")
	p.Says(".notice.block", "It takes the place of the draft")
	if !strings.Contains(b.Get("/admin/types/order/draft.json").Want(200).Body, "Deadline") {
		t.Error("the draft that is replaced cannot be had")
	}
	rev, _ = p.Find("[name=rev]").Attr("value")
	b.Post("/admin/types/order/versions/1/restore", admintest.Values("rev", rev)).Want(303)
	d, err := w.Engine.Draft(t.Context(), admintest.System, "order")
	w.Must(err)
	if !strings.Contains(string(d.Schema), `"Due"`) {
		t.Errorf("the draft is %s", d.Schema)
	}
}
