package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

const (
	fanOutTicks = 30 // changes, one each second
	fanOutRest  = 3 * time.Second
)

// scaleFanOut measures live readers: how long after a change was durable the last of
// them has it, and what each of them takes of the server's memory.
func scaleFanOut(ctx context.Context, s *scale, r *report) error {
	f, err := openFolder(s.small())
	if err != nil {
		return err
	}
	for _, n := range s.readers {
		p, err := f.serve(ctx, s.program)
		if err != nil {
			return err
		}
		err = fanOut(ctx, r, &fieldstackLive{f: f, caller: newCaller(p.url, f.Owner, 4)}, p, n)
		p.stop()
		if err != nil {
			return fmt.Errorf("%d readers: %w", n, err)
		}
		if s.peer == "" {
			continue
		}
		if p, err = s.servePeer(ctx, []string{"PB_DATA=" + s.peerSmallData()}); err != nil {
			return err
		}
		err = fanOut(ctx, r, &peerLive{caller: newCaller(p.url, "", 16), record: newOrders(smallStore).peerID(1)}, p, n)
		p.stop()
		if err != nil {
			// The peer's own limits are a finding, not the end of the benchmark.
			r.note("PocketBase with %d readers: %v", n, err)
		}
	}
	r.note("Memory a reader is what the server's resident memory grew by: with few readers less than what its start left behind, which it uses first.")
	r.note("The readers are in the benchmark's process, on the same cores; they are spread over %d accounts, as many as have other rights on paper.", people)
	return nil
}

// liveSide is a server with live readers.
type liveSide interface {
	name() string
	// open connects the i-th reader and gives what it reads from.
	open(ctx context.Context, p *process, i int) (net.Conn, error)
	// tick changes something, marked with a number, and returns when that is durable.
	tick(ctx context.Context, n int) error
}

func fanOut(ctx context.Context, r *report, side liveSide, p *process, readers int) error {
	work := "fan-out-" + sizeName(readers)
	if err := side.tick(ctx, 0); err != nil {
		return err
	}
	sleep(ctx, fanOutRest)
	before := resident(p)
	l := &listeners{want: int64(readers)}
	defer l.close()
	if err := l.open(ctx, side, p, readers); err != nil {
		return err
	}
	sleep(ctx, fanOutRest)
	for n := range fanOutTicks {
		next := time.Now().Add(time.Second)
		if err := side.tick(ctx, n+1); err != nil {
			return err
		}
		l.told[n+1].Store(time.Now().UnixNano())
		sleep(ctx, time.Until(next))
	}
	sleep(ctx, fanOutRest)
	times, missing := l.times()
	if lost := l.lost.Load(); lost > 0 {
		r.note("%s: %d of %d readers of %s were cut off.", work, lost, readers, side.name())
	}
	if len(times) == 0 {
		return fmt.Errorf("no change reached all readers: %d deliveries are missing", missing)
	}
	r.add(work, side.name(), "commit to last reader, p50", percentile(times, 0.5), "ms")
	r.add(work, side.name(), "commit to last reader, p99", percentile(times, 0.99), "ms")
	r.add(work, side.name(), "deliveries missing", float64(missing), "of all")
	r.add(work, side.name(), "memory a reader", (resident(p)-before)*1024/float64(readers), "KiB")
	return nil
}

// listeners are the readers of one server.
type listeners struct {
	want  int64
	conns []net.Conn
	lost  atomic.Int64
	told  [fanOutTicks + 1]atomic.Int64 // when a change was durable, in ns
	heard [fanOutTicks + 1]atomic.Int64 // how many readers have it
	last  [fanOutTicks + 1]atomic.Int64 // when the last of them had it
	done  atomic.Bool
}

// connectAtOnce is how many readers connect at the same time.
const connectAtOnce = 16

func (l *listeners) open(ctx context.Context, side liveSide, p *process, n int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	progress := newProgress("connecting", n)
	var mu sync.Mutex
	var next atomic.Int64
	var workers sync.WaitGroup
	for range connectAtOnce {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				conn, err := side.open(ctx, p, i)
				if err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				l.conns = append(l.conns, conn)
				mu.Unlock()
				go l.listen(conn)
				progress.add(1)
			}
		})
	}
	workers.Wait()
	progress.end()
	return context.Cause(ctx)
}

