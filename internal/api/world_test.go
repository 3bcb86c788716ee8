package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/metrics"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
)

// orderSchema is the type the tests work with: workers see their own orders only, and
// no price.
const orderSchema = `{
	"$schema": "https://json-schema.org/draft/2020-12/schema",
	"title": "Work order", "type": "object", "additionalProperties": false,
	"required": ["title"],
	"properties": {
		"title": {"type": "string", "title": "Title", "minLength": 1, "maxLength": 200},
		"status": {"title": "Status", "enum": ["open", "in_progress", "done"]},
		"assignee": {"type": "string", "title": "Assignee"},
		"hours": {"type": "number", "title": "Hours", "minimum": 0, "maximum": 1000},
		"price": {"type": "number", "title": "Price"},
		"visits": {"type": "integer", "title": "Visits", "x-merge": "counter"},
		"notes": {"type": "string", "title": "Notes", "contentMediaType": "text/plain"},
		"tags": {"type": "array", "title": "Tags", "uniqueItems": true, "items": {"type": "string"}},
		"parts": {"type": "array", "title": "Parts", "items": {"$ref": "#/$defs/part"}}
	},
	"$defs": {"part": {"type": "object", "additionalProperties": false, "properties": {"name": {"type": "string", "title": "Name"}, "qty": {"type": "integer", "title": "Quantity"}}}}
}`

const orderRules = `{"roles": {
	"worker": {"see": {"field": "assignee", "is": "$me"}, "create": {"field": "assignee", "is": "$me"}, "edit": {"field": "assignee", "is": "$me"}, "delete": false, "hidden": ["price"]},
	"editor": {"readOnly": ["price"]}
}}`

// people are those who work here, with their roles.
var people = map[string]collections.Role{
	"olga": collections.Owner, "dana": collections.Designer, "eve": collections.Editor,
	"wim": collections.Worker, "wilo": collections.Worker,
}

// world is the whole server on a loopback listener, over a store in memory.
type world struct {
	testing.TB
	addr     string
	store    *storetest.Store
	engine   *collections.Engine
	accounts *auth.Service
	server   *web.Server
	metrics  *metrics.Metrics
	tokens   map[string]string // by name of a person, or of a narrow token
	users    map[string]string // account ids by name
	clock    clock             // the engine's
	watch    clock             // the accounts'
	log      *lockedLog
	contract *contract
}

// clock is the time, or, when a test breaks it, a panic to whoever asks.
type clock struct{ broken atomic.Bool }

func (c *clock) now() time.Time {
	if c.broken.Load() {
		panic("the clock is broken: /srv/secret")
	}
	return time.Now()
}

// lax are limits that do not come in the way of a test that is not about them.
var lax = web.Config{MaxStreamsEach: 2000}

var quick = auth.Cost{Memory: 64, Time: 1, Threads: 1}

func newWorld(t testing.TB) *world { return newWorldWith(t, lax) }

func newWorldWith(t testing.TB, config web.Config) *world {
	t.Helper()
	w := newEmptyWorld(t, config)
	system := collections.Actor{User: "system", Name: "system", Role: collections.Owner}
	ctx := context.Background()
	for name, role := range people {
		account, err := w.accounts.Create(ctx, system, auth.NewAccount{Name: name, Password: name + "-password", Role: role})
		w.must(err)
		w.users[name] = account.ID
		w.tokens[name] = w.signIn(name)
	}
	w.narrow("eve/read", "eve", "read")
	w.narrow("olga/read", "olga", "read")
	w.narrow("eve/other", "eve", "type:other")
	w.publish("order", orderSchema)
	rules, err := collections.ParseRules([]byte(orderRules))
	w.must(err)
	w.must(w.engine.SetRules(ctx, system, "order", rules))
	return w
}

// newEmptyWorld is a server that nobody has set up.
func newEmptyWorld(t testing.TB, config web.Config) *world {
	t.Helper()
	w := &world{TB: t, store: storetest.Memory(), tokens: map[string]string{}, users: map[string]string{}, log: &lockedLog{}}
	ctx := context.Background()
	log := slog.New(slog.NewTextHandler(w.log, nil))
	var err error
	w.engine, err = collections.Open(ctx, collections.Config{Store: w.store, Now: w.clock.now, Log: log})
	w.must(err)
	w.accounts, err = auth.Open(ctx, auth.Config{Items: w.engine.Store(), Now: w.watch.now, Log: log, Cost: quick})
	w.must(err)
	counted := metrics.New("test", time.Now, log)
	config.Sessions, config.Log, config.Answered = w.accounts, log, counted.Answered
	w.server, err = web.New(config)
	w.must(err)
	counted.Watch(metrics.Sources{Engine: w.engine, Readers: w.server.Streams})
	w.metrics = counted
	w.must(Mount(w.server, w.engine, w.accounts, Options{
		Pace: time.Millisecond, Views: views.New(w.store, rand.Reader), Log: log, Metrics: counted.Handler(), Delivered: counted.Delivered,
	}))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.addr = ln.Addr().String()
	served := make(chan error, 1)
	go func() { served <- w.server.Serve(narrowListener{ln}) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := w.server.Shutdown(ctx); err != nil {
			t.Errorf("shut down: %v", err)
		}
		<-served
		w.accounts.Close()
		if err := w.engine.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	w.contract = newContract(t, w)
	return w
}

// narrowListener gives its connections small buffers, so that a reader who does not
// read is felt soon.
type narrowListener struct{ net.Listener }

func (l narrowListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		err = conn.(*net.TCPConn).SetWriteBuffer(8 << 10)
	}
	return conn, err
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) signIn(name string) string {
	w.Helper()
	text, _, err := w.accounts.SignIn(context.Background(), name, name+"-password", loopback)
	w.must(err)
	return text
}

