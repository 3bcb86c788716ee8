package main

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// Ensure the server shows the field app that is embedded in it.
func TestServe_FieldApp(t *testing.T) {
	s := startTestServer(t)
	for _, path := range []string{"/app", "/app/", "/app/any/page"} {
		answer, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != 200 || !strings.Contains(string(body), "<title>") {
			t.Errorf("%s: %d %s, %v", path, answer.StatusCode, body, err)
		}
	}
}
