package api

import (
	"strings"
	"testing"
)

// scenario is one request and what must, and must not, be in its answer.
type scenario struct {
	name        string
	as          string // "" for nobody
	method, url string
	body        string
	status      int
	contains    []string
	notContains []string
}

func (w *world) run(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			a := w.do(s.as, s.method, s.url, s.body)
			if a.status != s.status {
				t.Errorf("status %d, want %d: %s", a.status, s.status, a.body)
			}
			for _, text := range s.contains {
				if !strings.Contains(a.body, text) {
					t.Errorf("the answer does not hold %s: %s", text, a.body)
				}
			}
			for _, text := range s.notContains {
				if strings.Contains(a.body, text) {
					t.Errorf("the answer holds %s: %s", text, a.body)
				}
			}
		})
	}
}

func TestRecords(t *testing.T) {
	w := newWorld(t)
	mine := w.order(1, map[string]any{"title": "Pump", "assignee": "wim", "price": 99.5, "status": "open"})
	other := w.order(2, map[string]any{"title": "Roof", "assignee": "wilo", "price": 10.0, "hours": 3.0})
	w.run(t, []scenario{
		{"owner lists all", "olga", "GET", "/api/order", "", 200, []string{mine, other, `"price":99.5`}, []string{"total", "cursor"}},
		{"worker lists his own without the price", "wim", "GET", "/api/order", "", 200, []string{mine}, []string{other, "price", "99.5"}},
		{"count", "olga", "GET", "/api/order?count=true&limit=1", "", 200, []string{`"total":2`, `"next":`}, []string{other}},
		{"where", "olga", "GET", `/api/order?where={"field":"hours","above":2}`, "", 200, []string{other}, []string{mine}},
		{"where $me", "eve", "GET", `/api/order?where={"field":"assignee","is":"$me"}`, "", 200, []string{`"documents":[]`}, nil},
		{"sort down", "olga", "GET", "/api/order?sort=-title", "", 200, []string{`"title":"Roof"`}, nil},
		{"search", "olga", "GET", "/api/order?search=pum", "", 200, []string{mine}, []string{other}},
		{"one", "wim", "GET", "/api/order/" + mine, "", 200, []string{`"Pump"`}, []string{"price"}},
		{"not his", "wim", "GET", "/api/order/" + other, "", 404, []string{`"not_found"`}, []string{"Roof"}},
		{"patch", "wim", "PATCH", "/api/order/" + mine, `{"value":{"status":"done"}}`, 200, []string{`"status":"done"`, `"Pump"`}, []string{"price"}},
		{"patch what is not his", "wim", "PATCH", "/api/order/" + other, `{"value":{"status":"done"}}`, 404, nil, []string{"Roof"}},
		{"patch a hidden field", "wim", "PATCH", "/api/order/" + mine, `{"value":{"price":1}}`, 403, nil, []string{"99.5"}},
		{"patch a read-only field", "eve", "PATCH", "/api/order/" + mine, `{"value":{"price":1}}`, 403, []string{"price"}, nil},
		{"give away", "wim", "PATCH", "/api/order/" + mine, `{"value":{"assignee":"wilo"}}`, 403, nil, nil},
		{"delete is not for workers", "wim", "DELETE", "/api/order/" + mine, "", 403, []string{`"forbidden"`}, nil},
		{"put", "olga", "PUT", "/api/order/" + other, `{"value":{"title":"Roof","assignee":"wilo"}}`, 200, []string{`"value":{"assignee":"wilo","title":"Roof"}`}, nil},
		{"delete", "eve", "DELETE", "/api/order/" + other, "", 204, nil, nil},
		{"deleted is gone", "wilo", "GET", "/api/order/" + other, "", 404, nil, nil},
		{"trash", "eve", "GET", "/api/order?state=trash", "", 200, []string{other, `"deleted":true`}, []string{mine}},
		{"trash is not for workers", "wilo", "GET", "/api/order?state=trash", "", 403, []string{"state"}, nil},
		{"restore is not for workers", "wilo", "POST", "/api/order/" + other + "/restore", "", 404, nil, nil},
		{"restore", "eve", "POST", "/api/order/" + other + "/restore", "{}", 200, []string{`"Roof"`}, []string{"deleted"}},
		{"history", "wim", "GET", "/api/order/" + mine + "/history", "", 200, []string{"Status", `"by":"wim"`}, []string{"price", "Price", "99.5"}},
		{"history of a field", "olga", "GET", "/api/order/" + mine + "/history?field=price", "", 200, []string{"99.5"}, []string{"Status"}},
		{"history of a hidden field", "wim", "GET", "/api/order/" + mine + "/history?field=price", "", 200, []string{`"events":[]`}, []string{"99.5"}},
		{"history of what is not his", "wim", "GET", "/api/order/" + other + "/history", "", 404, nil, nil},
		{"unknown type", "olga", "GET", "/api/nothing", "", 404, []string{"nothing"}, nil},
		{"a reserved name is no type", "olga", "GET", "/api/_nothing", "", 404, nil, nil},
		{"create", "wim", "POST", "/api/order", `{"value":{"title":"New","assignee":"wim"}}`, 201, []string{`"New"`, `"createdBy":"wim"`}, nil},
		{"create for another", "wim", "POST", "/api/order", `{"value":{"title":"New","assignee":"wilo"}}`, 403, nil, nil},
		{"create twice", "olga", "POST", "/api/order", `{"id":"` + mine + `","value":{"title":"Again"}}`, 409, []string{"id"}, nil},
		{"create what is there unseen", "wilo", "POST", "/api/order", `{"id":"` + mine + `","value":{"title":"Again","assignee":"wilo"}}`, 404, nil, []string{"Pump"}},
		{"a read token reads", "eve/read", "GET", "/api/order/" + mine, "", 200, []string{"Pump"}, nil},
		{"a read token does not write", "eve/read", "PATCH", "/api/order/" + mine, `{"value":{"status":"open"}}`, 403, nil, nil},
		{"a token for another type", "eve/other", "GET", "/api/order", "", 404, nil, []string{"Pump"}},
	})
}

