package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestServe_FirstRun: a new server shows the way to its first account, which works
// once; a server with an account shows it to nobody.
func TestServe_FirstRun(t *testing.T) {
	s := atFolder(t)
	p := startProcess(t, "data", "127.0.0.1:0")
	said := p.stop(t)
	link := regexp.MustCompile(`Open this link once to make the owner's account:\n\n  http://127\.0\.0\.1:\d+/setup\?token=\S+\n`)
	if !link.MatchString(said) {
		t.Errorf("the first run says:\n%s", said)
	}
	s.ok("user", "add", "owner")
	if said = startProcess(t, "data", "127.0.0.1:0").stop(t); link.MatchString(said) || !strings.Contains(said, "Data ") {
		t.Errorf("the second run says:\n%s", said)
	}
}

// TestServe_SetupLink: the link leads to a page.
func TestServe_SetupLink(t *testing.T) {
	s := startTestServer(t)
	var said strings.Builder
	if err := welcome(t.Context(), s, serverConfig{Data: "data"}, false, &said); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`http://\S+/setup\S+`).FindString(said.String())
	resp, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if page, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "<form") {
		t.Errorf("%s answers %s:\n%s", link, resp.Status, page)
	}
}

// TestServe_Demo: the people it prints can sign in, the records are there, and a store
// in use is left alone.
func TestServe_Demo(t *testing.T) {
	s := startTestServer(t)
	var said strings.Builder
	if err := welcome(t.Context(), s, serverConfig{Data: "data"}, true, &said); err != nil {
		t.Fatal(err)
	}
	people := regexp.MustCompile(`(?m)^  (\w+) +(owner|worker) +(\S+)$`).FindAllStringSubmatch(said.String(), -1)
	if len(people) != 3 {
		t.Fatalf("%d people in\n%s", len(people), said.String())
	}
	for _, p := range people {
		if _, who, err := s.accounts.SignIn(t.Context(), p[1], p[3], loopback); err != nil || string(who.Actor.Role) != p[2] {
			t.Errorf("%s: %v", p[1], err)
		}
	}
	token := apiToken(t, s, "owner", "owner")
	at := shell{t: t, where: []string{"--server", s.URL, "--token", token}}
	if n := strings.Count(at.ok("export", sampleType, "--format", "jsonl"), "\n"); n != 60 {
		t.Errorf("%d records, want 60", n)
	}
	said.Reset()
	if err := welcome(t.Context(), s, serverConfig{Data: "data"}, true, &said); err != nil {
		t.Fatal(err)
	}
	wants(t, said.String(), "This store is in use: no sample data was added.")
}

// TestServe_Stops: told to stop while somebody listens to the live feed, it ends within
// seconds, with status 0, and leaves one file and its lock.
func TestServe_Stops(t *testing.T) {
	s := atFolder(t)
	s.ok("user", "add", "owner")
	token := strings.TrimSpace(s.ok("token", "create", "owner"))
	p := startProcess(t, "data", "127.0.0.1:0")
	stream, err := newRemote(p.url, token).send(t.Context(), http.MethodGet, "/api/_events", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	if _, err := bufio.NewReader(stream.Body).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	wants(t, p.stop(t), "Stopping: finishing what is under way.")
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	if _, err := io.ReadAll(stream.Body); err == nil {
		t.Log("the stream ended in good order")
	}
	wants(t, s.ok("user", "list"), "owner") // nothing holds the folder any more
}

// TestServe_Locked: what a person reads whose data folder a server is running on, and
// that both ways out work.
func TestServe_Locked(t *testing.T) {
	s := atFolder(t)
	s.ok("user", "add", "owner")
	token := strings.TrimSpace(s.ok("token", "create", "owner"))
	p := startProcess(t, "data", "127.0.0.1:0")
	running := fmt.Sprintf("process (%d)", p.cmd.Process.Pid)
	for _, typed := range []string{"user list", "type list", "token list", "export x", "backup b.db", "import pump.csv", "user add bob"} {
		writeFile(t, "pump.csv", pumps)
		s.fails(strings.Fields(typed), "a server is running on data: stop it first, or work through it with --server and --token", running)
	}
	s.fails([]string{"serve", "--listen", "127.0.0.1:0"}, "a server is running on data already: stop that one first, or name another folder with --data", running)
	u, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	shell{t: t}.fails([]string{"serve", "--data", "other", "--listen", u.Host}, "cannot answer on "+u.Host, "give another address with --listen")
	wants(t, shell{t: t}.ok("user", "list", "--server", p.url, "--token", token), "owner")
	p.stop(t)
	wants(t, s.ok("user", "list"), "owner")
}

// stop tells a server to stop, as a service manager does, and gives what it had said
// since it was ready. It must end with status 0.
func (p *process) stop(t *testing.T) string {
	t.Helper()
	tooLong := time.AfterFunc(20*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer tooLong.Stop()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	said := <-p.rest
	if err := p.cmd.Wait(); err != nil {
		t.Fatalf("the server ended with %v; it said\n%s%s", err, said, p.said)
	}
	return said
}
