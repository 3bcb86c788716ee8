package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Fiber hands out strings whose bytes later requests overwrite, unless told not to.
func TestImmutable_RetainedStringsStay(t *testing.T) {
	var mu sync.Mutex
	var kept [][]string // as they came from the Ctx, not copied
	w := newWorld(t, Config{}, get("/keep/:id", Public, func(c *fiber.Ctx) error {
		mu.Lock()
		defer mu.Unlock()
		kept = append(kept, []string{c.Params("id"), c.Query("q"), c.Get("X-Mark"), c.Cookies("mark")})
		return ok(c)
	}))
	client := &http.Client{}
	for i := range 300 {
		request, _ := http.NewRequest("GET", fmt.Sprintf("http://%s/keep/%06d?q=q%06d", w.addr, i, i), nil)
		request.Header.Set("X-Mark", fmt.Sprintf("h%06d", i))
		request.Header.Set("Cookie", fmt.Sprintf("mark=c%06d", i))
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	for i, got := range kept {
		want := fmt.Sprintf("[%06d q%06d h%06d c%06d]", i, i, i, i)
		if fmt.Sprint(got) != want {
			t.Fatalf("what was kept as %s has become %s", want, got)
		}
	}
}

// A squeezed request is refused before anything is unfolded.
func TestBody_EncodingRefused(t *testing.T) {
	w := newWorld(t, Config{}, post("/echo", Public, func(c *fiber.Ctx) error {
		body, err := Body(c, "application/json")
		if err != nil {
			return err
		}
		return JSON(c, 200, len(body))
	}))
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestCompression)
	zeros := make([]byte, 1<<20)
	for range 64 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, encoding := range []string{"gzip", "br", "deflate", "x-gzip", "GZIP", "gzip, identity"} {
		response, body := w.do("POST", "/echo", bomb.String(), "Content-Encoding", encoding, "Content-Type", "application/json")
		w.wantStatus(encoding, response, body, http.StatusUnsupportedMediaType)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
		t.Errorf("refusing took %d bytes", grown)
	}
	response, body := w.do("POST", "/echo", "{}", "Content-Encoding", "identity", "Content-Type", "application/json; charset=utf-8")
	w.wantStatus("identity", response, body, 200)
	for _, mediaType := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json5", "nonsense;;"} {
		response, body := w.do("POST", "/echo", "{}", "Content-Type", mediaType)
		w.wantStatus(mediaType, response, body, http.StatusUnsupportedMediaType)
	}
}

func TestLimits_Body(t *testing.T) {
	const limit = 100_000
	w := newWorld(t, Config{BodyLimit: limit, ReadTime: 5 * time.Second}, post("/size", Public, func(c *fiber.Ctx) error {
		return JSON(c, 200, len(c.Request().Body()))
	}))
	for _, c := range []struct{ size, status int }{{0, 200}, {limit - 1, 200}, {limit, 200}, {limit + 1, 413}, {10 * limit, 413}} {
		plain := fmt.Sprintf("POST /size HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n", c.size)
		chunked := fmt.Sprintf("POST /size HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n", c.size)
		body := strings.Repeat("x", c.size)
		end := "\r\n0\r\n\r\n"
		if c.size == 0 {
			chunked, end = strings.TrimSuffix(chunked, "0\r\n"), "0\r\n\r\n"
		}
		for name, request := range map[string]string{"plain": plain + body, "chunked": chunked + body + end} {
			answer := w.rawTolerant(request)
			if want := fmt.Sprintf("HTTP/1.1 %d ", c.status); !strings.HasPrefix(answer, want) {
				t.Errorf("%s, %d bytes: %.200q, want %s", name, c.size, answer, want)
			}
			if c.status == 413 && !strings.Contains(answer, `"code":"too_large"`) {
				t.Errorf("%s, %d bytes: %.900q does not say what is too large", name, c.size, answer)
			}
		}
	}
	// Announced, and all but its beginning never sent: refused without waiting for it.
	answer := w.raw("POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"+strings.Repeat("x", 10<<10), 4*time.Second)
	if !strings.HasPrefix(answer, "HTTP/1.1 413 ") {
		t.Errorf("1000x announced: %.100q", answer)
	}
}

// rawTolerant is raw for requests that the server may stop reading in the middle.
func (w *world) rawTolerant(request string) string {
	w.t.Helper()
	conn := w.dial()
	defer conn.Close()
	go func() { _, _ = io.WriteString(conn, request) }()
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	var answer bytes.Buffer
	_, _ = io.Copy(&answer, conn)
	return answer.String()
}

