package client_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// answer starts a server that gives one answer to everything, and tells its address.
func answer(t *testing.T, body any) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
