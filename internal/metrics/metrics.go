package metrics

import (
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts for one server. Make it with [New].
type Metrics struct {
	Every time.Duration // see Sources: how long what was found out is good for; default 30 s

	log      *slog.Logger
	now      func() time.Time
	registry *prometheus.Registry
	sources  atomic.Pointer[Sources] // nil until Watch
	slow     slow
	calls    *calls

	http, delivery          *prometheus.HistogramVec
	commit, store           *prometheus.HistogramVec
	storeErrors, deliveries *prometheus.CounterVec
	jobsEnded, failedReads  *prometheus.CounterVec
}

// Steps of the histograms, in seconds: of what a disk does, of what a person waits for,
// and of what travels.
var (
	diskSteps  = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	waitSteps  = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
	carrySteps = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}
)

// New makes metrics that have counted nothing. version is shown as a label; log may be nil.
func New(version string, now func() time.Time, log *slog.Logger) *Metrics {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	m := &Metrics{Every: 30 * time.Second, log: log, now: now, registry: prometheus.NewRegistry(), calls: newCalls()}
	histogram := func(name, help string, steps []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: steps}, labels)
	}
	counter := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	}
	m.http = histogram("fieldstack_http_seconds", "Time to answer a request, by class of route and of status; of a stream, until it begins.", waitSteps, "route", "status")
	m.delivery = histogram("fieldstack_delivery_seconds", "Time from when a change was accepted until it was written to a live reader who was level.", carrySteps)
	m.commit = histogram("fieldstack_commit_seconds", "Time of a commit to the store, until it was durable (flush to disk, or majority).", diskSteps)
	m.store = histogram("fieldstack_store_seconds", "Time of the other calls to the store, by call.", diskSteps, "call")
	m.storeErrors = counter("fieldstack_store_errors_total", "Calls to the store that failed, by call.", "call")
	m.deliveries = counter("fieldstack_webhook_deliveries_total", "Messages sent to webhooks, by outcome.", "outcome")
	m.jobsEnded = counter("fieldstack_jobs_ended_total", "Jobs of people (imports, edits of many records) that ended, by how.", "state")
	m.failedReads = counter("fieldstack_metrics_failed_total", "Readings of these metrics that had to leave a part out, by part.", "part")
	info := prometheus.NewGauge(prometheus.GaugeOpts{Name: "fieldstack_build_info", Help: "Always 1; which program this is.", ConstLabels: prometheus.Labels{"version": version}})
	info.Set(1)
	m.registry.MustRegister(m.http, m.delivery, m.commit, m.store, m.storeErrors, m.deliveries, m.jobsEnded, m.failedReads, info,
		(*engineCollector)(m), (*slowCollector)(m), m.calls,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.begin()
	return m
}

// begin makes what nothing was counted of a zero rather than an absence, so that a rate
// can be taken of the first.
func (m *Metrics) begin() {
	m.delivery.WithLabelValues()
	m.commit.WithLabelValues()
	for _, call := range storeCalls {
		m.storeErrors.WithLabelValues(call)
	}
	for _, outcome := range []string{"delivered", "failed"} {
		m.deliveries.WithLabelValues(outcome)
	}
	for _, state := range []string{"done", "failed", "cancelled", "interrupted"} {
		m.jobsEnded.WithLabelValues(state)
	}
	for _, part := range parts {
		m.failedReads.WithLabelValues(part)
	}
}

// Watch says what is asked from now on when somebody reads.
func (m *Metrics) Watch(s Sources) { m.sources.Store(&s) }

// Handler serves what was counted, in the format of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Gatherer gives what was counted, for tests.
func (m *Metrics) Gatherer() prometheus.Gatherer { return m.registry }

// Answered notes that a request was answered. route is the class of its route.
func (m *Metrics) Answered(route string, status int, took time.Duration) {
	m.http.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// Delivered notes that a live reader was told something so long after it was accepted.
func (m *Metrics) Delivered(after time.Duration) {
	m.delivery.WithLabelValues().Observe(max(0, after.Seconds()))
}

// Webhooks notes attempts to send messages.
func (m *Metrics) Webhooks(delivered, failed int) {
	m.deliveries.WithLabelValues("delivered").Add(float64(delivered))
	m.deliveries.WithLabelValues("failed").Add(float64(failed))
}

// JobEnded notes how a job ended: done, failed, cancelled or interrupted.
func (m *Metrics) JobEnded(state string) { m.jobsEnded.WithLabelValues(state).Inc() }