func TestLimits_Header(t *testing.T) {
	w := newWorld(t, Config{}, get("/", Public, ok))
	response, body := w.do("GET", "/", "", "Cookie", strings.Repeat("x", 12<<10))
	w.wantStatus("12 KiB of cookies", response, body, 200)
	answer := w.rawTolerant("GET / HTTP/1.1\r\nHost: x\r\nCookie: " + strings.Repeat("x", 20<<10) + "\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 431 ") || !strings.Contains(answer, "clear the cookies") || !strings.Contains(answer, "nosniff") {
		t.Errorf("20 KiB of cookies: %.900q", answer)
	}
}

// A request that does not end holds its connection for ReadTime, not for ever.
func TestTimeout_UnfinishedRequest(t *testing.T) {
	w := newWorld(t, Config{ReadTime: 300 * time.Millisecond, IdleTime: 300 * time.Millisecond}, post("/", Public, ok))
	for name, request := range map[string]string{
		"nothing": "", "half a line": "POST / HT", "half a header": "POST / HTTP/1.1\r\nHost: x\r\nX-",
		"half a body":  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf",
		"half a chunk": "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf",
	} {
		begun := time.Now()
		w.raw(request, 5*time.Second)
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("%s: held for %v", name, took)
		}
	}
}

// A failure nobody foresaw says nothing to whoever asked, and all to the log, once.
func TestError_Opaque(t *testing.T) {
	w := newWorld(t, Config{},
		get("/fail", Public, func(*fiber.Ctx) error { return errors.New("open /srv/secret/path.db: denied") }),
		get("/fiber", Public, func(*fiber.Ctx) error { return fiber.NewError(503, "/srv/secret/path.db") }),
		get("/who", SignedIn, ok))
	for _, path := range []string{"/fail", "/fiber", "/who"} {
		response, body := w.do("GET", path, "", "Authorization", "Bearer broken")
		w.wantStatus(path, response, body, 500)
		if strings.Contains(body, "secret") || !strings.Contains(body, `"code":"internal"`) {
			t.Errorf("%s shows %s", path, body)
		}
		id := response.Header.Get("X-Request-Id")
		n := 0
		for line := range strings.Lines(w.log.String()) {
			if strings.Contains(line, "request failed") && strings.Contains(line, " request="+id) {
				n++
			}
		}
		if len(id) != 16 || n != 1 {
			t.Errorf("%s: request %q is %d times in the log, want once", path, id, n)
		}
	}
}

// TestPanic_Handler: a panic ends its own request and nothing else. (Streams have
// their own test, TestPanic_Stream.)
func TestPanic_Handler(t *testing.T) {
	w := newWorld(t, Config{},
		get("/panic", Public, func(*fiber.Ctx) error { panic("secret") }),
		get("/nil", Public, func(*fiber.Ctx) error {
			var m map[string]int
			//lint:ignore SA5000 the panic is the point
			m["x"] = 1
			return nil
		}),
		get("/", Public, ok))
	for _, path := range []string{"/panic", "/nil"} {
		response, body := w.do("GET", path, "")
		w.wantStatus(path, response, body, 500)
		if strings.Contains(body, "secret") || strings.Contains(body, "goroutine") {
			t.Errorf("%s shows %s", path, body)
		}
	}
	if !strings.Contains(w.log.String(), "traps_test.go") {
		t.Error("the log does not hold the stack")
	}
	response, body := w.do("GET", "/", "")
	w.wantStatus("the next request", response, body, 200)
}

// The left-most entry of X-Forwarded-For is whatever the client wrote.
func TestAddress_RightMostUntrustedHop(t *testing.T) {
	show := get("/", Public, func(c *fiber.Ctx) error { return JSON(c, 200, Address(c).String()) })
	trusting := newWorld(t, Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}}, show)
	plain := newWorld(t, Config{}, show)
	for _, c := range []struct {
		header []string
		want   string
	}{
		{nil, "127.0.0.1"},
		{[]string{"198.51.100.7"}, "198.51.100.7"},
		{[]string{"1.2.3.4, 198.51.100.7"}, "198.51.100.7"},
		{[]string{"1.2.3.4, 198.51.100.7, 10.0.0.9"}, "198.51.100.7"},
		{[]string{"1.2.3.4", "198.51.100.7"}, "198.51.100.7"},
		{[]string{"198.51.100.7, nonsense"}, "127.0.0.1"},
		{[]string{"198.51.100.7, nonsense, 10.0.0.9"}, "10.0.0.9"},
		{[]string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		{[]string{"10.0.0.9"}, "10.0.0.9"},
	} {
		var headers []string
		for _, h := range c.header {
			headers = append(headers, "X-Forwarded-For", h)
		}
		if _, body := trusting.do("GET", "/", "", headers...); body != `"`+c.want+`"` {
			t.Errorf("behind proxies, %v: %s, want %s", c.header, body, c.want)
		}
		if _, body := plain.do("GET", "/", "", append(headers, "X-Real-IP", "9.9.9.9")...); body != `"127.0.0.1"` {
			t.Errorf("without proxies, %v: %s, want the peer", c.header, body)
		}
	}
}

