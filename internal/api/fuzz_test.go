package api

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// FuzzHTTP sends anything to any route as anybody: the answer is never the server's
// fault, and always what the contract says.
func FuzzHTTP(f *testing.F) {
	w := newWorld(f)
	id := w.order(1, map[string]any{"title": "Pump", "assignee": "wim"})
	routes := w.server.Routes()
	for i := range routes {
		f.Add(uint8(i), uint8(i), "", `{}`)
		f.Add(uint8(i), uint8(4), "limit=1&where=%7B%7D&sort=-title&after=x&updatedAfter=1&version=1&field=title", `{"value":{"title":"x"},"replica":"00000000000000aa"}`)
	}
	callers := []string{"", "wim", "eve", "dana", "olga", "eve/read"}
	f.Fuzz(func(t *testing.T, route, caller uint8, query, body string) {
		r := routes[int(route)%len(routes)]
		if r.Path == "/api/_events" || r.Path == "/api/_session" || r.Path == "/api/_session/password" || strings.HasPrefix(r.Path, "/api/_accounts") {
			return // streams do not end, and the others end the callers' sessions
		}
		path := strings.NewReplacer(":type", "order", ":id", id).Replace(r.Path)
		request, err := http.NewRequest(r.Method, "http://"+w.addr+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.URL.RawQuery = query
		request.Header.Set("Content-Type", "application/json")
		if as := callers[int(caller)%len(callers)]; as != "" {
			request.Header.Set("Authorization", "Bearer "+w.tokens[as])
		}
		response, err := plainClient.Do(request)
		if err != nil {
			return // the query cannot be sent
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode >= 500 {
			t.Errorf("%s %s?%s %q: %d %s", r.Method, path, query, body, response.StatusCode, text)
		}
		if err := w.contract.judge(t, r.Method, path, answered{response.StatusCode, response.Header, string(text)}); err != nil {
			t.Errorf("%s %s?%s %q breaks the contract: %v\n%d %s", r.Method, path, query, body, err, response.StatusCode, text)
		}
	})
}
