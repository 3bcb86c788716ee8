package admin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

const orderSchema = `{
	"$schema": "https://json-schema.org/draft/2020-12/schema",
	"title": "Work order", "type": "object", "additionalProperties": false,
	"required": ["title"],
	"x-order": ["title", "status", "assignee", "hours", "price", "due", "urgent", "manual", "notes", "tags", "parts"],
	"properties": {
		"title": {"type": "string", "title": "Title", "minLength": 1, "maxLength": 200},
		"status": {"title": "Status", "enum": ["open", "in_progress", "done"], "x-merge": "conflict"},
		"assignee": {"type": "string", "title": "Assignee"},
		"hours": {"type": "number", "title": "Hours", "minimum": 0, "maximum": 1000},
		"price": {"type": "number", "title": "Price"},
		"due": {"type": "string", "format": "date", "title": "Due"},
		"urgent": {"type": "boolean", "title": "Urgent"},
		"manual": {"type": "string", "format": "uri", "title": "Manual"},
		"notes": {"type": "string", "title": "Notes", "contentMediaType": "text/plain"},
		"tags": {"type": "array", "title": "Tags", "uniqueItems": true, "items": {"type": "string"}},
		"parts": {"type": "array", "title": "Parts", "items": {"$ref": "#/$defs/part"}}
	},
	"$defs": {"part": {"type": "object", "additionalProperties": false, "properties": {"name": {"type": "string", "title": "Name"}, "qty": {"type": "integer", "title": "Quantity", "minimum": 1}}}}
}`

// orderRules hide the price from workers, who see their own orders only and delete none.
const orderRules = `{"roles": {"worker": {"see": {"field": "assignee", "is": "$me"}, "delete": false, "hidden": ["price"]}}}`

var people = map[string]collections.Role{
	"olga": collections.Owner, "dana": collections.Designer, "eve": collections.Editor, "wim": collections.Worker,
}

var (
	loopback = netip.MustParseAddr("127.0.0.1")
	system   = collections.Actor{User: "system", Name: "system", Role: collections.Owner}
)

// world is a server with the pages on it, over a store in memory.
type world struct {
	testing.TB
	url      string
	engine   *collections.Engine
	accounts *auth.Service
	server   *web.Server
	users    map[string]string // account ids by name
}

// newWorld has people, a type with rules, and no records.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := newEmptyWorld(t)
	for name, role := range people {
		account, err := w.accounts.Create(t.Context(), system, auth.NewAccount{Name: name, Password: name + "-password", Role: role})
		w.must(err)
		w.users[name] = account.ID
	}
	w.publish("order", orderSchema)
	rules, err := collections.ParseRules([]byte(orderRules))
	w.must(err)
	w.must(w.engine.SetRules(t.Context(), system, "order", rules))
	return w
}

// newEmptyWorld is a server that nobody has set up.
func newEmptyWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, users: map[string]string{}}
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	var err error
	w.engine, err = collections.Open(t.Context(), collections.Config{Store: storetest.Memory(), Log: log})
	w.must(err)
	w.accounts, err = auth.Open(t.Context(), auth.Config{Items: w.engine.Store(), Log: log, Cost: auth.Cost{Memory: 64, Time: 1, Threads: 1}})
	w.must(err)
	w.server, err = web.New(web.Config{Sessions: w.accounts, Log: log})
	w.must(err)
	w.must(Mount(w.server, Config{Types: w.engine, Records: w.engine, Accounts: w.accounts, Tokens: w.accounts, Now: time.Now}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.url = "http://" + listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- w.server.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := errors.Join(w.server.Shutdown(ctx), <-served); err != nil {
			t.Errorf("stop: %v", err)
		}
		w.accounts.Close()
		if err := w.engine.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return w
}

// testLog makes an error that the server logs one of the test.
type testLog struct{ t testing.TB }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Errorf("the server logged: %s", line)
	return len(line), nil
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) publish(name, schema string) {
	w.Helper()
	ctx := w.Context()
	_, err := w.engine.SaveDraft(ctx, system, collections.Draft{Name: name, Schema: []byte(schema)})
	w.must(err)
	_, _, err = w.engine.Publish(ctx, system, name, nil)
	w.must(err)
}

func (w *world) create(typ string, value map[string]any) string {
	w.Helper()
	d, err := w.engine.Create(w.Context(), system, typ, "", value)
	w.must(err)
	return d.ID
}

