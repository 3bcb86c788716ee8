package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/fieldstack/fieldstack/collections"
)

// desc describes a family of metrics.
func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// family is a family that is worked out when somebody reads.
type family struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
}

// value gives one metric of the family.
func (f family) value(to chan<- prometheus.Metric, value float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(f.desc, f.kind, value, labels...)
}

// engineFamilies are what the engine and the web server count themselves.
type engineFamilies struct {
	changes, merged, conflicts, restamped, folded  family
	head, floor, behind, heard, readers, contended family
}

func newEngineFamilies() engineFamilies {
	counter := func(name, help string, labels ...string) family {
		return family{desc(name, help, labels...), prometheus.CounterValue}
	}
	gauge := func(name, help string, labels ...string) family {
		return family{desc(name, help, labels...), prometheus.GaugeValue}
	}
	return engineFamilies{
		changes:   counter("fieldstack_changes_total", "Changes answered, by outcome.", "outcome"),
		merged:    counter("fieldstack_merged_total", "Accepted changes that met work their author had not seen."),
		conflicts: counter("fieldstack_conflicts_total", "Accepted changes that met another value of the same field."),
		restamped: counter("fieldstack_restamped_total", "Accepted changes whose stamp was brought back to the server's time: a device's clock is ahead."),
		folded:    counter("fieldstack_folded_total", "Documents whose old history was let go, by what became of them.", "outcome"),
		head:      gauge("fieldstack_log_entries", "Last number of each stream of the log.", "stream"),
		floor:     gauge("fieldstack_log_floor", "Last number of each stream up to which history was folded.", "stream"),
		behind:    gauge("fieldstack_stream_behind_entries", "Entries that other servers wrote and this one has not published yet, by stream; only where several share a store.", "stream"),
		heard:     gauge("fieldstack_streams_heard_seconds", "How long ago this server last read through what others wrote; only where several share a store."),
		contended: counter("fieldstack_contended_total", "Rounds of changes that were made up anew because another server was faster."),
		readers:   gauge("fieldstack_live_readers", "Live readers connected just now."),
	}
}

func (f *engineFamilies) all() []family {
	return []family{f.changes, f.merged, f.conflicts, f.restamped, f.folded, f.head, f.floor, f.behind, f.heard, f.readers, f.contended}
}

// engineCollector reads what costs nothing to read.
type engineCollector Metrics

// Describe implements prometheus.Collector.
func (c *engineCollector) Describe(to chan<- *prometheus.Desc) {
	f := newEngineFamilies()
	for _, family := range f.all() {
		to <- family.desc
	}
}

// Collect implements prometheus.Collector.
func (c *engineCollector) Collect(to chan<- prometheus.Metric) {
	s := c.sources.Load()
	if s == nil {
		return
	}
	f := newEngineFamilies()
	f.stats(to, s.Engine.Stats())
	if behind, heard, shared := s.Engine.Behind(); shared {
		f.heard.value(to, heard.Seconds())
		for stream, entries := range behind {
			f.behind.value(to, float64(entries), stream)
		}
	}
	if s.Readers != nil {
		f.readers.value(to, float64(s.Readers()))
	}
}

func (f *engineFamilies) stats(to chan<- prometheus.Metric, s collections.Stats) {
	f.changes.value(to, float64(s.Accepted), "accepted")
	f.changes.value(to, float64(s.Refused), "refused")
	f.changes.value(to, float64(s.Repeated), "repeated")
	f.merged.value(to, float64(s.Merged))
	f.conflicts.value(to, float64(s.Conflicts))
	f.restamped.value(to, float64(s.Restamped))
	f.contended.value(to, float64(s.Contended))
	f.folded.value(to, float64(s.Folded), "folded")
	f.folded.value(to, float64(s.Purged), "purged")
	for stream, n := range s.Head {
		f.head.value(to, float64(n), stream)
	}
	for stream, n := range s.Floor {
		f.floor.value(to, float64(n), stream)
	}
}