var loopback = netip.MustParseAddr("127.0.0.1")

// narrow makes a token with one scope, to act as.
func (w *world) narrow(as, name, scope string) {
	w.Helper()
	who, err := w.accounts.Authenticate(context.Background(), w.tokens[name])
	w.must(err)
	w.tokens[as], _, err = w.accounts.CreateToken(context.Background(), who, auth.NewToken{Label: as, Scopes: []string{scope}})
	w.must(err)
}

func (w *world) actor(name string) collections.Actor {
	return collections.Actor{User: w.users[name], Name: name, Role: people[name]}
}

func (w *world) publish(name, text string) {
	w.Helper()
	ctx, dana := context.Background(), w.actor("dana")
	rev := uint64(0)
	if had, err := w.engine.Draft(ctx, dana, name); err == nil {
		rev = had.Rev
	}
	_, err := w.engine.SaveDraft(ctx, dana, collections.Draft{Name: name, Rev: rev, Schema: json.RawMessage(text)})
	w.must(err)
	_, _, err = w.engine.Publish(ctx, dana, name, nil)
	w.must(err)
}

// order makes a document; its id sorts by n.
func (w *world) order(n int, value map[string]any) string {
	w.Helper()
	d, err := w.engine.Create(context.Background(), w.actor("olga"), "order", docID(n), value)
	w.must(err)
	return d.ID
}

func docID(n int) string { return fmt.Sprintf("0195a000-0000-7000-8000-%012x", n) }

// answered is an answer that was read.
type answered struct {
	status int
	header http.Header
	body   string
}

// do sends a request as somebody ("" for nobody) and holds the answer against the
// contract. A body that begins with { or [ is JSON.
func (w *world) do(as, method, path, body string, headers ...string) answered {
	w.Helper()
	request, err := http.NewRequest(method, "http://"+w.addr+path, strings.NewReader(body))
	w.must(err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if as != "" {
		request.Header.Set("Authorization", "Bearer "+w.credential(as))
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := plainClient.Do(request)
	if err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatalf("%s %s: %v", method, path, err)
	}
	a := answered{response.StatusCode, response.Header, string(text)}
	w.contract.check(w, method, path, a)
	return a
}

var plainClient = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 50}}

func (w *world) credential(as string) string {
	w.Helper()
	text, known := w.tokens[as]
	if !known {
		w.Fatalf("nobody is called %q", as)
	}
	return text
}

// into reads an answer's JSON.
func (a answered) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("answer %d %s: %v", a.status, a.body, err)
	}
}

func (w *world) want(what string, a answered, status int) {
	w.Helper()
	if a.status != status {
		w.Errorf("%s: status %d, want %d: %s", what, a.status, status, a.body)
	}
}

// pulled is the answer to a sync, as a client reads it.
type pulled struct {
	Results []struct {
		N     uint64
		OK    bool
		Stamp crdt.Time
		Error *collections.Error
	}
	Reset     bool
	Types     []struct{ Name string }
	Changes   []json.RawMessage
	Documents []struct {
		Type, ID string
		Value    map[string]any
	}
	Forget []collections.Key
	Cursor string
	More   bool
}

// sync sends a sync request; extra members go behind the replica and the cursor.
func (w *world) sync(as string, replica crdt.Replica, cursor string, changes ...*crdt.Change) pulled {
	w.Helper()
	texts := make([]string, len(changes))
	for i, c := range changes {
		texts[i] = string(crdt.AppendChange(nil, c))
	}
	body := fmt.Sprintf(`{"replica":%q,"cursor":%q,"changes":[%s]}`, replica, cursor, strings.Join(texts, ","))
	a := w.do(as, "POST", "/api/_sync", body)
	if a.status != 200 {
		w.Fatalf("sync as %s: %d %s", as, a.status, a.body)
	}
	var p pulled
	a.into(w, &p)
	return p
}

// creation is a device's change n that makes an order.
func creation(replica crdt.Replica, n uint64, doc string, fields map[string]any) *crdt.Change {
	ops := []crdt.Op{{Kind: crdt.OpCreate}}
	for _, key := range []string{"title", "status", "assignee", "hours", "price"} {
		if v, there := fields[key]; there {
			ops = append(ops, crdt.Op{Kind: crdt.OpSet, Path: []string{key}, Value: v, Has: true})
		}
	}
	return &crdt.Change{Replica: replica, N: n, Stamp: crdt.NewTime(time.Now().UnixMilli(), uint16(n)), Type: "order", Version: 1, Doc: doc, Ops: ops}
}
