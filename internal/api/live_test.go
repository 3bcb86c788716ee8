package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/web"
)

// TestSSE_CutEveryByte: a stream that is cut after any byte goes on, by Last-Event-ID,
// with nothing missing and nothing out of order.
func TestSSE_CutEveryByte(t *testing.T) {
	w := newWorld(t)
	start := w.sync("olga", 0xaa, "").Cursor
	var want []string
	first := w.openStream(start, "")
	for n := range 6 { // one event each
		want = append(want, w.order(n+1, map[string]any{"title": fmt.Sprint("Order ", n)}))
		first.until(len(want))
	}
	whole := first.close()
	step := 1
	if testing.Short() || len(whole) > 3000 {
		step = len(whole)/700 + 1 // every byte of a shape is met; a run stays short
	}
	for cut := 0; cut < len(whole); cut += step {
		var got []string
		last := ""
		scanEvents(bytes.NewReader(whole[:cut]), func(e event) {
			last = e.id
			got = append(got, docsOf(t, e)...)
		})
		if len(got) < len(want) {
			rest := w.openStream(start, last)
			rest.until(len(want) - len(got))
			scanEvents(bytes.NewReader(rest.close()), func(e event) { got = append(got, docsOf(t, e)...) })
		}
		if !slices.Equal(got, want) {
			t.Fatalf("cut after %d bytes: heard of %v, want %v", cut, got, want)
		}
	}
}

// rawStream is an event stream as bytes.
type rawStream struct {
	w    *world
	conn net.Conn
	got  []byte
}

// openStream asks for a stream by HTTP/1.0: the answer comes without chunks, as the
// bytes are.
func (w *world) openStream(cursor, last string) *rawStream {
	w.Helper()
	conn, err := net.Dial("tcp", w.addr)
	w.must(err)
	if last != "" {
		last = "Last-Event-ID: " + last + "\r\n"
	}
	_, err = fmt.Fprintf(conn, "GET /api/_events?cursor=%s HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n", url.QueryEscape(cursor), w.tokens["olga"], last)
	w.must(err)
	return &rawStream{w: w, conn: conn}
}

func (s *rawStream) body() []byte {
	_, body, _ := bytes.Cut(s.got, []byte("\r\n\r\n"))
	return body
}

// until reads until the stream has told of n documents.
func (s *rawStream) until(n int) {
	s.w.Helper()
	_ = s.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	buffer := make([]byte, 4096)
	for {
		told := 0
		scanEvents(bytes.NewReader(s.body()), func(e event) { told += len(docsOf(s.w, e)) })
		if told >= n {
			return
		}
		k, err := s.conn.Read(buffer)
		if err != nil {
			s.w.Fatalf("the stream told of %d documents, not %d: %v", told, n, err)
		}
		s.got = append(s.got, buffer[:k]...)
	}
}

// close gives the bytes that were read.
func (s *rawStream) close() []byte {
	s.conn.Close()
	return s.body()
}

// docsOf lists the documents an event tells of, in its order.
func docsOf(t testing.TB, e event) (ids []string) {
	t.Helper()
	if e.data == "" {
		return nil
	}
	l := &listener{events: make(chan event, 1)}
	l.events <- e
	_, p := l.next(t)
	for _, d := range p.Documents {
		ids = append(ids, d.ID)
	}
	for _, text := range p.Changes {
		c, err := crdt.ParseChange(text, crdt.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.Doc)
	}
	return ids
}

// TestSSE_StalledReader: readers that do not read are cut, and those that do hear of
// every commit in good time all the while.
func TestSSE_StalledReader(t *testing.T) {
	const stalled, live, commits = 100, 20, 40
	config := lax
	config.StreamPatience = 4 * time.Second
	w := newWorldWith(t, config)
	cursor := w.sync("olga", 0xaa, "").Cursor
	for range stalled {
		conn, err := net.Dial("tcp", w.addr)
		w.must(err)
		defer conn.Close()
		_ = conn.(*net.TCPConn).SetReadBuffer(2048)
		_, err = fmt.Fprintf(conn, "GET /api/_events?cursor=%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", url.QueryEscape(cursor), w.tokens["olga"])
		w.must(err)
	}
	var listeners []*listener
	for range live {
		l := w.listen("olga", cursor)
		defer l.close()
		listeners = append(listeners, l)
	}
	waitFor(t, "all readers", func() bool { return w.server.Streams() == stalled+live })
	var all sync.WaitGroup
	var mu sync.Mutex
	var slowest time.Duration
	notes := string(bytes.Repeat([]byte("x"), 5_000))
	begun := make([]time.Time, commits)
	for n := range commits {
		begun[n] = time.Now()
		id := docID(n + 1)
		_, err := w.engine.Create(context.Background(), w.actor("olga"), "order", id, map[string]any{"title": "x", "notes": notes})
		w.must(err)
		for _, l := range listeners {
			all.Go(func() {
				if e, _ := l.next(t); !strings.Contains(e.data, id) {
					t.Errorf("an event does not tell of %s", id)
				}
				mu.Lock()
				defer mu.Unlock()
				slowest = max(slowest, time.Since(begun[n]))
			})
		}
		all.Wait()
	}
	if slowest > config.StreamPatience*3/4 { // nobody waited for a reader to be cut
		t.Errorf("the slowest reader heard after %v", slowest)
	}
	t.Logf("slowest of %d events: %v", commits*live, slowest)
	waitFor(t, "the stalled to be cut", func() bool { return w.server.Streams() == live })
}

