package api

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

var update = flag.Bool("update", false, "write the golden files anew")

// badInput is a request somebody may send by mistake.
type badInput struct {
	as, method, url, body string
	headers               []string
}

func (b badInput) String() string {
	text := b.method + " " + b.url
	if b.as != "" {
		text += "   as " + b.as
	}
	for i := 0; i < len(b.headers); i += 2 {
		text += "\n  " + b.headers[i] + ": " + b.headers[i+1]
	}
	if b.body != "" {
		text += "\n  " + b.body
	}
	return text
}

// TestBadInputs_Golden shows what each mistake is answered. Who changes an answer
// reads it again: does the sentence name the field, and the way out?
func TestBadInputs_Golden(t *testing.T) {
	w := newWorld(t)
	pump := w.order(1, map[string]any{"title": "Pump", "assignee": "wim", "status": "open", "hours": 3.0})
	w.order(2, map[string]any{"title": "Roof", "assignee": "wilo"})
	w.sync("olga", 0xaa, "", creation(0xaa, 1, docID(3), map[string]any{"title": "Synced"}))
	var got strings.Builder
	fmt.Fprintf(&got, "What the server answers to mistakes: the request, then status, code, field and sentence.\nMade by TestBadInputs_Golden from live answers; each was read by a person.\n")
	for _, b := range badInputs(pump) {
		where := b.url
		if name, value, ok := strings.Cut(b.url, "="); ok {
			where = name + "=" + url.QueryEscape(value)
		}
		a := w.do(b.as, b.method, where, b.body, b.headers...)
		var shown struct {
			Error struct {
				Code, Message, Field string
				Expect               uint64
			}
		}
		if a.status < 400 || json.Unmarshal([]byte(a.body), &shown) != nil || shown.Error.Message == "" {
			t.Errorf("%s\nis answered %d %s", b, a.status, a.body)
			continue
		}
		e := shown.Error
		if !sentence.MatchString(e.Message) {
			t.Errorf("%s\nis answered by what is no sentence: %q", b, e.Message)
		}
		field := e.Field
		if field == "" {
			field = "-"
		}
		fmt.Fprintf(&got, "\n%s\n  → %d  %s  %s\n    %s\n", b, a.status, e.Code, row.ReplaceAllString(field, "<row>"), e.Message)
	}
	if *update {
		w.must(os.WriteFile("testdata/badinputs.golden", []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile("testdata/badinputs.golden")
	w.must(err)
	if got.String() != string(want) {
		t.Errorf("testdata/badinputs.golden differs (run with -update and read the difference):\n%s", difference(string(want), got.String()))
	}
}

// sentence is what a message must be: it begins with a word or a name, and
// it ends.
var sentence = regexp.MustCompile(`^[A-Za-z"].*[.?»]$`)

// row is the identity of a list's row, which is another one each time.
var row = regexp.MustCompile(`[0-9a-f]{16}\.[0-9]+`)

// difference gives the lines of one text that the other does not have.
func difference(want, got string) string {
	var b strings.Builder
	have := map[string]bool{}
	for line := range strings.SplitSeq(want, "\n") {
		have[line] = true
	}
	for line := range strings.SplitSeq(got, "\n") {
		if !have[line] {
			b.WriteString("+ " + line + "\n")
		}
	}
	return b.String()
}

func badInputs(pump string) []badInput {
	order := "/api/order/" + pump
	change := func(n uint64, edit func(c *crdt.Change)) string {
		c := &crdt.Change{Replica: 0xaa, N: n, Stamp: crdt.NewTime(1_700_000_000_000, 0), Type: "order", Version: 1, Doc: docID(9),
			Ops: []crdt.Op{{Kind: crdt.OpCreate}, {Kind: crdt.OpSet, Path: []string{"title"}, Value: "x", Has: true}}}
		edit(c)
		return `{"replica":"00000000000000aa","changes":[` + string(crdt.AppendChange(nil, c)) + `]}`
	}
	write := func(value string) badInput {
		return badInput{"olga", "POST", "/api/order", `{"value":` + value + `}`, nil}
	}
	list := func(query string) badInput { return badInput{"olga", "GET", "/api/order?" + query, "", nil} }
	return []badInput{
		// Who asks
		{"", "GET", "/api/order", "", nil},
		{"", "GET", "/api/order", "", []string{"Authorization", "Basic b2xnYTpvbGdh"}},
		{"", "GET", "/api/order", "", []string{"Authorization", "Bearer fst_made_up"}},
		{"", "POST", "/api/_session", `{"identity":"olga","password":"not this one"}`, nil},
		{"", "POST", "/api/_session", `{"identity":"olga"}`, nil},
		{"", "POST", "/api/_session", `{"identity":{"$ne":""},"password":"x"}`, nil},
		{"", "POST", "/api/_session", `{"code":"ABCDE-FGHJK"}`, nil},
		{"", "POST", "/api/_setup", `{"token":"guess","name":"eve","password":"long enough"}`, nil},
		{"wim", "GET", "/api/_accounts", "", nil},
		{"olga/read", "GET", "/api/_accounts", "", nil},
		{"eve/read", "PATCH", order, `{"value":{"hours":1}}`, nil},
		{"", "POST", "/api/_session", `{"identity":"olga","password":"x"}`, []string{"Sec-Fetch-Site", "cross-site"}},
		// The address
		{"olga", "GET", "/api/nothing", "", nil},
		{"olga", "GET", "/api/order/123", "", nil},
		{"olga", "GET", "/nothing", "", nil},
		{"olga", "GET", "/api//order", "", nil},
		{"olga", "PUT", "/api/order", `{}`, nil},
		{"olga", "GET", "/api/_types/order?version=9", "", nil},
		{"olga", "GET", "/api/_types/order?versoin=1", "", nil},
		// Lists
		list("limit=5000"), list("limit=ten"), list("filter=open"), list("sort=colour"), list("sort="), list("sort=parts"),
		list("state=deleted"), list("count=yes"), list("updatedAfter=yesterday"), list("after=page2"), list("cursor=abc"),
		list(`where=status`), list(`where={"field":"colour","is":"red"}`), list(`where={"field":"hours","over":3}`),
		list(`where={"field":"hours","above":"three"}`), list(`where={"all":{"field":"hours","is":1}}`),
		{"wim", "GET", "/api/order?state=trash", "", nil},
		// Bodies
		{"olga", "POST", "/api/order", `title=Pump`, nil},
		{"olga", "POST", "/api/order", `{"value":{"title":"x"}}`, []string{"Content-Type", "text/plain"}},
		{"olga", "POST", "/api/order", `{"value":{"title":"x"}}`, []string{"Content-Encoding", "gzip"}},
		{"olga", "POST", "/api/order", `{"title":"Pump"}`, nil},
		{"olga", "POST", "/api/order", `{"value":"Pump"}`, nil},
		{"olga", "POST", "/api/order", `{"value":{"title":"x"},"Value":{}}`, nil},
		{"olga", "POST", "/api/order", `{"value":{"title":"x","title":"y"}}`, nil},
		{"olga", "POST", "/api/order", `{"value":{"title":"x","hours":9007199254740993}}`, nil},
		{"olga", "POST", "/api/order", `{"value":{"title":"\ud800"}}`, nil},
		{"olga", "POST", "/api/order", `{"id":"7","value":{"title":"x"}}`, nil},
		{"olga", "POST", "/api/order", `{"id":"` + pump + `","value":{"title":"x"}}`, nil},
		// Values
		write(`{}`), write(`{"title":""}`), write(`{"title":5}`), write(`{"title":"x","colour":"red"}`),
		write(`{"title":"x","status":"opne"}`), write(`{"title":"x","hours":-1}`), write(`{"title":"x","hours":"3"}`),
		write(`{"title":"x","tags":["a","a"]}`), write(`{"title":"x","parts":[{"name":"seal","qty":"2"}]}`), write(`{"title":"x","visits":1.5}`),
		{"olga", "PATCH", order, `{"value":{"title":null}}`, nil},
		{"olga", "PATCH", order, `{"value":{"hours":2000}}`, nil},
		{"olga", "PATCH", order, `{"value":{"hours":1}}`, []string{"If-Match", `"abc"`}},
		{"wim", "PATCH", order, `{"value":{"assignee":"wilo"}}`, nil},
		{"eve", "PATCH", order, `{"value":{"price":1}}`, nil},
		{"wim", "DELETE", order, "", nil},
		{"olga", "POST", "/api/order", `{"added":[{"id":"x"}]}`, nil},
		{"olga", "POST", "/api/order", `{"added":{"title":"x"}}`, nil},
		{"olga", "POST", "/api/order", `{"removed":[7]}`, nil},
		// Sync
		{"olga", "POST", "/api/_sync", `{"cursor":""}`, nil},
		{"olga", "POST", "/api/_sync", `{"replica":"AA","cursor":""}`, nil},
		{"olga", "POST", "/api/_sync", `{"replica":"00000000000000aa","cursor":"yesterday"}`, nil},
		{"olga", "POST", "/api/_sync", `{"replica":"00000000000000aa","subscribe":[{"typ":"order"}]}`, nil},
		{"olga", "POST", "/api/_sync", `{"replica":"00000000000000aa","changes":[{"n":0}]}`, nil},
		{"olga", "POST", "/api/_sync", change(1, func(*crdt.Change) {}), nil},
		{"olga", "POST", "/api/_sync", change(9, func(*crdt.Change) {}), nil},
		{"dana", "POST", "/api/_sync", change(2, func(*crdt.Change) {}), nil},
		{"olga", "GET", "/api/_events?subscribe=order", "", nil},
		// Types, accounts, tokens
		{"dana", "PUT", "/api/_types/Order/draft", `{"schema":{}}`, nil},
		{"dana", "PUT", "/api/_types/order/draft", `{"rev":99,"schema":{}}`, nil},
		{"dana", "POST", "/api/_types/nothing/publish", "", nil},
		{"dana", "PUT", "/api/_types/order/rules", `{"roles":{"worker":{"hidden":["colour"]}}}`, nil},
		{"dana", "PUT", "/api/_types/order/rules", `{"roles":{"boss":{}}}`, nil},
		{"dana", "PUT", "/api/_types/order/rules", `{"roles":{"worker":{"see":{"field":"colour","is":1}}}}`, nil},
		{"olga", "POST", "/api/_accounts", `{"name":"new one","password":"long enough","role":"worker"}`, nil},
		{"olga", "POST", "/api/_accounts", `{"name":"new","password":"short","role":"worker"}`, nil},
		{"olga", "POST", "/api/_accounts", `{"name":"new","password":"long enough","role":"admin"}`, nil},
		{"olga", "POST", "/api/_accounts", `{"name":"WIM","password":"long enough","role":"worker"}`, nil},
		{"olga", "POST", "/api/_tokens", `{"label":"script","scopes":["all"]}`, nil},
		{"olga", "POST", "/api/_tokens", `{"label":"script","expires":1000}`, nil},
		{"olga", "DELETE", "/api/_tokens/abc", "", nil},
	}
}