// A guard on a path must hold for every way to write that path.
func TestPath_OddFormsRefused(t *testing.T) {
	w := newWorld(t, Config{}, get("/admin/:page", Owners, ok), get("/*", Public, ok))
	for _, path := range []string{
		"/%61dmin/x", "//admin/x", "/./admin/x", "/x/../admin/x", "/admin//x", "/admin/%2e%2e/x", "/admin%2fx",
		"/admin/x%00", "\\admin\\x", "/admin\\x", "/admin/x;y", "/admin/x%2523", "/admin/x/", "/..", "/.",
		"http://x/admin/x", "*", "/admin/é", "/admin/x\x7f",
	} {
		answer := w.raw("GET "+path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 2*time.Second)
		if !strings.HasPrefix(answer, "HTTP/1.1 400 ") {
			t.Errorf("%q: %.60q, want 400", path, answer)
		}
	}
	for path, want := range map[string]int{"/admin/x": 401, "/ADMIN/x": 200, "/": 200, "/a.b_c~d-E9": 200, "/admin/x?y=/../%2f": 401} {
		response, body := w.do("GET", path, "")
		w.wantStatus(path, response, body, want)
	}
}

// A client that asks for nothing of the kind gets plain bytes; small answers are
// never squeezed.
func TestCompress_OnlyLargeAndAsked(t *testing.T) {
	long := strings.Repeat("abcdefgh", 1000)
	w := newWorld(t, Config{}, get("/long", Public, func(c *fiber.Ctx) error { return JSON(c, 200, long) }), get("/short", Public, ok))
	for _, c := range []struct{ path, accept, want string }{
		{"/long", "", ""}, {"/long", "gzip", "gzip"}, {"/short", "gzip", ""}, {"/long", "identity", ""},
	} {
		response, body := w.do("GET", c.path, "", "Accept-Encoding", c.accept)
		if got := response.Header.Get("Content-Encoding"); got != c.want {
			t.Errorf("%s for %q: %q, want %q", c.path, c.accept, got, c.want)
		}
		if c.want == "gzip" {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(z)
			if err != nil || string(plain) != `"`+long+`"` {
				t.Errorf("%s unfolds to %d bytes, %v", c.path, len(plain), err)
			}
		}
	}
}

// TestLint_ForbiddenCalls: what is measured to be unsafe in Fiber is used nowhere in
// the packages that may import it.
func TestLint_ForbiddenCalls(t *testing.T) {
	forbidden := map[string]string{
		"SendFile": "re-parses the name as a URL", "Download": "uses SendFile", "BodyParser": "panics on crafted forms",
		"QueryParser": "as BodyParser", "ParamsParser": "as BodyParser", "IP": "takes the forged left-most hop",
		"IPs": "as IP", "UUIDv4": "weak fallback", "UUID": "weak fallback", "Static": "serves by path",
		"Format": "reflects unescaped text",
	}
	for _, dir := range []string{".", "../api", "../../admin"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if !strings.HasSuffix(name, "_test.go") {
				lintCalls(t, name, forbidden)
			}
		}
	}
}

func lintCalls(t *testing.T, name string, forbidden map[string]string) {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte("gofiber/fiber")) {
		return
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		object, _ := selector.X.(*ast.Ident)
		on := object != nil && (object.Name == "c" || object.Name == "ctx" || object.Name == "utils" || object.Name == "app")
		if why := forbidden[selector.Sel.Name]; on && why != "" || on && selector.Sel.Name == "Body" {
			t.Errorf("%s: %s.%s: %s", set.Position(call.Pos()), object.Name, selector.Sel.Name, why)
		}
		return true
	})
}
