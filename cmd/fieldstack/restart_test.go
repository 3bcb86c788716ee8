package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// judge is the network of those who use a server that is restarted again and again. It
// takes down whatever they see that they should not: all there may be is an answer, a 503
// with a hint when to come back, or nobody who listens.
type judge struct {
	http.Transport
	answered, hinted, refused atomic.Int64

	mu     sync.Mutex // guards faults
	faults []string
}

func (j *judge) RoundTrip(request *http.Request) (*http.Response, error) {
	fresh := false
	traced := httptrace.WithClientTrace(request.Context(), &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) { fresh = !c.Reused },
	})
	response, err := j.Transport.RoundTrip(request.WithContext(traced))
	switch {
	case request.Context().Err() != nil:
	case errors.Is(err, syscall.ECONNREFUSED):
		j.refused.Add(1)
	case fresh && errors.Is(err, syscall.ECONNRESET):
		// The system had taken the connection on, and then nobody listened: the queue of
		// a listener cannot be closed before the listener is.
		j.refused.Add(1)
	case err != nil:
		j.fault("%s %s: %v", request.Method, request.URL.Path, err)
	case response.StatusCode == http.StatusServiceUnavailable && response.Header.Get("Retry-After") != "":
		j.hinted.Add(1)
	case response.StatusCode >= 400:
		j.fault("%s %s: %s", request.Method, request.URL.Path, response.Status)
	default:
		j.answered.Add(1)
	}
	return response, err
}

func (j *judge) fault(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.faults = append(j.faults, fmt.Sprintf(format, args...))
}

// TestRestart_UnderLoad stops the server again and again, as a service manager does, while
// people write, read and listen: they see nothing else than judge says, streams end with
// when to come back, and what was acknowledged is there, once.
func TestRestart_UnderLoad(t *testing.T) {
	cycles := 6
	if testing.Short() {
		cycles = 3
	}
	if os.Getenv("FIELDSTACK_SOAK") != "" {
		cycles = 100
	}
	program, data := unraced(t), t.TempDir()
	token, listen := prepareKillData(t, data), freeAddress(t)
	j := &judge{Transport: http.Transport{MaxIdleConnsPerHost: 20}}
	acks := &acknowledged{created: map[string]bool{}, hours: map[string]float64{}}
	device, err := client.Open(t.Context(), client.Options{Path: filepath.Join(t.TempDir(), "device.db"), Token: token, HTTP: &http.Client{Transport: j}})
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	for range cycles {
		p := startProgram(t, program, data, listen)
		oneRestart(t, p, token, device, j, acks)
	}
	p := startProgram(t, program, data, listen)
	checkAcknowledged(t, p, token, device, acks)
	p.stop(t)
	if _, err := sqlite.Verify(context.Background(), filepath.Join(data, databaseFile)); err != nil {
		t.Error(err)
	}
	for _, fault := range j.faults {
		t.Errorf("somebody saw: %s", fault)
	}
	t.Logf("%d restarts: %d answers, %d hints to come back, %d refused connections, %d records, %d pushes", cycles, j.answered.Load(), j.hinted.Load(), j.refused.Load(), len(acks.created), acks.pushes)
	if len(acks.created) < cycles || acks.pushes < cycles || j.hinted.Load() == 0 {
		t.Error("there was no real load")
	}
}

// oneRestart lets people work until the server, told to stop in the middle of it, is gone.
func oneRestart(t *testing.T, p *process, token string, device *client.Device, j *judge, acks *acknowledged) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r := newRemote(p.url, token)
	r.http.Transport = j
	created, pushed := make(chan struct{}, 1), make(chan struct{}, 1)
	var people sync.WaitGroup
	for range 4 {
		made := 0
		people.Go(func() {
			untilRefused(ctx, j, func() {
				if made++; made > mostCreated {
					time.Sleep(50 * time.Millisecond) // the device has to fetch them all
				}
				if createOne(ctx, r, acks) == nil {
					note(created)
				}
			})
		})
		people.Go(func() {
			untilRefused(ctx, j, func() { _ = r.call(ctx, http.MethodGet, "/api/"+sampleType+"?limit=20", nil, nil) })
		})
	}
	people.Go(func() {
		untilRefused(ctx, j, func() {
			if taken, _ := pushHours(ctx, device, p.url, acks); taken {
				note(pushed)
			}
		})
	})
	stream, err := r.send(ctx, http.MethodGet, "/api/_events", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	for _, happened := range []<-chan struct{}{created, pushed} {
		select {
		case <-happened:
		case <-ctx.Done():
			t.Error("the server acknowledged nothing for a minute")
		}
	}
	wants(t, p.stop(t), "Stopping: finishing what is under way.")
	people.Wait()
	checkStream(t, stream.Body)
}

// untilRefused does something again and again until nobody listens any more. Who was given
// a hint waits a little, though not as long as the hint says.
func untilRefused(ctx context.Context, j *judge, do func()) {
	for before := j.refused.Load(); j.refused.Load() == before && ctx.Err() == nil; {
		hinted := j.hinted.Load()
		if do(); j.hinted.Load() > hinted {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// checkStream reads a stream of events to its end, which must be a good one: whole, with
// when to come back at last.
func checkStream(t *testing.T, body io.Reader) {
	t.Helper()
	last := ""
	lines := bufio.NewReader(body)
	for {
		line, err := lines.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			last = line
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Errorf("the stream was cut: %v", err)
			return
		}
	}
	if !strings.HasPrefix(last, "retry: ") {
		t.Errorf("the stream ends with %q", last)
	}
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// TestServe_DrainDelay: told to stop, the server says at once that it is not ready, serves
// on for the delay, and then ends.
func TestServe_DrainDelay(t *testing.T) {
	data := t.TempDir()
	token := prepareKillData(t, data)
	p := startProgram(t, os.Args[0], data, "127.0.0.1:0", "--drain-delay", "1500ms")
	if status := statusOf(t, p.url+"/readyz"); status != http.StatusOK {
		t.Fatalf("before: %d", status)
	}
	begun := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	untilMatch(t, func() bool { return statusOf(t, p.url+"/readyz") == http.StatusServiceUnavailable }, "a server that is not ready")
	if status := statusOf(t, p.url+"/healthz"); status != http.StatusOK {
		t.Errorf("it is alive: %d", status)
	}
	acks := &acknowledged{created: map[string]bool{}}
	if err := createOne(t.Context(), newRemote(p.url, token), acks); err != nil {
		t.Errorf("while it leaves: %v", err)
	}
	said := <-p.rest
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it ended with %v; it said %s", err, p.said)
	}
	wants(t, said, "Stopping in 1.5s")
	if took := time.Since(begun); took < 1500*time.Millisecond {
		t.Errorf("it ended after %v", took)
	}
}

// TestServe_SecondSignal: who asks twice does not want to wait.
func TestServe_SecondSignal(t *testing.T) {
	p := startProgram(t, os.Args[0], t.TempDir(), "127.0.0.1:0", "--drain-delay", "9m")
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	untilMatch(t, func() bool { return statusOf(t, p.url+"/readyz") == http.StatusServiceUnavailable }, "a server that leaves")
	begun := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-p.rest
	if err := p.cmd.Wait(); err == nil || time.Since(begun) > 10*time.Second {
		t.Errorf("it ended with %v after %v", err, time.Since(begun))
	}
}

// statusOf is what an address answers.
func statusOf(t *testing.T, at string) int {
	t.Helper()
	response, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}