func TestBatch(t *testing.T) {
	w := newWorld(t)
	one, two := w.order(1, map[string]any{"title": "One"}), w.order(2, map[string]any{"title": "Two"})
	a := w.do("olga", "POST", "/api/order", `{
		"added": [{"value": {"title": "Three"}}, {"id": "`+docID(4)+`", "value": {"title": ""}}],
		"modified": [{"id": "`+one+`", "value": {"hours": 7}}, {"id": "`+docID(99)+`", "value": {"hours": 7}}],
		"removed": ["`+two+`"]}`)
	w.want("batch", a, 200)
	type result struct {
		ID       string
		Document *struct{ Value map[string]any }
		Error    *struct{ Code, Field string }
	}
	var done struct{ Added, Modified, Removed []result }
	a.into(t, &done)
	switch {
	case len(done.Added) != 2 || len(done.Modified) != 2 || len(done.Removed) != 1:
		t.Fatalf("results %s", a.body)
	case done.Added[0].Document == nil || done.Added[0].Document.Value["title"] != "Three":
		t.Errorf("added %s", a.body)
	case done.Added[1].Error == nil || done.Added[1].Error.Code != "invalid":
		t.Errorf("the invalid one: %s", a.body)
	case done.Modified[0].Document == nil || done.Modified[0].Document.Value["hours"] != 7.0:
		t.Errorf("modified %s", a.body)
	case done.Modified[1].Error == nil || done.Modified[1].Error.Code != "not_found":
		t.Errorf("the missing one: %s", a.body)
	case done.Removed[0].Error != nil:
		t.Errorf("removed %s", a.body)
	}
	w.want("removed", w.do("wim", "GET", "/api/order/"+two, ""), 404)
}

