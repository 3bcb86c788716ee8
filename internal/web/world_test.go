package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// world is a Server on a loopback listener.
type world struct {
	*Server
	t        testing.TB
	addr     string
	sessions *fakeSessions
	log      *lockedBuffer
}

func newWorld(t testing.TB, c Config, routes ...Route) *world {
	t.Helper()
	w := &world{t: t, sessions: newFakeSessions(), log: &lockedBuffer{}}
	c.Sessions = w.sessions
	c.Log = slog.New(slog.NewTextHandler(w.log, nil))
	var err error
	if w.Server, err = New(c); err != nil {
		t.Fatal(err)
	}
	if err := w.Register(routes...); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.addr = ln.Addr().String()
	done := make(chan error, 1)
	go func() { done <- w.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := w.Shutdown(ctx); err != nil {
			t.Errorf("shut down: %v", err)
		}
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return w
}

func get(path string, access Access, h fiber.Handler) Route {
	return Route{Method: fiber.MethodGet, Path: path, Access: access, Handler: h}
}

func post(path string, access Access, h fiber.Handler) Route {
	return Route{Method: fiber.MethodPost, Path: path, Access: access, Handler: h}
}

func ok(c *fiber.Ctx) error { return JSON(c, fiber.StatusOK, map[string]any{"ok": true}) }

// do sends a request with headers given as name, value, name, value …
func (w *world) do(method, path, body string, headers ...string) (*http.Response, string) {
	w.t.Helper()
	request, err := http.NewRequest(method, "http://"+w.addr+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
		request.Header.Add(headers[i], headers[i+1])
	}
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return response, string(text)
}

// raw sends bytes as they are and gives all that comes back until the server closes
// or the time is over.
func (w *world) raw(request string, wait time.Duration) string {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		w.t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(wait))
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

func (w *world) wantStatus(what string, response *http.Response, body string, status int) {
	w.t.Helper()
	if response.StatusCode != status {
		w.t.Errorf("%s: status %d, want %d: %s", what, response.StatusCode, status, body)
	}
}

// fakeSessions knows the credentials "worker", "editor" … as their roles.
type fakeSessions struct {
	mu       sync.Mutex
	revoked  map[string]bool
	watchers map[string]chan struct{}

	beforeWatch func() // runs when somebody is about to watch
}

func newFakeSessions() *fakeSessions {
	return &fakeSessions{revoked: map[string]bool{}, watchers: map[string]chan struct{}{}}
}

var errNobody = collections.Errorf(collections.Unauthorized, "", "Sign in.")

func (f *fakeSessions) Authenticate(_ context.Context, text string) (*auth.Identity, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	role, scope, narrow := strings.Cut(text, ":")
	a := collections.Actor{User: role, Name: role, Role: collections.Role(role)}
	if narrow {
		a.Scopes = []string{scope}
	}
	switch a.Role {
	case collections.Owner, collections.Designer, collections.Editor, collections.Worker:
		if !f.revoked[text] {
			return &auth.Identity{Actor: a, Credential: text, Kind: auth.Session}, nil
		}
	case "broken":
		return nil, errors.New("the store is at /srv/secret/path.db and fails")
	}
	return nil, errNobody
}

func (f *fakeSessions) Check(ctx context.Context, who *auth.Identity) (*auth.Identity, error) {
	return f.Authenticate(ctx, who.Credential)
}

func (f *fakeSessions) Watch(who *auth.Identity) (<-chan struct{}, func()) {
	if f.beforeWatch != nil {
		f.beforeWatch()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.watchers[who.Credential] == nil {
		f.watchers[who.Credential] = make(chan struct{})
	}
	return f.watchers[who.Credential], func() {}
}

func (f *fakeSessions) revoke(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revoked[text] = true
	if f.watchers[text] != nil {
		close(f.watchers[text])
		f.watchers[text] = nil
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
