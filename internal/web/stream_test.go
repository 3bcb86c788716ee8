package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

func (w *world) dial() net.Conn {
	w.t.Helper()
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		w.t.Fatal(err)
	}
	return conn
}

// listen opens a stream and gives its lines; the channel is closed when it ends.
func (w *world) listen(path, as string) (lines <-chan string, stop func()) {
	w.t.Helper()
	request, _ := http.NewRequest("GET", "http://"+w.addr+path, nil)
	request.Header.Set("Authorization", "Bearer "+as)
	response, err := (&http.Client{Transport: &http.Transport{}}).Do(request)
	if err != nil {
		w.t.Fatal(err)
	}
	if response.StatusCode != 200 {
		w.t.Fatalf("%s as %s: %s", path, as, response.Status)
	}
	ch := make(chan string, 1000)
	go func() {
		defer close(ch)
		for s := bufio.NewScanner(response.Body); s.Scan(); {
			ch <- s.Text()
		}
	}()
	return ch, func() { response.Body.Close() }
}

// waitLine waits for a line that begins so.
func waitLine(t testing.TB, lines <-chan string, prefix string) {
	t.Helper()
	timeout := time.After(5 * time.Second)
	for {
		select {
		case line, open := <-lines:
			if !open {
				t.Fatalf("the stream ended before %q", prefix)
			}
			if strings.HasPrefix(line, prefix) {
				return
			}
		case <-timeout:
			t.Fatalf("no %q in time", prefix)
		}
	}
}

// waitEnd waits for the stream to end.
func waitEnd(t testing.TB, lines <-chan string, within time.Duration) {
	t.Helper()
	timeout := time.After(within)
	for {
		select {
		case _, open := <-lines:
			if !open {
				return
			}
		case <-timeout:
			t.Fatalf("the stream has not ended after %v", within)
		}
	}
}

func (w *world) waitStreams(want int, within time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(within); w.Streams() != want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("%d streams after %v, want %d", w.Streams(), within, want)
		}
	}
}

// ticks writes an event every so often until its context ends.
func ticks(every time.Duration, size int) fiber.Handler {
	data := []byte(strings.Repeat("x", size))
	return func(c *fiber.Ctx) error {
		return Stream(c, func(ctx context.Context, e *Events) error {
			for n := 0; ; n++ {
				select {
				case <-ctx.Done():
					return nil
				case <-time.After(every):
				}
				if err := e.Event("tick", fmt.Sprint(n), data); err != nil {
					return err
				}
			}
		})
	}
}

// WriteTime is for a whole answer; a stream that lives longer must not be cut by it.
func TestStream_OutlivesWriteTime(t *testing.T) {
	w := newWorld(t, Config{WriteTime: 300 * time.Millisecond, StreamPatience: 200 * time.Millisecond}, get("/", SignedIn, ticks(50*time.Millisecond, 10)))
	lines, stop := w.listen("/", "worker")
	defer stop()
	for begun := time.Now(); time.Since(begun) < 1500*time.Millisecond; {
		waitLine(t, lines, "event: tick")
	}
}

// A reader that does not read is cut after StreamPatience, and its goroutine ends.
func TestStream_StalledReaderIsCut(t *testing.T) {
	w := newWorld(t, Config{StreamPatience: 300 * time.Millisecond}, get("/", SignedIn, ticks(time.Millisecond, 64<<10)))
	conn := w.dial()
	defer conn.Close()
	_ = conn.(*net.TCPConn).SetReadBuffer(4096)
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer worker\r\n\r\n")
	w.waitStreams(1, 2*time.Second)
	w.waitStreams(0, 5*time.Second)
}

// A reader that went away is noticed by the next thing written.
func TestStream_DisconnectIsNoticed(t *testing.T) {
	w := newWorld(t, Config{}, get("/", SignedIn, ticks(20*time.Millisecond, 10)))
	lines, stop := w.listen("/", "worker")
	waitLine(t, lines, "event: tick")
	stop()
	w.waitStreams(0, 2*time.Second)
}

// A revoked session ends its streams at once, and nobody else's.
func TestStream_EndsWithTheSession(t *testing.T) {
	w := newWorld(t, Config{}, get("/", SignedIn, ticks(20*time.Millisecond, 10)))
	worker, stop := w.listen("/", "worker")
	defer stop()
	editor, stopEditor := w.listen("/", "editor")
	defer stopEditor()
	waitLine(t, worker, "event: tick")
	w.sessions.revoke("worker")
	waitEnd(t, worker, time.Second)
	waitLine(t, editor, "event: tick")
	waitLine(t, editor, "event: tick")
}

// A session that ends just before its stream would begin to watch it is not missed.
func TestStream_RevokedWhileItBegins(t *testing.T) {
	w := newWorld(t, Config{}, get("/", SignedIn, ticks(20*time.Millisecond, 10)))
	w.sessions.beforeWatch = func() { w.sessions.revoke("worker") }
	response, body := w.do("GET", "/", "", "Authorization", "Bearer worker")
	w.wantStatus("revoked meanwhile", response, body, 401)
	w.waitStreams(0, time.Second)
}

