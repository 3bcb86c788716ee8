package api

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

func TestLimits_ChangesOfAPush(t *testing.T) {
	w := newWorld(t)
	n := uint64(0)
	for _, c := range []struct{ count, status int }{
		{collections.MaxChanges - 1, 200}, {collections.MaxChanges, 200}, {collections.MaxChanges + 1, 413}, {20 * collections.MaxChanges, 413},
	} {
		texts := make([]string, c.count)
		for i := range texts {
			change := creation(0xaa, n+uint64(i)+1, docID(int(n)+i+1), map[string]any{"title": "x"})
			texts[i] = string(crdt.AppendChange(nil, change))
		}
		a := w.do("olga", "POST", "/api/_sync", `{"replica":"00000000000000aa","limit":1,"changes":[`+strings.Join(texts, ",")+`]}`)
		w.want(fmt.Sprint(c.count, " changes"), a, c.status)
		if c.status == 200 {
			n += uint64(c.count)
		} else if !strings.Contains(a.body, "1000") {
			t.Errorf("the answer does not name the limit: %s", a.body)
		}
	}
	if got := w.engine.Stats().Accepted; got != n {
		t.Errorf("%d changes were accepted, want %d", got, n)
	}
}

func TestLimits_WritesOfABatch(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ count, status int }{{999, 200}, {1000, 200}, {1001, 413}} {
		body := `{"added":[` + strings.TrimSuffix(strings.Repeat(`{"value":{"title":"x"}},`, c.count), ",") + `]}`
		w.want(fmt.Sprint(c.count, " writes"), w.do("olga", "POST", "/api/order", body), c.status)
	}
}

func TestLimits_Page(t *testing.T) {
	w := newWorld(t)
	for limit, status := range map[string]int{"1": 200, "1000": 200, "0": 400, "-1": 400, "1001": 400, "1000000": 400, "99999999999999999999": 400, "1e2": 400, "": 400} {
		for _, path := range []string{"/api/order", "/api/_audit"} {
			w.want(path+" limit "+limit, w.do("olga", "GET", path+"?limit="+limit, ""), status)
		}
	}
}

// One answer to a body that unfolds to many values costs what a body may cost.
func TestLimits_Values(t *testing.T) {
	w := newWorld(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, body := range []string{
		`{"changes":[` + strings.TrimSuffix(strings.Repeat("[],", 2_000_000), ",") + `]}`,
		`{"replica":` + strings.Repeat("[", 3_000_000),
		`{"replica":"` + strings.Repeat(`\u0000`, 1_000_000) + `"}`,
		`{"replica":` + strings.Repeat("9", 3_000_000) + `}`,
	} {
		a := w.do("olga", "POST", "/api/_sync", body)
		if a.status != http.StatusBadRequest {
			t.Errorf("%.40s…: %d %s", body, a.status, a.body)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.Sys - before.Sys; grown > 512<<20 {
		t.Errorf("four bad bodies took %d MiB from the system", grown>>20)
	}
}

// The limit is that of the server as it is set up for everybody. A body over it is
// refused from its announced length, once what the library reads ahead has come.
func TestLimits_BodyOfEightMiB(t *testing.T) {
	w := newWorld(t)
	const limit = 8 << 20
	frame := len(`{"value":{"title":""}}`)
	for _, size := range []int{limit - 1, limit} {
		a := w.do("olga", "POST", "/api/order", `{"value":{"title":"`+strings.Repeat("x", size-frame)+`"}}`)
		w.want(fmt.Sprint(size, " bytes"), a, 400) // read, and then the title is too long
	}
	conn, err := net.Dial("tcp", w.addr)
	w.must(err)
	defer conn.Close()
	const readAhead = 8<<10 + 1
	_, err = fmt.Fprintf(conn, "POST /api/order HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		w.credential("olga"), limit+1, strings.Repeat(" ", readAhead))
	w.must(err)
	answer, err := io.ReadAll(conn)
	w.must(err)
	if !strings.HasPrefix(string(answer), "HTTP/1.1 413 ") || !strings.Contains(string(answer), "8388608 bytes") {
		t.Errorf("%d bytes announced: %s", limit+1, answer)
	}
}

func TestLimits_Subscriptions(t *testing.T) {
	w := newWorld(t)
	for count, status := range map[int]int{200: 200, 201: 413} {
		list := make([]string, count)
		for i := range list {
			list[i] = fmt.Sprintf(`{"type":"t%d"}`, i)
		}
		a := w.do("olga", "POST", "/api/_sync", `{"replica":"00000000000000aa","subscribe":[`+strings.Join(list, ",")+`]}`)
		w.want(fmt.Sprint(count, " subscriptions"), a, status)
	}
}
