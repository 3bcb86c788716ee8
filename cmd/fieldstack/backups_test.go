package main

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"

	"strings"
	"testing"
	"time"
)

// signedIn is a browser in which somebody is signed in.
func signedIn(t *testing.T, at string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Timeout: 20 * time.Second}
	resp, err := browser.PostForm(at+"/sign-in", url.Values{"name": {"owner"}, "password": {"a long enough one"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Request.URL.Path != "/admin" {
		t.Fatalf("signing in leads to %s", resp.Request.URL)
	}
	return browser
}

// TestBackups_RestoreInPlace: a running server makes a backup on its page, goes on, and
// restores that backup: in the same process, on the same address, with what was there
// since moved aside.
func TestBackups_RestoreInPlace(t *testing.T) {
	data := t.TempDir()
	token := prepareKillData(t, data)
	p := startProcess(t, data, "127.0.0.1:0")
	acks := &acknowledged{created: map[string]bool{}}
	at := newRemote(p.url, token)
	create := func() {
		t.Helper()
		if err := createOne(t.Context(), at, acks); err != nil {
			t.Fatal(err)
		}
	}
	create()
	epoch := epochOf(t, at)
	browser := signedIn(t, p.url)
	post(t, browser, p.url+"/admin/backups", nil)
	name := waitForBackup(t, data)
	create()
	if n := countRecords(t, at); n != 2 {
		t.Fatalf("%d records before", n)
	}
	page := post(t, browser, p.url+"/admin/backups/"+name+"/restore", url.Values{"when": {"now"}})
	if !strings.Contains(page, "starts anew") {
		t.Fatalf("the page says:\n%s", page)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if n, err := tryCount(t.Context(), at); err == nil && n == 1 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the server does not come back with what was backed up")
		}
	}
	if epochOf(t, at) == epoch {
		t.Error("devices cannot tell that the history is another one")
	}
	create()
	said := p.stop(t)
	if !strings.Contains(said, "Restored the backup "+name) {
		t.Errorf("it said:\n%s", said)
	}
	aside, _ := filepath.Glob(filepath.Join(data, "before-restore-*", databaseFile))
	if len(aside) != 1 {
		t.Fatalf("aside: %v", aside)
	}
	report, err := inspectBackup(context.Background(), aside[0])
	if err != nil || report.Records != 2 || len(report.Types) != 1 || report.Newest == 0 {
		t.Errorf("what was moved aside: %+v, %v", report, err)
	}
}

// TestBackups_DamagedIsRefused: a server whose staged backup is damaged starts with what
// it has, and says so.
func TestBackups_DamagedIsRefused(t *testing.T) {
	data := t.TempDir()
	token := prepareKillData(t, data)
	folder := backupFolder(data)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	const name = "fieldstack-20260302-010000-received.db"
	for file, text := range map[string]string{name: "this is no database", "restore-next.json": `{"name":"` + name + `"}`} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := startProcess(t, data, "127.0.0.1:0")
	if n := countRecords(t, newRemote(p.url, token)); n != 0 {
		t.Errorf("%d records", n)
	}
	browser := signedIn(t, p.url)
	if page := get(t, browser, p.url+"/admin/backups"); !strings.Contains(page, "was not restored, and everything is as it was") {
		t.Error("the page does not say so")
	}
	if page := get(t, browser, p.url+"/admin/backups/"+name); !strings.Contains(page, "damaged or is no backup") {
		t.Error("it is offered again")
	}
}

func post(t *testing.T, browser *http.Client, at string, form url.Values) string {
	t.Helper()
	resp, err := browser.PostForm(at, form)
	if err != nil {
		t.Fatal(err)
	}
	return bodyOf(t, resp)
}

func get(t *testing.T, browser *http.Client, at string) string {
	t.Helper()
	resp, err := browser.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	return bodyOf(t, resp)
}

func bodyOf(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	var text strings.Builder
	if _, err := io.Copy(&text, resp.Body); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode >= 400 {
		t.Fatalf("%s: %s\n%s", resp.Request.URL, resp.Status, text.String())
	}
	return text.String()
}

// waitForBackup waits for the one backup of a data folder and gives its name.
func waitForBackup(t *testing.T, data string) string {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(backupFolder(data), "fieldstack-*.db"))
		if len(files) == 1 {
			return filepath.Base(files[0])
		}
	}
	t.Fatal("no backup was made")
	return ""
}

func countRecords(t *testing.T, at *remote) int {
	t.Helper()
	n, err := tryCount(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func tryCount(ctx context.Context, at *remote) (int, error) {
	var page struct {
		Documents []struct{ ID string }
	}
	err := at.call(ctx, http.MethodGet, "/api/"+sampleType, nil, &page)
	return len(page.Documents), err
}

// epochOf is the history that a device is told of.
func epochOf(t *testing.T, at *remote) string {
	t.Helper()
	var answer struct{ Epoch string }
	if err := at.call(t.Context(), http.MethodPost, "/api/_sync", map[string]any{"replica": "00000000000000aa", "changes": []any{}}, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Epoch
}

// TestBackups_Brought: a backup is downloaded from one server, and restored on another
// through its pages: after a look at what is in it, and a backup of what was there.
func TestBackups_Brought(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	token := prepareKillData(t, from)
	prepareKillData(t, to)
	p := startProcess(t, from, "127.0.0.1:0")
	if err := createOne(t.Context(), newRemote(p.url, token), &acknowledged{created: map[string]bool{}}); err != nil {
		t.Fatal(err)
	}
	browser := signedIn(t, p.url)
	post(t, browser, p.url+"/admin/backups", nil)
	file := get(t, browser, p.url+"/admin/backups/"+waitForBackup(t, from)+"/download")
	p.kill()

	p = startProcess(t, to, "127.0.0.1:0")
	browser = signedIn(t, p.url)
	for name, text := range map[string]string{"text.db": "this is no database", "cut.db": file[:len(file)/2]} {
		resp := send(t, browser, p.url+"/admin/backups/upload", name, text)
		resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s is answered by %s", name, resp.Status)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(backupFolder(to), "*")); len(left) != 0 {
		t.Errorf("what is no backup is kept: %v", left)
	}
	at := upload(t, browser, p.url+"/admin/backups/upload", "backup.db", file)
	if page := get(t, browser, at); !strings.Contains(page, "What is in this backup") || !strings.Contains(page, "from elsewhere") || !strings.Contains(page, ">1<") {
		t.Fatalf("%s says\n%s", at, page)
	}
	post(t, browser, at+"/restore", url.Values{"when": {"now"}})
	// The token is of the other server, and comes with its accounts.
	untilMatch(t, func() bool {
		n, err := tryCount(t.Context(), newRemote(p.url, token))
		return err == nil && n == 1
	}, "the record of the other server")
	made, _ := filepath.Glob(filepath.Join(backupFolder(to), "fieldstack-*-hand.db"))
	if len(made) != 1 {
		t.Errorf("of what was there before there are these backups: %v", made)
	}
}
