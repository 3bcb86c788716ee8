package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestHealth: the exit status is the answer, and what is said is what is the matter.
func TestHealth(t *testing.T) {
	s := startTestServer(t)
	at := shell{t: t, where: []string{"--at", s.URL}}
	at.ok("health")
	at.ok("health", "--alive")
	s.web.Leave()
	at.fails([]string{"health"}, "not ready: serving: The server is stopping.")
	at.ok("health", "--alive")
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" {
			<-r.Context().Done()
		}
		http.Error(w, "what?", http.StatusTeapot)
	}))
	defer other.Close()
	at.where = []string{"--at", other.URL + "/", "--patience", "50ms"}
	begun := time.Now()
	at.fails([]string{"health"}, "no answer", "deadline exceeded")
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it waited %v", took)
	}
	at.fails([]string{"health", "--alive"}, "418")
	shell{t: t}.fails([]string{"health", "--at", "http://127.0.0.1:1"}, "no answer", "connection refused")
}

// TestMetricsListen: metrics are open on an address of their own, and nothing else is.
func TestMetricsListen(t *testing.T) {
	c := testConfig(t)
	c.Metrics = "127.0.0.1:0"
	s, err := startServer(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}()
	response, err := http.Get("http://" + s.metricsAt + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != 200 || !strings.Contains(string(text), "fieldstack_disk_free_bytes") {
		t.Errorf("it answers %s\n%s", response.Status, text)
	}
	for _, path := range []string{"/", "/api/_types", "/admin"} {
		if status := statusOf(t, "http://"+s.metricsAt+path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status := statusOf(t, s.URL+"/metrics"); status != http.StatusUnauthorized {
		t.Errorf("without a token elsewhere: %d", status)
	}
	again := testConfig(t)
	again.Metrics = s.metricsAt
	if second, err := startServer(t.Context(), again); err == nil || !strings.Contains(err.Error(), "give another address with --metrics-listen") {
		t.Errorf("the same address twice: %v", err)
		_ = second.close()
	}
}