func TestTypes(t *testing.T) {
	w := newWorld(t)
	next := strings.Replace(orderSchema, `"title": "Hours"`, `"title": "Hours worked"`, 1)
	w.run(t, []scenario{
		{"types", "olga", "GET", "/api/_types", "", 200, []string{`"name":"order"`, `"strategy":"register"`, `"why":`, `"price"`}, nil},
		{"what is hidden is not in the schema", "wim", "GET", "/api/_types", "", 200, []string{`"name":"order"`}, []string{"price", "Price"}},
		{"one type", "wim", "GET", "/api/_types/order", "", 200, []string{`"version":1`}, []string{"price"}},
		{"a version that is not there", "wim", "GET", "/api/_types/order?version=7", "", 404, []string{"version"}, nil},
		{"no draft for workers", "wim", "GET", "/api/_types/order/draft", "", 403, []string{"designer"}, nil},
		{"no draft yet", "dana", "GET", "/api/_types/order/draft", "", 404, nil, nil},
		{"save a draft", "dana", "PUT", "/api/_types/order/draft", `{"schema":` + next + `}`, 200, []string{`"rev":1`, `"by":"dana"`}, nil},
		{"save over a newer one", "dana", "PUT", "/api/_types/order/draft", `{"rev":7,"schema":` + next + `}`, 409, nil, nil},
		{"drafts", "dana", "GET", "/api/_drafts", "", 200, []string{`"name":"order"`}, nil},
		{"preview", "dana", "GET", "/api/_types/order/draft/preview", "", 200, []string{"Hours worked"}, nil},
		{"publish", "dana", "POST", "/api/_types/order/publish", "", 201, []string{`"version":2`, "Hours worked"}, nil},
		{"versions", "wim", "GET", "/api/_types/order/versions", "", 200, []string{`"version":1`, `"version":2`}, []string{"price"}},
		{"the older version", "dana", "GET", "/api/_types/order?version=1", "", 200, []string{`"Hours"`}, []string{"Hours worked"}},
		{"rules", "dana", "GET", "/api/_types/order/rules", "", 200, []string{"$me", "hidden"}, nil},
		{"rules are not for editors", "eve", "GET", "/api/_types/order/rules", "", 403, nil, []string{"$me"}},
		{"set rules", "dana", "PUT", "/api/_types/order/rules", `{"roles":{"worker":{"hidden":["hours"]}}}`, 200, []string{"hours"}, nil},
		{"from then on they hold", "wim", "GET", "/api/_types/order", "", 200, []string{"price"}, []string{"Hours"}},
		{"discard a draft", "dana", "PUT", "/api/_types/fresh/draft", `{"schema":{}}`, 200, nil, nil},
		{"discarded", "dana", "DELETE", "/api/_types/fresh/draft", "", 204, nil, nil},
	})
}

// A schema is kept as it was written: the order of its properties is the form's.
func TestDraft_KeepsTheOrderOfProperties(t *testing.T) {
	w := newWorld(t)
	w.do("dana", "PUT", "/api/_types/visit/draft", `{"schema":{"type":"object","title":"Visit","properties":{"zeta":{"type":"string"},"alpha":{"type":"string"},"mid":{"type":"string"}}}}`)
	a := w.do("dana", "GET", "/api/_types/visit/draft", "")
	z, m := strings.Index(a.body, "zeta"), strings.Index(a.body, "mid")
	if z < 0 || z > strings.Index(a.body, "alpha") || m < strings.Index(a.body, "alpha") {
		t.Errorf("the draft came back as %s", a.body)
	}
	w.do("dana", "POST", "/api/_types/visit/publish", "")
	a = w.do("dana", "GET", "/api/_types/visit", "")
	fields := a.body[strings.Index(a.body, `"fields"`):]
	if strings.Index(fields, "zeta") > strings.Index(fields, "alpha") {
		t.Errorf("the fields came out as %s", fields)
	}
}