// push sends one change as a device that was away for some time.
func (w *world) push(replica crdt.Replica, away time.Duration, doc string, ops ...crdt.Op) {
	w.Helper()
	change := &crdt.Change{Replica: replica, N: 1, Stamp: crdt.NewTime(time.Now().Add(-away).UnixMilli(), 0), Type: "order", Version: 1, Doc: doc, Ops: ops}
	answer, err := w.engine.Sync(w.Context(), collections.Actor{User: w.users["eve"], Name: "eve", Role: collections.Editor}, &collections.SyncRequest{Replica: replica, Changes: []*crdt.Change{change}})
	w.must(err)
	if !answer.Results[0].OK {
		w.Fatalf("push: %v", answer.Results[0].Error)
	}
}

// browser is somebody's, with cookies, and follows no redirect by itself.
type browser struct {
	*world
	http *http.Client
}

// as opens a browser in which somebody is signed in, "" for nobody.
func (w *world) as(name string) *browser {
	w.Helper()
	b := w.guest()
	if name != "" {
		p := b.post("/sign-in", url.Values{"name": {name}, "password": {name + "-password"}})
		p.redirects("/admin")
	}
	return b
}

func (w *world) guest() *browser {
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &browser{w, &http.Client{
		Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// page is an answer that was read.
type page struct {
	*goquery.Document
	t      testing.TB
	path   string
	status int
	header http.Header
	body   string
}

func (b *browser) do(method, path, contentType string, body io.Reader, headers ...string) *page {
	b.Helper()
	request, err := http.NewRequest(method, b.url+path, body)
	b.must(err)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.http.Do(request)
	b.must(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	b.must(err)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	b.must(err)
	return &page{doc, b.TB, path, response.StatusCode, response.Header, string(text)}
}

func (b *browser) get(path string) *page {
	b.Helper()
	return b.do("GET", path, "", nil)
}

func (b *browser) post(path string, form url.Values) *page {
	b.Helper()
	return b.do("POST", path, formType, strings.NewReader(form.Encode()))
}

// upload sends a form as one with a file in it is sent.
func (b *browser) upload(path string, form map[string]string) *page {
	b.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, value := range form {
		begin := m.CreateFormField
		if name == "file" {
			begin = func(name string) (io.Writer, error) { return m.CreateFormFile(name, "schema.json") }
		}
		part, err := begin(name)
		b.must(err)
		_, err = part.Write([]byte(value))
		b.must(err)
	}
	b.must(m.Close())
	return b.do("POST", path, m.FormDataContentType(), &body)
}

// follow goes where a redirect leads.
func (b *browser) follow(p *page) *page {
	b.Helper()
	to := p.header.Get("Location")
	if p.status != http.StatusSeeOther || to == "" {
		b.Fatalf("%s: status %d does not lead elsewhere: %s", p.path, p.status, p.text("main"))
	}
	return b.get(strings.TrimPrefix(to, b.url))
}

func (p *page) want(status int) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d: %s", p.path, p.status, status, p.text("body"))
	}
	return p
}

func (p *page) redirects(to string) {
	p.t.Helper()
	if got := p.header.Get("Location"); p.status != http.StatusSeeOther || got != to {
		p.t.Fatalf("%s: status %d to %q, want a redirect to %q: %s", p.path, p.status, got, to, p.text("main"))
	}
}

// text is what a person reads there, one space between all that is apart.
func (p *page) text(selector string) string { return textOf(p.Find(selector)) }

func textOf(s *goquery.Selection) string {
	var words []string
	for _, root := range s.Nodes {
		for n := range root.Descendants() {
			if n.Type == html.TextNode {
				words = append(words, strings.Fields(n.Data)...)
			}
		}
	}
	return strings.Join(words, " ")
}

func (p *page) says(selector, want string) {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(got, want) {
		p.t.Errorf("%s: %s says %q, want %q in it", p.path, selector, got, want)
	}
}

func (p *page) saysNot(selector, not string) {
	p.t.Helper()
	if got := p.text(selector); strings.Contains(got, not) {
		p.t.Errorf("%s: %s says %q", p.path, selector, not)
	}
}

func (p *page) count(selector string, want int) {
	p.t.Helper()
	if got := p.Find(selector).Length(); got != want {
		p.t.Errorf("%s: %d of %s, want %d", p.path, got, selector, want)
	}
}

func (p *page) holds(name, want string) {
	p.t.Helper()
	field := p.Find(fmt.Sprintf("[name=%q]", name))
	got, _ := field.Attr("value")
	if field.Is("textarea") {
		got = field.Text()
	}
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		p.t.Errorf("%s: field %s holds %q, want %q", p.path, name, got, want)
	}
}

// errorAt is what stands beside a field of a form.
func (p *page) errorAt(name string) string { return p.text("#in-" + name + "-error") }

// values makes a form of names and values.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}
