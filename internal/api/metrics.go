package api

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

const metricsType = "text/plain; version=0.0.4; charset=utf-8"

func (a *api) metrics(c *fiber.Ctx) error {
	var b bytes.Buffer
	writeMetrics(&b, a.engine.Stats(), a.server.Streams(), a.server.Answered())
	c.Set(fiber.HeaderContentType, metricsType)
	return c.Send(b.Bytes())
}

// Metrics serves the counts on an address of its own, where no token is asked.
func Metrics(server *web.Server, engine *collections.Engine) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", metricsType)
		writeMetrics(w, engine.Stats(), server.Streams(), server.Answered())
	})
}

// writeMetrics writes the text format of Prometheus. Writing to a reader who left
// fails, and nothing is lost by it.
func writeMetrics(w io.Writer, s collections.Stats, streams int, answered [6]uint64) {
	family := func(name, kind, help string) {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	}
	family("fieldstack_changes_total", "counter", "Changes answered, by outcome.")
	fmt.Fprintf(w, "fieldstack_changes_total{outcome=\"accepted\"} %d\n", s.Accepted)
	fmt.Fprintf(w, "fieldstack_changes_total{outcome=\"refused\"} %d\n", s.Refused)
	fmt.Fprintf(w, "fieldstack_changes_total{outcome=\"repeated\"} %d\n", s.Repeated)
	family("fieldstack_restamped_total", "counter", "Accepted changes whose stamp was brought back to the server's time.")
	fmt.Fprintf(w, "fieldstack_restamped_total %d\n", s.Restamped)
	family("fieldstack_commit_seconds", "summary", "Time that commits took, flush included.")
	fmt.Fprintf(w, "fieldstack_commit_seconds_sum %g\nfieldstack_commit_seconds_count %d\n", s.CommitSeconds, s.Commits)
	family("fieldstack_log_entries", "gauge", "Last number of each stream of the log.")
	for _, stream := range slices.Sorted(maps.Keys(s.Head)) {
		fmt.Fprintf(w, "fieldstack_log_entries{stream=%q} %d\n", stream, s.Head[stream])
	}
	family("fieldstack_streams", "gauge", "Live readers.")
	fmt.Fprintf(w, "fieldstack_streams %d\n", streams)
	family("fieldstack_http_answers_total", "counter", "Answers, by class of status.")
	for class := 1; class <= 5; class++ {
		fmt.Fprintf(w, "fieldstack_http_answers_total{class=\"%dxx\"} %d\n", class, answered[class])
	}
}