func TestAccountsAndTokens(t *testing.T) {
	w := newWorld(t)
	wim := w.users["wim"]
	w.run(t, []scenario{
		{"accounts", "olga", "GET", "/api/_accounts", "", 200, []string{`"name":"wim"`}, []string{"argon2", "password", "generation"}},
		{"one account", "olga", "GET", "/api/_accounts/" + wim, "", 200, []string{`"role":"worker"`}, []string{"argon2"}},
		{"create", "olga", "POST", "/api/_accounts", `{"name":"new","password":"long enough","role":"worker"}`, 201, []string{`"name":"new"`}, []string{"long enough", "argon2"}},
		{"twice", "olga", "POST", "/api/_accounts", `{"name":"NEW","password":"long enough","role":"worker"}`, 409, []string{`"field":"name"`}, nil},
		{"not by a designer", "dana", "POST", "/api/_accounts", `{"name":"x","password":"long enough","role":"owner"}`, 403, nil, nil},
		{"not by an owner's narrow token", "olga/read", "GET", "/api/_accounts", "", 403, []string{"scopes"}, nil},
		{"the last owner stays", "olga", "PATCH", "/api/_accounts/" + w.users["olga"], `{"disabled":true}`, 400, []string{"last owner"}, nil},
		{"who am I", "wim", "GET", "/api/_session", "", 200, []string{`"name":"wim"`, `"kind":"session"`, wim}, nil},
		{"who am I, narrow", "eve/read", "GET", "/api/_session", "", 200, []string{`"scopes":["read"]`, `"kind":"token"`}, nil},
		{"own tokens only", "wim", "GET", "/api/_tokens", "", 200, []string{`"tokens":[]`}, nil},
		{"an owner sees all tokens", "olga", "GET", "/api/_tokens", "", 200, []string{"eve/read", "olga/read"}, []string{"hash", "fst_"}},
		{"make a token", "wim", "POST", "/api/_tokens", `{"label":"script","scopes":["read","type:order"]}`, 201, []string{`"token":"fst_`}, nil},
		{"a token makes none", "eve/read", "POST", "/api/_tokens", `{"label":"wider"}`, 403, nil, nil},
		{"a code for another", "wim", "POST", "/api/_enrol", `{"account":"` + w.users["olga"] + `"}`, 403, nil, nil},
		{"the trail", "olga", "GET", "/api/_audit?limit=3", "", 200, []string{`"who":"wim"`, "created a token"}, nil},
		{"the trail is the owner's", "dana", "GET", "/api/_audit", "", 403, nil, nil},
	})
}

// A browser's session goes into a cookie and never into the answer; a device's token
// comes from a code that works once.
func TestSession_CookieAndDevice(t *testing.T) {
	w := newWorld(t)
	a := w.do("", "POST", "/api/_session", `{"identity":"wim","password":"wim-password","cookie":true}`)
	w.want("sign in with a cookie", a, 200)
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if !strings.HasPrefix(cookie, "fieldstack=fss_") || strings.Contains(a.body, "fss_") {
		t.Fatalf("cookie %q, answer %s", cookie, a.body)
	}
	w.want("by cookie", w.do("", "GET", "/api/_session", "", "Cookie", cookie), 200)
	w.want("a code from another site", w.do("", "POST", "/api/_enrol", "{}", "Cookie", cookie, "Sec-Fetch-Site", "cross-site"), 403)
	a = w.do("", "POST", "/api/_enrol", "{}", "Cookie", cookie)
	w.want("code", a, 201)
	var code struct{ Code string }
	a.into(t, &code)
	a = w.do("", "POST", "/api/_session", `{"code":"`+code.Code+`"}`)
	w.want("enrol", a, 200)
	var session struct{ Token, Kind string }
	a.into(t, &session)
	if session.Kind != "device" || !strings.HasPrefix(session.Token, "fsd_") {
		t.Fatalf("enrolled as %s", a.body)
	}
	w.want("a code works once", w.do("", "POST", "/api/_session", `{"code":"`+code.Code+`"}`), 401)
	w.tokens["tablet"] = session.Token
	w.want("the device", w.do("tablet", "GET", "/api/order", ""), 200)
	w.want("sign out", w.do("", "DELETE", "/api/_session", "", "Cookie", cookie), 204)
	w.want("signed out", w.do("", "GET", "/api/_session", "", "Cookie", cookie), 401)
	w.want("the device goes on", w.do("tablet", "GET", "/api/order", ""), 200)
}