// Fiber's own Shutdown waits for an open stream for ever.
func TestShutdown_WithOpenStreams(t *testing.T) {
	w := newWorld(t, Config{StreamPatience: time.Minute, MaxStreams: 20},
		get("/quiet", SignedIn, func(c *fiber.Ctx) error {
			return Stream(c, func(ctx context.Context, e *Events) error { <-ctx.Done(); return nil })
		}),
		get("/flood", SignedIn, ticks(0, 64<<10)))
	quiet, stop := w.listen("/quiet", "worker")
	defer stop()
	stalled := w.dial()
	defer stalled.Close()
	_, _ = io.WriteString(stalled, "GET /flood HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer worker\r\n\r\n")
	w.waitStreams(2, 2*time.Second)
	idle := w.dial() // a kept-alive connection that asks nothing
	defer idle.Close()
	begun := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := w.Shutdown(ctx); err != nil {
		t.Errorf("shut down: %v", err)
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("shutting down took %v", took)
	}
	waitEnd(t, quiet, time.Second)
	if w.Streams() != 0 {
		t.Errorf("%d streams are left", w.Streams())
	}
}

// TestPanic_Stream: in a stream's goroutine nobody but us catches a panic.
func TestPanic_Stream(t *testing.T) {
	w := newWorld(t, Config{},
		get("/panic", SignedIn, func(c *fiber.Ctx) error {
			return Stream(c, func(context.Context, *Events) error { panic("secret") })
		}),
		get("/download", SignedIn, func(c *fiber.Ctx) error {
			return Download(c, "x.db", "application/octet-stream", func(context.Context, io.Writer) error { panic("secret") })
		}),
		get("/", Public, ok))
	for _, path := range []string{"/panic", "/download"} {
		w.raw("GET "+path+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer worker\r\n\r\n", 2*time.Second)
		w.waitStreams(0, time.Second)
	}
	response, body := w.do("GET", "/", "")
	w.wantStatus("the next request", response, body, 200)
	if n := strings.Count(w.log.String(), "panic: secret"); n != 2 {
		t.Errorf("the panics are %d times in the log, want 2", n)
	}
}

func TestStream_NotTooMany(t *testing.T) {
	w := newWorld(t, Config{MaxStreams: 3, MaxStreamsEach: 2}, get("/", SignedIn, ticks(20*time.Millisecond, 10)))
	for i, c := range []struct {
		as     string
		status int
	}{{"worker", 200}, {"worker", 200}, {"worker", 429}, {"editor", 200}, {"owner", 503}} {
		if c.status == 200 {
			_, stop := w.listen("/", c.as)
			defer stop()
			continue
		}
		response, body := w.do("GET", "/", "", "Authorization", "Bearer "+c.as)
		w.wantStatus(fmt.Sprint(i), response, body, c.status)
		if response.Header.Get("Retry-After") == "" {
			t.Errorf("%d: no Retry-After", i)
		}
	}
}

// A part of a download must not look like all of it.
func TestDownload_FailureIsNoEnd(t *testing.T) {
	w := newWorld(t, Config{}, get("/:how", SignedIn, func(c *fiber.Ctx) error {
		fails := c.Params("how") == "fails"
		return Download(c, "x.db", "application/octet-stream", func(_ context.Context, out io.Writer) error {
			for range 100 {
				if _, err := io.WriteString(out, strings.Repeat("x", 1000)); err != nil {
					return err
				}
			}
			if fails {
				return errors.New("the disk is gone")
			}
			return nil
		})
	}))
	for how, fails := range map[string]bool{"works": false, "fails": true} {
		request, _ := http.NewRequest("GET", "http://"+w.addr+"/"+how, nil)
		request.Header.Set("Authorization", "Bearer owner")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			if !fails {
				t.Errorf("%s: %v", how, err)
			}
			continue
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if (err != nil) != fails || !fails && len(body) != 100_000 {
			t.Errorf("%s: %d bytes, error %v", how, len(body), err)
		}
	}
}

func TestEvents_LineBreaksAreRefused(t *testing.T) {
	e := &Events{}
	for _, c := range [][3]string{{"a\nb", "", ""}, {"a", "x\ny", ""}, {"a", "", "{\n}"}, {"a", "", "x\ry"}} {
		if e.Event(c[0], c[1], []byte(c[2])) == nil {
			t.Errorf("%q was written", c)
		}
	}
}

func TestStream_Head(t *testing.T) {
	w := newWorld(t, Config{}, get("/", SignedIn, ticks(time.Millisecond, 10)))
	response, body := w.do("HEAD", "/", "", "Authorization", "Bearer worker")
	w.wantStatus("HEAD", response, body, 200)
	w.waitStreams(0, time.Second)
}

// Ensure a stream that fails at once, before its answer has begun, takes nobody with
// it, however the two race.
func TestPanic_StreamAtOnce(t *testing.T) {
	w := newWorld(t, Config{},
		get("/fails", SignedIn, func(c *fiber.Ctx) error {
			return Stream(c, func(context.Context, *Events) error { return errors.New("at once") })
		}),
		get("/", Public, ok))
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for range 100 {
				request, _ := http.NewRequest("GET", "http://"+w.addr+"/fails", nil)
				request.Header.Set("Authorization", "Bearer worker")
				if response, err := http.DefaultClient.Do(request); err == nil {
					response.Body.Close()
				}
			}
		})
	}
	clients.Wait()
	response, body := w.do("GET", "/", "")
	w.wantStatus("the next request", response, body, 200)
}
