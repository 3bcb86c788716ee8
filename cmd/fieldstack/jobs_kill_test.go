package main

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestImport_Kill kills the server in the middle of an import: the next one says that it
// was broken off, and how far it came, and undoes what it wrote, all of it.
func TestImport_Kill(t *testing.T) {
	data := t.TempDir()
	token := prepareKillData(t, data)
	const rows = 20_000
	p := startProcess(t, data, "127.0.0.1:0")
	browser := signedIn(t, p.url)
	imports := "/admin/types/" + sampleType + "/records/import"
	file := upload(t, browser, p.url+imports, "orders.csv", "Title,Status,Priority\n"+strings.Repeat("Pump,open,normal\n", rows))
	post(t, browser, file, url.Values{"do": {"check"}, "column-0": {"title"}, "column-1": {"status"}, "column-2": {"priority"}})
	untilPage(t, browser, file, "Import 20,000 rows")
	post(t, browser, file, url.Values{"do": {"run"}})
	untilMatch(t, func() bool { return countSome(t, newRemote(p.url, token)) > 0 }, "a first record")
	p.kill()

	p = startProcess(t, data, "127.0.0.1:0")
	browser = signedIn(t, p.url)
	all := p.url + "/admin/types/" + sampleType + "/records/recent"
	list := get(t, browser, all)
	if !strings.Contains(list, "orders.csv") || !strings.Contains(list, "interrupted by a stop of the server") {
		t.Fatalf("it is not listed as broken off:\n%s", list)
	}
	undo := regexp.MustCompile(`action="([^"]+/undo)"`).FindStringSubmatch(list)
	if undo == nil {
		t.Fatalf("it cannot be undone:\n%s", list)
	}
	page := get(t, browser, p.url+strings.TrimSuffix(undo[1], "/undo"))
	if !regexp.MustCompile(`after [\d,]+ of 20,000`).MatchString(page) {
		t.Errorf("it does not say how far it came:\n%s", page)
	}
	post(t, browser, p.url+undo[1], nil)
	untilMatch(t, func() bool { return countSome(t, newRemote(p.url, token)) == 0 }, "an end of undoing")
	if list := get(t, browser, all); !strings.Contains(list, "Undo: orders.csv") {
		t.Errorf("the undoing is not listed:\n%s", list)
	}
}

// upload sends a file with a form, and gives the address that it leads to.
func upload(t *testing.T, browser *http.Client, at, name, text string) string {
	t.Helper()
	resp := send(t, browser, at, name, text)
	bodyOf(t, resp)
	return resp.Request.URL.String()
}

// send sends a file with a form. The caller closes the answer's body.
func send(t *testing.T, browser *http.Client, at, name, text string) *http.Response {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err != nil || m.Close() != nil {
		t.Fatal(err)
	}
	resp, err := browser.Post(at, m.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// untilPage waits until a page says something.
func untilPage(t *testing.T, browser *http.Client, at, says string) {
	t.Helper()
	untilMatch(t, func() bool { return strings.Contains(get(t, browser, at), says) }, fmt.Sprintf("%q on %s", says, at))
}

func untilMatch(t *testing.T, is func() bool, what string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("there was never %s", what)
		}
	}
}

// countSome says how many records there are, as far as one page of them goes.
func countSome(t *testing.T, at *remote) int {
	t.Helper()
	n, err := tryCount(context.Background(), at)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
