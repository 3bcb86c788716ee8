package transfer_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// TestLarge imports, exports and takes back a hundred thousand rows, and says what that
// takes. The short form has three thousand.
func TestLarge(t *testing.T) {
	rows := 3_000
	if os.Getenv("FIELDSTACK_SOAK") != "" {
		rows = 100_000
	}
	w := admintest.NewWorld(t)
	eve := w.As("eve")
	var file strings.Builder
	file.WriteString("Title,Status,Hours,Due,Urgent\n")
	for i := range rows {
		fmt.Fprintf(&file, "Pump %d leaks,open,%d.5,2026-11-30,yes\n", i, i%900)
	}
	timed := func(what string, do func()) {
		runtime.GC()
		before, began := heap(), time.Now()
		most, stop := make(chan uint64), make(chan struct{})
		go func() {
			top := before
			for {
				select {
				case <-stop:
					most <- top
					return
				case <-time.After(20 * time.Millisecond):
					top = max(top, heap())
				}
			}
		}()
		do()
		took := time.Since(began)
		close(stop)
		t.Logf("%s of %d rows: %.1f s, heap at most %d MiB over %d before", what, rows, took.Seconds(), (<-most-before)>>20, before>>20)
	}
	var job string
	timed("upload", func() { job = send(eve, imports, "orders.csv", file.String()).Header.Get("Location") })
	form := columnsOf(eve.Get(job))
	timed("check", func() { wantTiles(t, step(eve, job, form), fmt.Sprint(rows), "0", "0", "0") })
	var imported *admintest.Page
	timed("import", func() { imported = step(eve, job, admintest.Values("do", "run")) })
	wantTiles(t, imported, fmt.Sprint(rows), "0", "0", "0")
	for _, format := range []string{"csv", "xlsx", "json"} {
		timed("export as "+format, func() {
			request, err := http.NewRequest("GET", eve.URL+"/admin/types/order/records/export/file?with=id&format="+format, nil)
			w.Must(err)
			response, err := eve.HTTP.Do(request)
			w.Must(err)
			defer response.Body.Close()
			if n, err := io.Copy(io.Discard, response.Body); err != nil || n < int64(rows) {
				t.Error(n, err)
			}
		})
	}
	timed("taking back", func() { undo(eve, imported).Says(".tiles", "put into the trash") })
	if left := records(w, "order"); len(left) != 0 {
		t.Errorf("%d records are left", len(left))
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
