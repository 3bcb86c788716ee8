package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// A server that leaves serves as before, and lets go of its connections.
func TestLeave(t *testing.T) {
	w := newWorld(t, Config{}, get("/", Public, ok))
	request := func() *http.Response {
		conn := w.dial()
		defer conn.Close()
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		return readResponse(t, conn)
	}
	if response := request(); response.StatusCode != 200 || response.Close || w.Leaving() {
		t.Errorf("before: %s, closes %v, leaving %v", response.Status, response.Close, w.Leaving())
	}
	w.Leave()
	if response := request(); response.StatusCode != 200 || !response.Close || !w.Leaving() {
		t.Errorf("leaving: %s, closes %v, leaving %v", response.Status, response.Close, w.Leaving())
	}
}

// What is under way finishes; who comes meanwhile is refused with a hint, also on a
// connection that is open already, and finds out at a route that always answers; then
// nobody listens any more.
func TestShutdown_Drains(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	always := get("/health", Public, ok)
	always.Always = true
	w := newWorld(t, Config{Linger: 2 * time.Second}, get("/", Public, ok), always,
		get("/slow", Public, func(c *fiber.Ctx) error { close(begun); <-end; return ok(c) }))
	slow, idle, watcher := w.dial(), w.dial(), w.dial()
	for _, conn := range []net.Conn{slow, idle, watcher} {
		defer conn.Close()
	}
	_, _ = io.WriteString(slow, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
	_, _ = io.WriteString(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if response := readResponse(t, idle); response.StatusCode != 200 {
		t.Fatal(response.Status)
	}
	<-begun
	done := make(chan error, 1)
	go func() { done <- w.Shutdown(context.Background()) }()
	w.wait("it to leave", w.Leaving)
	_, _ = io.WriteString(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if response := readResponse(t, idle); response.StatusCode != 503 || response.Header.Get("Retry-After") == "" || !response.Close {
		t.Errorf("on an open connection: %s, %v", response.Status, response.Header)
	}
	response, body := w.do("GET", "/", "")
	w.wantStatus("on a new connection", response, body, 503)
	_, _ = io.WriteString(watcher, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
	if response := readResponse(t, watcher); response.StatusCode != 200 {
		t.Errorf("a route that always answers: %s", response.Status)
	}
	select {
	case err := <-done:
		t.Fatalf("it did not wait for what was under way: %v", err)
	default:
	}
	close(end)
	if response := readResponse(t, slow); response.StatusCode != 200 {
		t.Errorf("what was under way: %s", response.Status)
	}
	for _, conn := range []net.Conn{slow, idle, watcher} {
		conn.Close()
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", w.addr); err == nil {
		conn.Close()
		t.Error("somebody still listens")
	}
}

// What does not finish in time is not waited for.
func TestShutdown_Late(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	w := newWorld(t, Config{}, get("/slow", Public, func(c *fiber.Ctx) error { close(begun); <-end; return ok(c) }))
	conn := w.dial()
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
	<-begun
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := w.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it says %v", err)
	}
	close(end)
}

// The readers of streams are told when to come back, not all at once, and their streams
// end in good order.
func TestShutdown_TellsReaders(t *testing.T) {
	w := newWorld(t, Config{}, get("/", SignedIn, ticks(time.Hour, 1)))
	told := map[string]bool{}
	var readers []<-chan string
	for range 3 {
		lines, stop := w.listen("/", "worker")
		defer stop()
		waitLine(t, lines, "retry: 2000")
		readers = append(readers, lines)
	}
	if err := w.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	for _, lines := range readers {
		for line := range lines {
			if after, is := strings.CutPrefix(line, "retry: "); is {
				told[after] = true
			}
		}
	}
	if len(told) != 3 {
		t.Errorf("three readers were told %v", told)
	}
}

// wait waits until something is so.
func (w *world) wait(what string, is func() bool) {
	w.t.Helper()
	for end := time.Now().Add(5 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("waited for %s", what)
		}
	}
}

func readResponse(t *testing.T, conn net.Conn) *http.Response {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response
}
