package client_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"
)

// TestServe is no test: it is a server whose clock can be moved, for the tests of clients in
// other languages (client/js/test/server.js). It says on a line where it is and who has which
// token; then each line it is given is a number of days to let pass, with "and fold" for the
// server to fold what is old by then. It ends with its input.
func TestServe(t *testing.T) {
	if os.Getenv("FIELDSTACK_TEST_SERVE") == "" {
		t.Skip("only for the tests of other clients")
	}
	b := newBackend(t)
	said := json.NewEncoder(os.Stdout)
	b.must(said.Encode(map[string]any{"url": b.url, "tokens": b.tokens}))
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var days int
		if _, err := fmt.Sscanf(lines.Text(), "%d and fold", &days); err == nil {
			b.pass(days)
		} else {
			_, err := fmt.Sscan(lines.Text(), &days)
			b.must(err)
			b.ahead.Add(int64(days) * int64(24*time.Hour))
		}
		b.must(said.Encode(map[string]any{"now": b.now().UnixMilli()}))
	}
}
