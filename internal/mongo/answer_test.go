package mongo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// mute is a server between a store and its database that lets everything through but,
// when told to, the answers to some requests.
type mute struct {
	about  []byte       // what a request has in it whose answers go missing
	silent atomic.Int32 // so many answers more
	cut    bool         // the connection breaks, instead of staying without an answer
	lost   atomic.Int32 // answers that went missing

	mu      sync.Mutex
	waiting []net.Conn // whose answers went missing
}

// speak lets all answers through again, and breaks the connections that still wait.
func (m *mute) speak() {
	m.silent.Store(0)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, conn := range m.waiting {
		conn.Close()
	}
	m.waiting = nil
}

// listen starts it before a database, and gives the database's URI through it.
func (m *mute) listen(t *testing.T, uri string) string {
	t.Helper()
	scheme, rest, _ := strings.Cut(uri, "://")
	host, path, _ := strings.Cut(rest, "/")
	front, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { front.Close() })
	go func() {
		for {
			conn, err := front.Accept()
			if err != nil {
				return
			}
			go m.serve(conn, host)
		}
	}()
	return scheme + "://" + front.Addr().String() + "/" + path
}

func (m *mute) serve(conn net.Conn, host string) {
	defer conn.Close()
	server, err := net.Dial("tcp", host)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		request, err := message(conn)
		if err != nil {
			return
		}
		if _, err := server.Write(request); err != nil {
			return
		}
		answer, err := message(server)
		if err != nil {
			return
		}
		if bytes.Contains(request, m.about) && m.silent.Add(-1) >= 0 {
			if m.lost.Add(1); m.cut {
				return
			}
			m.mu.Lock()
			m.waiting = append(m.waiting, conn)
			m.mu.Unlock()
			continue
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

func message(from io.Reader) ([]byte, error) {
	header := make([]byte, 16)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}
	whole := append(header, make([]byte, binary.LittleEndian.Uint32(header)-16)...)
	_, err := io.ReadFull(from, whole[16:])
	return whole, err
}

// command is how a request for a command on a collection begins.
func command(name, collection string) []byte {
	about := append([]byte{2}, name...)
	about = binary.LittleEndian.AppendUint32(append(about, 0), uint32(len(collection)+1))
	return append(append(about, collection...), 0)
}

// A write whose answer does not come is found out by identity: it is neither reported as
// lost nor done twice.
func TestAnswerLost(t *testing.T) {
	requests := map[string][]byte{
		"the batch":      command("insert", logName),
		"new locks":      command("insert", thingsName),
		"locks, applied": command("update", thingsName),
		"the records":    command("insert", recordsName("work-order")),
	}
	for what, about := range requests {
		for _, cut := range []bool{false, true} {
			t.Run(what, func(t *testing.T) {
				m := &mute{about: about, cut: cut}
				s, err := Open(t.Context(), Options{URI: m.listen(t, newDatabase(t, ferretURI(t)))})
				must(t, err)
				defer s.Close()
				must(t, s.Commit(t.Context(), sampleBatch("main", 1)))
				usual := s.timeout
				s.timeout = 300 * time.Millisecond
				m.silent.Store(2)
				must(t, s.Commit(t.Context(), sampleBatch("main", 2)))
				must(t, s.PutItem(t.Context(), collections.Item{Kind: "k", Key: "count", Rev: 2, Data: []byte("2")}))
				if m.lost.Load() == 0 {
					t.Fatal("no answer went missing: the test is about nothing")
				}
				m.speak()
				s.timeout = usual
				item, err := s.Item(t.Context(), "k", "count")
				must(t, err)
				if item.Rev != 3 {
					t.Fatalf("the item has revision %d, want 3", item.Rev)
				}
				must(t, s.DeleteItem(t.Context(), "k", "count"))
				entries, err := s.Log(t.Context(), "main", 0, 9)
				must(t, err)
				record, err := s.Record(t.Context(), "work-order", "main-2")
				must(t, err)
				if len(entries) != 2 || record.Rev != 1 {
					t.Fatalf("%d entries, and the record has revision %d", len(entries), record.Rev)
				}
				checkUnlocked(t, s)
			})
		}
	}
}

// Where nobody answers at all the outcome stays unknown: neither done, nor one of the
// errors that say that nothing was written.
func TestAnswerNever(t *testing.T) {
	named := newDatabase(t, ferretURI(t))
	m := &mute{}
	s, err := Open(t.Context(), Options{URI: m.listen(t, named)})
	must(t, err)
	defer s.Close()
	must(t, s.Commit(t.Context(), sampleBatch("main", 1)))
	timeout, patience := s.timeout, s.patience
	s.fault = func(what string, do func() error) error {
		if what == "writing the log" {
			m.silent.Store(1 << 20) // the batch arrives, and nothing comes back any more
		}
		return do()
	}
	s.timeout, s.patience = 300*time.Millisecond, 900*time.Millisecond
	err = s.Commit(t.Context(), sampleBatch("main", 2))
	if err == nil || errors.Is(err, collections.ErrTaken) || errors.Is(err, collections.ErrStale) || errors.Is(err, collections.ErrNotFound) {
		t.Fatalf("error %v, want one that leaves it open", err)
	}
	m.speak()
	if n := checkSamples(t, mustOpen(t, named)); n != 2 {
		t.Fatalf("%d batches, want the second to be there", n)
	}
	s.fault, s.timeout, s.patience = nil, timeout, patience
	again := sampleBatch("main", 2)
	if err := s.Commit(t.Context(), again); !errors.Is(err, collections.ErrTaken) {
		t.Fatalf("the same entries once more: %v, want ErrTaken", err)
	}
	must(t, s.Commit(t.Context(), sampleBatch("main", 3)))
	checkSamples(t, s)
}

// A store is closed in time where its server has gone silent, however much is left to mark.
func TestClose_NobodyThere(t *testing.T) {
	m := &mute{}
	s, err := Open(t.Context(), Options{URI: m.listen(t, newDatabase(t, ferretURI(t)))})
	must(t, err)
	for _, stream := range []string{"a", "b", "c"} {
		b := sampleAfter(stream, 1)
		b.Items = []collections.Item{{Kind: "k", Key: stream, Data: []byte("1")}}
		must(t, s.Commit(t.Context(), b))
	}
	s.timeout = 300 * time.Millisecond
	m.silent.Store(1 << 20)
	began := time.Now()
	_ = s.Close() // whether it says so is not what this is about
	if took := time.Since(began); took > 15*time.Second {
		t.Fatalf("it took %v", took)
	}
	m.speak()
}

// A server that is not there, or does not speak, is said so within the timeout.
func TestOpen_NobodyThere(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer silent.Close()
	began := time.Now()
	_, err = Open(t.Context(), Options{URI: "mongodb://anna:geheim@" + silent.Addr().String() + "/x", Timeout: 300 * time.Millisecond})
	if err == nil || strings.Contains(err.Error(), "geheim") {
		t.Fatalf("error %v, want one without the password", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Fatalf("it took %v", took)
	}
}