func TestSetUp_OverHTTP(t *testing.T) {
	w := newEmptyWorld(t, lax)
	w.run(t, []scenario{
		{"needed", "", "GET", "/api/_setup", "", 200, []string{"true"}, nil},
		{"a wrong token", "", "POST", "/api/_setup", `{"token":"x","name":"olga","password":"olga-password"}`, 401, []string{"token"}, nil},
		{"the right one", "", "POST", "/api/_setup", `{"token":"` + w.accounts.SetupToken() + `","name":"olga","password":"olga-password"}`, 201, []string{`"role":"owner"`}, nil},
		{"only once", "", "POST", "/api/_setup", `{"token":"` + w.accounts.SetupToken() + `","name":"eve","password":"eve-password"}`, 403, nil, nil},
		{"no longer needed", "", "GET", "/api/_setup", "", 200, []string{"false"}, nil},
		{"sign in", "", "POST", "/api/_session", `{"identity":"Olga","password":"olga-password"}`, 200, []string{`"name":"olga"`, "fss_"}, nil},
	})
}

func TestETag_SavesTheBody(t *testing.T) {
	w := newWorld(t)
	id := w.order(1, map[string]any{"title": "Pump", "price": 5.0, "assignee": "wim"})
	for _, path := range []string{"/api/order/" + id, "/api/order", "/api/_types", "/api/openapi.json"} {
		first := w.do("wim", "GET", path, "")
		tag := first.header.Get("ETag")
		again := w.do("wim", "GET", path, "", "If-None-Match", `"x", W/`+tag)
		if tag == "" || again.status != 304 || again.body != "" {
			t.Errorf("%s: tag %q, then %d %s", path, tag, again.status, again.body)
		}
		if a := w.do("wim", "GET", path, "", "If-None-Match", `"x"`); a.status != 200 || a.body == "" {
			t.Errorf("%s with another tag: %d", path, a.status)
		}
	}
	// What a person may not see does not show in the tag either.
	before := w.do("wim", "GET", "/api/order?sort=title", "").header.Get("ETag")
	w.order(2, map[string]any{"title": "Roof", "assignee": "wilo"})
	if after := w.do("wim", "GET", "/api/order?sort=title", "").header.Get("ETag"); after != before {
		t.Error("a document that wim may not see changed the tag of his list")
	}
}

func TestService(t *testing.T) {
	w := newWorld(t)
	w.order(1, map[string]any{"title": "Pump"})
	w.run(t, []scenario{
		{"health", "", "GET", "/healthz", "", 200, []string{`{"ok":true}`}, nil},
		{"metrics are the owner's", "wim", "GET", "/metrics", "", 403, nil, []string{"fieldstack_"}},
		{"metrics", "olga", "GET", "/metrics", "", 200, []string{
			"# TYPE fieldstack_changes_total counter", `fieldstack_changes_total{outcome="accepted"} 1`,
			`fieldstack_log_entries{stream="main"} `, `fieldstack_http_seconds_count{route="watch",status="4xx"} 1`, "fieldstack_live_readers 0",
		}, nil},
		{"a backup is the owner's", "dana", "GET", "/api/_backup", "", 403, nil, nil},
		{"nothing here", "", "GET", "/nothing", "", 404, []string{"openapi.json"}, nil},
		{"no such method", "olga", "PATCH", "/api/_types", "", 405, []string{"Allow"}, nil},
	})
	if a := w.do("olga", "GET", "/api/_backup", ""); a.status != 200 || len(a.body) == 0 || !strings.Contains(a.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("backup: %d, %d bytes, %v", a.status, len(a.body), a.header)
	}
}