func (l *listeners) close() {
	l.done.Store(true)
	for _, conn := range l.conns {
		_ = conn.Close()
	}
}

const (
	tickMark   = "tick-"
	tickDigits = 6
)

// listen notes the marks that come over a connection. It keeps what may be the beginning
// of one from one read to the next.
func (l *listeners) listen(conn net.Conn) {
	buffer := make([]byte, 1024)
	have := 0
	seen := 0
	for {
		n, err := conn.Read(buffer[have:])
		if err != nil {
			if !l.done.Load() {
				l.lost.Add(1)
			}
			return
		}
		text := buffer[:have+n]
		for {
			at := bytes.Index(text, []byte(tickMark))
			if at < 0 || len(text) < at+len(tickMark)+tickDigits {
				break
			}
			if tick, err := strconv.Atoi(string(text[at+len(tickMark) : at+len(tickMark)+tickDigits])); err == nil {
				// Who is told of several changes at once may be told the last of them alone.
				for ; seen < tick; seen++ {
					l.hear(seen + 1)
				}
			}
			text = text[at+len(tickMark)+tickDigits:]
		}
		have = copy(buffer, text[max(0, len(text)-len(tickMark)-tickDigits+1):])
	}
}

func (l *listeners) hear(tick int) {
	if tick < len(l.heard) && l.heard[tick].Add(1) == l.want {
		l.last[tick].Store(time.Now().UnixNano())
	}
}

// times are those of the changes that all readers have, and how many deliveries of the
// others are missing.
func (l *listeners) times() (times []time.Duration, missing int64) {
	for n := 1; n <= fanOutTicks; n++ {
		if last := l.last[n].Load(); last > 0 {
			times = append(times, max(0, time.Duration(last-l.told[n].Load())))
			continue
		}
		missing += l.want - l.heard[n].Load()
	}
	return times, missing
}

// mark is what a change writes so that readers know it.
func mark(n int) string { return fmt.Sprintf("%s%0*d", tickMark, tickDigits, n) }

// fieldstackLive are readers of GET /api/_events.
type fieldstackLive struct {
	f      *folder
	caller *caller
	author *pusher

	mu      sync.Mutex
	cursors map[string]string // by token
}

func (f *fieldstackLive) name() string { return "fieldstack" }

func (f *fieldstackLive) tick(ctx context.Context, n int) error {
	if f.author == nil {
		authors, err := newPushers(ctx, f.caller, 1)
		if err != nil {
			return err
		}
		f.author = authors[0]
	}
	return f.author.send(ctx, []*crdt.Change{f.author.change([]crdt.Op{{Kind: crdt.OpSet, Path: []string{"site"}, Value: mark(n), Has: true}})})
}

func (f *fieldstackLive) open(ctx context.Context, p *process, i int) (net.Conn, error) {
	token := f.f.Tokens[i%len(f.f.Tokens)]
	cursor, err := f.cursor(ctx, token)
	if err != nil {
		return nil, err
	}
	q := url.Values{"cursor": {cursor}, "subscribe": {`[{"type":"` + docsType + `"}]`}}
	return openStream(ctx, p, "GET /api/_events?"+q.Encode()+" HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer "+token+"\r\n\r\n")
}

// cursor is where the readers of an account begin.
func (f *fieldstackLive) cursor(ctx context.Context, token string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cursors == nil {
		f.cursors = map[string]string{}
	}
	if had := f.cursors[token]; had != "" {
		return had, nil
	}
	c := *f.caller
	c.token = token
	cursor, err := cursorHere(ctx, &c, "")
	f.cursors[token] = cursor
	return cursor, err
}

// openStream connects, asks, and reads on until the answer's body begins.
func openStream(ctx context.Context, p *process, request string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", p.url[len("http://"):])
	if err != nil {
		return nil, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(4096) // memory of the kernel's, twenty thousand times
	}
	if _, err = conn.Write([]byte(request)); err == nil {
		err = skipHead(conn)
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// skipHead reads an answer up to the end of its head, byte by byte, which nobody measures.
func skipHead(conn net.Conn) error {
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	var head []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		if _, err := conn.Read(one); err != nil {
			return fmt.Errorf("no answer: %w", err)
		}
		head = append(head, one[0])
	}
	if !bytes.HasPrefix(head, []byte("HTTP/1.1 200")) {
		return errors.New(firstLine(head))
	}
	return conn.SetReadDeadline(time.Time{})
}
