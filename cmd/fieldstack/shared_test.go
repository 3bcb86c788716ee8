package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// unclosed is a store that outlives the server that has it.
type unclosed struct{ collections.Store }

func (unclosed) Close() error { return nil }

// startBeside starts a server on a store that others have as well.
func startBeside(t *testing.T, store collections.Store, name string) *server {
	t.Helper()
	s, err := startServer(t.Context(), serverConfig{
		Data: t.TempDir(), Opened: unclosed{store}, Name: name, Listen: "127.0.0.1:0", Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Cost: auth.Cost{Memory: 64, Time: 1, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.close() })
	return s
}

// answer asks a server by HTTP.
func answer(t *testing.T, method, address, token, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, string(text)
}

// within waits until ok, for so long.
func within(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// Ensure two servers on one store are one to who uses them: the link of one sets up at
// the other, who signs in at one is known at both, what is written at one is read at the
// other, who is disabled at one is out of both within a second, and each lists both.
func TestShared_TwoServers(t *testing.T) {
	store := storetest.Memory()
	a, b := startBeside(t, store, "north"), startBeside(t, store, "south")
	var said strings.Builder
	if err := welcome(t.Context(), a, serverConfig{Data: "data", Opened: store}, false, &said); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`token=(\S+)`).FindStringSubmatch(said.String())
	if link == nil || !strings.Contains(said.String(), "each works at every one") {
		t.Fatalf("the first start says:\n%s", said.String())
	}
	token, _ := url.QueryUnescape(link[1])
	if code, text := answer(t, "POST", b.URL+"/api/_setup", "", `{"token":"`+token+`","name":"olga","password":"olga-password"}`); code != http.StatusCreated {
		t.Fatalf("the link of the other server: %d %s", code, text)
	}
	owner, who, err := a.accounts.SignIn(t.Context(), "olga", "olga-password", loopback)
	if err != nil {
		t.Fatal(err)
	}
	publishAt(t, a, who.Actor)
	within(t, 5*time.Second, "the type at the other server", func() bool {
		code, _ := answer(t, "GET", b.URL+"/api/site", owner, "")
		return code == http.StatusOK
	})
	if code, text := answer(t, "POST", b.URL+"/api/site", owner, `{"value":{"name":"Depot"}}`); code != http.StatusCreated {
		t.Fatalf("a record: %d %s", code, text)
	}
	within(t, 5*time.Second, "the record at the first server", func() bool {
		_, text := answer(t, "GET", a.URL+"/api/site", owner, "")
		return strings.Contains(text, "Depot")
	})

	wim, err := a.accounts.Create(t.Context(), operator, auth.NewAccount{Name: "wim", Password: "wim-password", Role: collections.Worker})
	if err != nil {
		t.Fatal(err)
	}
	worker, _, err := b.accounts.SignIn(t.Context(), "wim", "wim-password", loopback)
	if err != nil {
		t.Fatal(err)
	}
	if code, text := answer(t, "GET", b.URL+"/api/_types", worker, ""); code != http.StatusOK {
		t.Fatalf("before it is disabled: %d %s", code, text)
	}
	off := true
	if _, err := a.accounts.Update(t.Context(), operator, wim.ID, auth.AccountChange{Disabled: &off}); err != nil {
		t.Fatal(err)
	}
	within(t, time.Second, "the end of a disabled account at the other server", func() bool {
		code, _ := answer(t, "GET", b.URL+"/api/_types", worker, "")
		return code == http.StatusUnauthorized
	})
	for _, s := range []*server{a, b} {
		list, err := s.roll.List(t.Context())
		if err != nil || len(list) != 2 || list[0].Name != "north" || list[1].Name != "south" || list[0].Silent || list[1].Silent {
			t.Errorf("%s lists %+v (%v)", s.self.Name, list, err)
		}
	}
}

// publishAt publishes a type at a server.
func publishAt(t *testing.T, s *server, as collections.Actor) {
	t.Helper()
	ctx := context.Background()
	_, err := s.engine.SaveDraft(ctx, as, collections.Draft{Name: "site", Schema: []byte(`{"type":"object","title":"Site","properties":{"name":{"type":"string","title":"Name"}}}`)})
	if err == nil {
		_, _, err = s.engine.Publish(ctx, as, "site", nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Ensure no server that shares its store backs it up or restores it: the page says what
// does, and two servers do not share a folder.
func TestShared_WhatIsNotShared(t *testing.T) {
	store := storetest.Memory()
	a := startBeside(t, store, "north")
	owner, err := a.makeOwner(t.Context(), "olga", "olga-password")
	if err != nil {
		t.Fatal(err)
	}
	code, page := answer(t, "GET", a.URL+"/admin/backups", owner, "")
	if code != http.StatusOK || !strings.Contains(page, "The database is backed up, not this server") || strings.Contains(page, "Make a backup") || !strings.Contains(page, "/admin/servers") {
		t.Errorf("backups: %d\n%s", code, page)
	}
	if code, _ := answer(t, "POST", a.URL+"/admin/backups", owner, ""); code != http.StatusMethodNotAllowed && code != http.StatusNotFound {
		t.Errorf("a backup is made: %d", code)
	}
	folder := t.TempDir()
	c := serverConfig{Data: folder, Opened: unclosed{store}, Listen: "127.0.0.1:0", Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	first, err := startServer(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := startServer(t.Context(), c); err == nil || !strings.Contains(err.Error(), "name another one with --data") {
		t.Errorf("two servers in one folder: %v", err)
	}
	if code, _ := answer(t, "GET", first.URL+"/healthz", "", ""); code != http.StatusOK {
		t.Errorf("the first of them answers %d", code)
	}
	if err := first.close(); err != nil {
		t.Error(err)
	}
	atFolder(t).fails([]string{"serve", "--store", "postgres://db"}, "mongodb://db1")
	atFolder(t).fails([]string{"serve", "--store", "mongodb://db", "--keep-history", "30d"}, "leave it out")
}
