package api

import (
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

func (a *api) metrics(c *fiber.Ctx) error {
	return adaptor.HTTPHandler(Metrics(a.server, a.engine))(c)
}

// Metrics serves the counts in the format of Prometheus, for an address of its own
// where no token is asked.
func Metrics(server *web.Server, engine *collections.Engine) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(&counts{server, engine}, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// counts gives Prometheus what the engine and the server count themselves.
type counts struct {
	server *web.Server
	engine *collections.Engine
}

// The families of counts.
func descChanges() *prometheus.Desc {
	return prometheus.NewDesc("fieldstack_changes_total", "Changes answered, by outcome.", []string{"outcome"}, nil)
}

func descRestamped() *prometheus.Desc {
	return prometheus.NewDesc("fieldstack_restamped_total", "Accepted changes whose stamp was brought back to the server's time.", nil, nil)
}

func descCommit() *prometheus.Desc {
	return prometheus.NewDesc("fieldstack_commit_seconds", "Time that commits took, flush included.", nil, nil)
}

func descLog() *prometheus.Desc {
	return prometheus.NewDesc("fieldstack_log_entries", "Last number of each stream of the log.", []string{"stream"}, nil)
}

func descFloor() *prometheus.Desc {
	return prometheus.NewDesc("fieldstack_log_floor", "Last number of each stream up to which history was folded.", []string{"stream"}, nil)
}

func descFolded() *prometheus.Desc {
	return prometheus.NewDesc("fieldstack_folded_total", "Documents whose old history was let go, by what became of them.", []string{"outcome"}, nil)
}

func descStreams() *prometheus.Desc {
	return prometheus.NewDesc("fieldstack_streams", "Live readers.", nil, nil)
}

func descAnswers() *prometheus.Desc {
	return prometheus.NewDesc("fieldstack_http_answers_total", "Answers, by class of status.", []string{"class"}, nil)
}

// Describe implements prometheus.Collector.
func (m *counts) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []func() *prometheus.Desc{descChanges, descRestamped, descCommit, descLog, descFloor, descFolded, descStreams, descAnswers} {
		to <- desc()
	}
}

// Collect implements prometheus.Collector.
func (m *counts) Collect(to chan<- prometheus.Metric) {
	s := m.engine.Stats()
	counter := func(desc *prometheus.Desc, value uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value), labels...)
	}
	counter(descChanges(), s.Accepted, "accepted")
	counter(descChanges(), s.Refused, "refused")
	counter(descChanges(), s.Repeated, "repeated")
	counter(descRestamped(), s.Restamped)
	to <- prometheus.MustNewConstSummary(descCommit(), s.Commits, s.CommitSeconds, nil)
	for stream, n := range s.Head {
		to <- prometheus.MustNewConstMetric(descLog(), prometheus.GaugeValue, float64(n), stream)
	}
	for stream, n := range s.Floor {
		to <- prometheus.MustNewConstMetric(descFloor(), prometheus.GaugeValue, float64(n), stream)
	}
	counter(descFolded(), s.Folded, "folded")
	counter(descFolded(), s.Purged, "purged")
	to <- prometheus.MustNewConstMetric(descStreams(), prometheus.GaugeValue, float64(m.server.Streams()))
	for class, n := range m.server.Answered() {
		if class > 0 {
			counter(descAnswers(), n, strconv.Itoa(class)+"xx")
		}
	}
}