func waitFor(t testing.TB, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// A reader who hears nothing new hears a heartbeat, even while others write what it
// may not see; and the heartbeat moves its place on.
func TestSSE_HeartbeatAmidWhatIsNotSeen(t *testing.T) {
	config := lax
	config.Heartbeat = 60 * time.Millisecond
	w := newWorldWith(t, config)
	l := w.listen("wim", "")
	defer l.close()
	first, _ := l.next(t)
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for n := 1; ; n++ {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				w.order(n, map[string]any{"title": "x", "assignee": "wilo"})
			}
		}
	})
	defer writer.Wait()
	defer close(stop)
	timeout := time.After(5 * time.Second)
	for {
		select {
		case e := <-l.events:
			if e.data != "" {
				t.Fatalf("wim hears of %s", e.data)
			}
			if e.id != "" && e.id != first.id {
				return
			}
		case <-timeout:
			t.Fatal("no heartbeat")
		}
	}
}

// A server that shuts down tells its readers to go, at once.
func TestSSE_ShutdownEndsStreams(t *testing.T) {
	w := newWorld(t)
	l := w.listen("olga", "")
	defer l.close()
	l.next(t)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	begun := time.Now()
	w.must(w.server.Shutdown(ctx))
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("shutting down took %v", took)
	}
	for range l.events {
	}
}

// TestNet_CutAtEveryByte: a push that is cut after any byte has no effect at all or is
// there whole, and sent again has its effect once.
func TestNet_CutAtEveryByte(t *testing.T) {
	config := lax
	config.ReadTime = 500 * time.Millisecond
	w := newWorldWith(t, config)
	change := creation(0xaa, 1, docID(1), map[string]any{"title": "Pump", "hours": 3.0})
	change.Ops = append(change.Ops, crdt.Op{Kind: crdt.OpAdd, Path: []string{"visits"}, Value: 5.0, Has: true})
	body := `{"replica":"00000000000000aa","changes":[` + string(crdt.AppendChange(nil, change)) + `]}`
	request := fmt.Sprintf("POST /api/_sync HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", w.tokens["olga"], len(body), body)
	for cut := 0; cut < len(request); cut++ {
		conn, err := net.Dial("tcp", w.addr)
		w.must(err)
		_, err = io.WriteString(conn, request[:cut])
		w.must(err)
		w.must(conn.(*net.TCPConn).CloseWrite())
		_, _ = io.Copy(io.Discard, conn)
		conn.Close()
		if n := w.engine.Stats().Accepted; n != 0 {
			t.Fatalf("cut after %d of %d bytes: %d changes were accepted", cut, len(request), n)
		}
	}
	// The answer is lost at every byte, and the push sent again each time.
	for keep := range 200 {
		conn, err := net.Dial("tcp", w.addr)
		w.must(err)
		_, err = io.WriteString(conn, request)
		w.must(err)
		_, _ = io.CopyN(io.Discard, conn, int64(keep))
		conn.Close()
	}
	p := w.sync("olga", 0xaa, "", change)
	if len(p.Results) != 1 || !p.Results[0].OK || len(p.Documents) != 1 || p.Documents[0].Value["visits"] != 5.0 {
		t.Errorf("in the end: %+v", p)
	}
	if n := w.engine.Stats().Accepted; n != 1 {
		t.Errorf("%d changes were accepted, want 1", n)
	}
}

// A reader of many streams has as many as one account may.
func TestLimits_StreamsOfOneAccount(t *testing.T) {
	w := newWorldWith(t, web.Config{MaxStreamsEach: 2})
	for range 2 {
		l := w.listen("olga", "")
		defer l.close()
	}
	w.want("a third", w.do("olga", "GET", "/api/_events", ""), 429)
	l := w.listen("eve", "")
	defer l.close()
}

// How long a change took to a reader is measured where the reader was level, and what it
// catches up on is not.
func TestSSE_Delivered(t *testing.T) {
	w := newWorld(t)
	w.order(1, map[string]any{"title": "before"})
	l := w.listen("olga", "")
	defer l.close()
	l.next(t)
	count := func() string {
		a := w.do("olga", "GET", "/metrics", "")
		_, after, _ := strings.Cut(a.body, "\nfieldstack_delivery_seconds_count ")
		n, _, _ := strings.Cut(after, "\n")
		return n
	}
	if n := count(); n != "0" {
		t.Errorf("what was there before counts: %s", n)
	}
	w.order(2, map[string]any{"title": "now"})
	l.next(t)
	for end := time.Now().Add(5 * time.Second); count() != "1"; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("what came then was measured %s times", count())
		}
	}
}
