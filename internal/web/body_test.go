package web

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

// TestUpload: a route that takes more than others reads it as it arrives, up to its own
// limit, and whatever is sent beyond that is no request of its own.
func TestUpload(t *testing.T) {
	const limit = 1 << 20
	var asked atomic.Int32
	w := newWorld(t, Config{BodyLimit: 10_000, ReadTime: 10 * time.Second},
		Route{Method: "POST", Path: "/file", Access: Public, Upload: limit, Handler: func(c *fiber.Ctx) error {
			r, err := Upload(c, "text/plain")
			if err != nil {
				return err
			}
			n, err := io.Copy(io.Discard, r)
			if err != nil {
				return err
			}
			return JSON(c, 200, n)
		}},
		post("/half", Public, func(c *fiber.Ctx) error { return collections.Errorf(collections.Forbidden, "", "No.") }),
		Route{Method: "POST", Path: "/none", Access: Public, Upload: limit, Handler: ok},
		get("/smuggled", Public, func(c *fiber.Ctx) error { asked.Add(1); return ok(c) }))
	for _, size := range []int{0, 1, 9_999, limit - 1, limit, limit + 1, 2 * limit} {
		want := http.StatusOK
		if size > limit {
			want = http.StatusRequestEntityTooLarge
		}
		data := strings.Repeat("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", size/34+1)[:size]
		for how, body := range map[string]io.Reader{"announced": strings.NewReader(data), "in chunks": io.MultiReader(strings.NewReader(data))} {
			response, err := http.Post("http://"+w.addr+"/file", "text/plain", body)
			if err != nil {
				t.Fatalf("%d bytes, %s: %v", size, how, err)
			}
			answer, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if response.StatusCode != want || want == 200 && string(answer) != fmt.Sprint(size) {
				t.Errorf("%d bytes, %s: %d %s", size, how, response.StatusCode, answer)
			}
			if want != 200 && !strings.Contains(string(answer), "larger than 1 MiB") {
				t.Errorf("%d bytes, %s: %s does not name the limit", size, how, answer)
			}
		}
	}
	// Not read at all, by a refusal or by a handler that does not care.
	for _, path := range []string{"/half", "/none", "/nowhere"} {
		data := strings.Repeat("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n", 200)
		w.rawTolerant(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%sGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path, len(data), data))
		w.rawTolerant(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path, len(data), data))
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("%d requests were read out of bodies", n)
	}
	if response, _ := w.do("POST", "/half", strings.Repeat("x", 20_000)); response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a route that says nothing takes more than the limit of all: %d", response.StatusCode)
	}
}

// TestUpload_Memory: a large body takes no memory of its own.
func TestUpload_Memory(t *testing.T) {
	const size = 64 << 20
	var most atomic.Uint64
	w := newWorld(t, Config{}, Route{Method: "POST", Path: "/file", Access: Public, Upload: size, Handler: func(c *fiber.Ctx) error {
		r, err := Upload(c, "text/plain")
		if err != nil {
			return err
		}
		for {
			if _, err := io.CopyN(io.Discard, r, 8<<20); err == io.EOF {
				return ok(c)
			} else if err != nil {
				return err
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapAlloc))
		}
	}})
	block := make([]byte, 1<<20)
	if _, err := rand.Read(block); err != nil {
		t.Fatal(err)
	}
	blocks := make([]io.Reader, size/len(block))
	for i := range blocks {
		blocks[i] = bytes.NewReader(block)
	}
	runtime.GC()
	response, err := http.Post("http://"+w.addr+"/file", "text/plain", io.MultiReader(blocks...))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 200 || most.Load() > 24<<20 {
		t.Errorf("status %d, the heap was %d MiB", response.StatusCode, most.Load()>>20)
	}
}
