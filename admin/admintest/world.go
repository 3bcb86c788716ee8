// Package admintest is a server with the admin pages on it, for tests: People who sign
// in, a type with rules, and pages read as a person reads them.
package admintest

import (
	"bytes"
	"context"
	"crypto/rand"
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
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin"
	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/office"
	"github.com/fieldstack/fieldstack/admin/people"
	"github.com/fieldstack/fieldstack/admin/ui"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/activity"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/backups"
	"github.com/fieldstack/fieldstack/internal/hooks"
	"github.com/fieldstack/fieldstack/internal/servers"
	"github.com/fieldstack/fieldstack/internal/settings"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
)

// OrderSchema is the type that a world begins with.
const OrderSchema = `{
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

// OrderRules hide the price from workers, who see their own orders only and delete none.
const OrderRules = `{"roles": {"worker": {"see": {"field": "assignee", "is": "$me"}, "delete": false, "hidden": ["price"]}}}`

// People are who can sign in, each with the password NAME-password.
var People = map[string]collections.Role{
	"olga": collections.Owner, "dana": collections.Designer, "eve": collections.Editor, "wim": collections.Worker,
}

// Where requests come from, and who sets a world up.
var (
	Loopback = netip.MustParseAddr("127.0.0.1")
	System   = collections.Actor{User: "system", Name: "system", Role: collections.Owner}
)

// MaxImport is how many bytes a file to import may have in a world.
const MaxImport = 12 << 20

// World is a server with the pages on it, over a store in memory.
type World struct {
	testing.TB
	URL      string
	Engine   *collections.Engine
	Accounts *auth.Service
	Server   *web.Server
	Users    map[string]string // account ids by name
	Activity *activity.Counter
	Hooks    *hooks.Service
	Settings *settings.Service
	Backups  *backups.Service
	Servers  *servers.Roll
	Restarts atomic.Int32 // how often the pages asked for one
}

// NewWorld has people, a type with rules, and no records.
func NewWorld(t testing.TB) *World {
	t.Helper()
	w := NewEmptyWorld(t)
	for name, role := range People {
		account, err := w.Accounts.Create(t.Context(), System, auth.NewAccount{Name: name, Password: name + "-password", Role: role})
		w.Must(err)
		w.Users[name] = account.ID
	}
	w.Publish("order", OrderSchema)
	rules, err := collections.ParseRules([]byte(OrderRules))
	w.Must(err)
	w.Must(w.Engine.SetRules(t.Context(), System, "order", rules))
	return w
}

// NewEmptyWorld is a server that nobody has set up.
func NewEmptyWorld(t testing.TB) *World {
	t.Helper()
	w := &World{TB: t, Users: map[string]string{}}
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	var err error
	w.Engine, err = collections.Open(t.Context(), collections.Config{Store: storetest.Memory(), Log: log})
	w.Must(err)
	w.Accounts, err = auth.Open(t.Context(), auth.Config{Items: w.Engine.Store(), Log: log, Cost: auth.Cost{Memory: 64, Time: 1, Threads: 1}})
	w.Must(err)
	w.Server, err = web.New(web.Config{Sessions: w.Accounts, Log: log})
	w.Must(err)
	running := jobs.New(jobs.Config{Items: w.Engine.Store(), Records: w.Engine, Sessions: w.Accounts, Now: time.Now, Random: rand.Reader, Log: log})
	w.Office(t, log)
	w.Must(admin.Mount(w.Server, admin.Config{
		Office: office.Asks{Servers: w.Servers, Activity: w.Activity, Trail: w.Accounts, Hooks: w.Hooks, Settings: w.Settings, Backups: w.Backups, MaxBackup: MaxImport, Restart: func() { w.Restarts.Add(1) }, Facts: []office.Fact{{Name: office.FactHistory, Flag: "--keep-history"}}},
		Types:  w.Engine, Records: w.Engine, Accounts: w.Accounts, Tokens: w.Accounts,
		Views: views.New(w.Engine.Store(), rand.Reader), Jobs: running, Transfer: w.Engine, Uploads: admin.Uploads{Folder: t.TempDir(), MaxImport: MaxImport}, People: people.Asks{Engine: w.Engine, Accounts: w.Accounts}, Now: time.Now}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	w.Must(err)
	w.URL = "http://" + listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- w.Server.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := errors.Join(w.Server.Shutdown(ctx), <-served, running.Close(ctx)); err != nil {
			t.Errorf("stop: %v", err)
		}
		w.Hooks.Close()
		w.Backups.Close()
		w.Accounts.Close()
		_ = w.Activity.Close(ctx)
		if err := w.Engine.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return w
}

// Office opens what watches over the server. Webhooks may call this machine.
func (w *World) Office(t testing.TB, log *slog.Logger) {
	w.openServers(t)
	store := w.Engine.Store()
	var err error
	w.Activity, err = activity.Open(t.Context(), activity.Config{Items: store, Log: log})
	w.Must(err)
	w.Settings, err = settings.Open(t.Context(), settings.Config{Items: store, Languages: []string{"en", "de"}})
	w.Must(err)
	w.Backups, err = backups.Open(t.Context(), backups.Config{Folder: t.TempDir(), Source: w.Engine, Inspect: inspect})
	w.Must(err)
	w.Hooks, err = hooks.Open(t.Context(), hooks.Config{
		Items: store, Log: w.Engine, Journal: log, Private: func() bool { return true },
		Owner: func(context.Context, string) (collections.Actor, error) { return System, nil },
	})
	w.Must(err)
}

// inspect takes every file that is not empty for a backup with nothing in it.
func inspect(_ context.Context, path string) (*backups.Report, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() == 0 {
		err = errors.New("the file is empty")
	}
	return &backups.Report{Types: []backups.Count{{Type: "order", Records: 3}}}, err
}

// testLog makes an error that the server logs one of the test.
type testLog struct{ t testing.TB }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Errorf("the server logged: %s", line)
	return len(line), nil
}

// Must ends the test on an error.
func (w *World) Must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// Publish makes a type, or its next version.
func (w *World) Publish(name, schema string) {
	w.Helper()
	ctx := w.Context()
	_, err := w.Engine.SaveDraft(ctx, System, collections.Draft{Name: name, Schema: []byte(schema)})
	w.Must(err)
	_, _, err = w.Engine.Publish(ctx, System, name, nil)
	w.Must(err)
}

// Rule replaces the rules of a type.
func (w *World) Rule(typ, text string) {
	w.Helper()
	rules, err := collections.ParseRules([]byte(text))
	w.Must(err)
	w.Must(w.Engine.SetRules(w.Context(), System, typ, rules))
}

// Create makes a record and gives its id.
func (w *World) Create(typ string, value map[string]any) string {
	w.Helper()
	d, err := w.Engine.Create(w.Context(), System, typ, "", value)
	w.Must(err)
	return d.ID
}

// Push sends one change as a device that was away for some time.
func (w *World) Push(replica crdt.Replica, away time.Duration, doc string, ops ...crdt.Op) {
	w.Helper()
	change := &crdt.Change{Replica: replica, N: 1, Stamp: crdt.NewTime(time.Now().Add(-away).UnixMilli(), 0), Type: "order", Version: 1, Doc: doc, Ops: ops}
	answer, err := w.Engine.Sync(w.Context(), collections.Actor{User: w.Users["eve"], Name: "eve", Role: collections.Editor}, &collections.SyncRequest{Replica: replica, Changes: []*crdt.Change{change}})
	w.Must(err)
	if !answer.Results[0].OK {
		w.Fatalf("push: %v", answer.Results[0].Error)
	}
}

// Browser is somebody's, with cookies, and follows no redirect by itself.
type Browser struct {
	*World
	HTTP *http.Client
}

// As opens a browser in which somebody is signed in, "" for nobody.
func (w *World) As(name string) *Browser {
	w.Helper()
	b := w.Guest()
	if name != "" {
		p := b.Post("/sign-in", url.Values{"name": {name}, "password": {name + "-password"}})
		p.Redirects("/admin")
	}
	return b
}

// Guest opens a browser in which nobody is signed in.
func (w *World) Guest() *Browser {
	jar, err := cookiejar.New(nil)
	w.Must(err)
	return &Browser{w, &http.Client{
		Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Page is an answer that was read.
type Page struct {
	*goquery.Document
	t      testing.TB
	Path   string
	Status int
	Header http.Header
	Body   string
}

// Do sends a request; headers are names and values in turn.
func (b *Browser) Do(method, path, contentType string, body io.Reader, headers ...string) *Page {
	b.Helper()
	request, err := http.NewRequest(method, b.URL+path, body)
	b.Must(err)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.HTTP.Do(request)
	b.Must(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	b.Must(err)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	b.Must(err)
	return &Page{doc, b.TB, path, response.StatusCode, response.Header, string(text)}
}

// Get opens a page.
func (b *Browser) Get(path string) *Page {
	b.Helper()
	return b.Do("GET", path, "", nil)
}

// Post sends a form.
func (b *Browser) Post(path string, form url.Values) *Page {
	b.Helper()
	return b.Do("POST", path, ui.FormType, strings.NewReader(form.Encode()))
}

// Upload sends a form as one with a file in it is sent.
func (b *Browser) Upload(path string, form map[string]string) *Page {
	b.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, value := range form {
		begin := m.CreateFormField
		if name == "file" {
			begin = func(name string) (io.Writer, error) { return m.CreateFormFile(name, "schema.json") }
		}
		part, err := begin(name)
		b.Must(err)
		_, err = part.Write([]byte(value))
		b.Must(err)
	}
	b.Must(m.Close())
	return b.Do("POST", path, m.FormDataContentType(), &body)
}

// Follow goes where a redirect leads.
func (b *Browser) Follow(p *Page) *Page {
	b.Helper()
	to := p.Header.Get("Location")
	if p.Status != http.StatusSeeOther || to == "" {
		b.Fatalf("%s: status %d does not lead elsewhere: %s", p.Path, p.Status, p.Text("main"))
	}
	return b.Get(strings.TrimPrefix(to, b.URL))
}

// Want ends the test unless the answer has the status.
func (p *Page) Want(status int) *Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Fatalf("%s: status %d, want %d: %s", p.Path, p.Status, status, p.Text("body"))
	}
	return p
}

// Redirects ends the test unless the answer leads there.
func (p *Page) Redirects(to string) {
	p.t.Helper()
	if got := p.Header.Get("Location"); p.Status != http.StatusSeeOther || got != to {
		p.t.Fatalf("%s: status %d to %q, want a redirect to %q: %s", p.Path, p.Status, got, to, p.Text("main"))
	}
}

// Text is what a person reads there, one space between all that is apart.
func (p *Page) Text(selector string) string { return TextOf(p.Find(selector)) }

func TextOf(s *goquery.Selection) string {
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

// Says fails the test unless the text is in what is selected.
func (p *Page) Says(selector, want string) {
	p.t.Helper()
	if got := p.Text(selector); !strings.Contains(got, want) {
		p.t.Errorf("%s: %s says %q, want %q in it", p.Path, selector, got, want)
	}
}

// SaysNot fails the test if it is.
func (p *Page) SaysNot(selector, not string) {
	p.t.Helper()
	if got := p.Text(selector); strings.Contains(got, not) {
		p.t.Errorf("%s: %s says %q", p.Path, selector, not)
	}
}

// Count fails the test unless so many are selected.
func (p *Page) Count(selector string, want int) {
	p.t.Helper()
	if got := p.Find(selector).Length(); got != want {
		p.t.Errorf("%s: %d of %s, want %d", p.Path, got, selector, want)
	}
}

// Holds fails the test unless the field of a form has the value.
func (p *Page) Holds(name, want string) {
	p.t.Helper()
	field := p.Find(fmt.Sprintf("[name=%q]", name))
	got, _ := field.Attr("value")
	if field.Is("textarea") {
		got = field.Text()
	}
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		p.t.Errorf("%s: field %s holds %q, want %q", p.Path, name, got, want)
	}
}

// Form is what the first form that is selected would send as it stands: its inputs.
func (p *Page) Form(selector string) url.Values {
	form := url.Values{}
	p.Find(selector).First().Find("input[name]").Each(func(_ int, e *goquery.Selection) {
		form.Add(e.AttrOr("name", ""), e.AttrOr("value", ""))
	})
	return form
}

// ErrorAt is what stands beside a field of a form.
func (p *Page) ErrorAt(name string) string { return p.Text("#in-" + name + "-error") }

// Values makes a form of names and Values.
func Values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// openServers has the world be one server among those on its store.
func (w *World) openServers(t testing.TB) {
	var err error
	w.Servers, err = servers.Open(t.Context(), servers.Config{
		Items: w.Engine.Store(), Now: time.Now, Self: servers.Server{ID: "north.1", Name: "north", Address: "192.0.2.1:8090", Version: "fieldstack 1.0", Started: time.Now().UnixMilli()},
	})
	w.Must(err)
	t.Cleanup(func() { _ = w.Servers.Close(context.Background()) })
}
