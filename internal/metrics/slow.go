package metrics

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// parts are what can be left out of a reading.
var parts = []string{"engine", "webhooks", "backups", "disk"}

// patience is how long the sources have that may ask the store, all together.
const patience = 5 * time.Second

// slow keeps what was found out last.
type slow struct {
	mu   sync.Mutex // guards all below; held while somebody finds out
	at   time.Time
	kept []prometheus.Metric
}

// slowCollector reads what costs something to find out.
type slowCollector Metrics

// slowFamilies are its families.
type slowFamilies struct {
	devices, devicesUnsent, unsent, unsentMost, unsentOldest family
	deviceRefused, refused, attention                        family
	webhooks, webhookBehind, webhookWaiting, jobs            family
	backups, backupNewest, backupBytes, backupFailed         family
	storeBytes, diskFree                                     family
}

func newSlowFamilies() slowFamilies {
	gauge := func(name, help string, labels ...string) family {
		return family{desc(name, help, labels...), prometheus.GaugeValue}
	}
	return slowFamilies{
		devices:        gauge("fieldstack_devices", "Devices that are remembered."),
		devicesUnsent:  gauge("fieldstack_devices_unsent", "Devices that said, when last heard of, that work waits on them."),
		unsent:         gauge("fieldstack_unsent_changes", "Changes that wait on devices, as those said when last heard of."),
		unsentMost:     gauge("fieldstack_unsent_changes_max", "Changes that wait on the device with the most."),
		unsentOldest:   gauge("fieldstack_unsent_oldest_timestamp_seconds", "When the oldest change that waits on a device was made, by its clock; 0: none waits."),
		deviceRefused:  gauge("fieldstack_device_refused_changes", "Changes that devices keep because the server would not take them."),
		refused:        gauge("fieldstack_refused_changes", "Refused changes that the server keeps for somebody to look at."),
		attention:      gauge("fieldstack_attention_records", "Records that need attention, by type, counted up to 1,000 each.", "type"),
		webhooks:       gauge("fieldstack_webhooks", "Webhooks, by state: working, failing (tried again), paused (given up), off.", "state"),
		webhookBehind:  gauge("fieldstack_webhook_behind_entries", "Entries of the log that the webhook furthest behind has not taken, up to a minute old."),
		webhookWaiting: gauge("fieldstack_webhook_waiting_seconds", "For how long the webhook that fails longest has failed; 0: none does."),
		jobs:           gauge("fieldstack_jobs", "Jobs of people (imports, edits of many records) under way."),
		backups:        gauge("fieldstack_backups", "Backups in the server's folder."),
		backupNewest:   gauge("fieldstack_backup_timestamp_seconds", "When the newest backup was made; 0: there is none."),
		backupBytes:    gauge("fieldstack_backup_bytes", "Size of the newest backup."),
		backupFailed:   gauge("fieldstack_backup_failed", "1 when the last attempt to make a backup failed."),
		storeBytes:     gauge("fieldstack_store_bytes", "Bytes that the embedded store takes on the disk."),
		diskFree:       gauge("fieldstack_disk_free_bytes", "Bytes that the disk of the data folder has left."),
	}
}

func (f *slowFamilies) all() []family {
	return []family{
		f.devices, f.devicesUnsent, f.unsent, f.unsentMost, f.unsentOldest, f.deviceRefused, f.refused, f.attention,
		f.webhooks, f.webhookBehind, f.webhookWaiting, f.jobs, f.backups, f.backupNewest, f.backupBytes, f.backupFailed,
		f.storeBytes, f.diskFree,
	}
}

// Describe implements prometheus.Collector.
func (c *slowCollector) Describe(to chan<- *prometheus.Desc) {
	f := newSlowFamilies()
	for _, family := range f.all() {
		to <- family.desc
	}
}

// Collect implements prometheus.Collector.
func (c *slowCollector) Collect(to chan<- prometheus.Metric) {
	s := c.sources.Load()
	if s == nil {
		return
	}
	for _, metric := range c.found(s) {
		to <- metric
	}
}

// found gives what was found out last, or finds out where that is too old.
func (c *slowCollector) found(s *Sources) []prometheus.Metric {
	c.slow.mu.Lock()
	defer c.slow.mu.Unlock()
	if now := c.now(); c.slow.at.IsZero() || now.Sub(c.slow.at) >= c.Every {
		c.slow.kept, c.slow.at = c.find(s), now
	}
	return c.slow.kept
}

// find asks every source, each by itself.
func (c *slowCollector) find(s *Sources) []prometheus.Metric {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found := make(chan prometheus.Metric)
	go func() {
		defer close(found)
		f := newSlowFamilies()
		c.part("engine", func() error { return f.engine(ctx, found, s) })
		c.part("webhooks", func() error { return f.hooks(ctx, found, s) })
		c.part("backups", func() error { return f.backup(ctx, found, s) })
		c.part("disk", func() error { return f.disk(ctx, found, s) })
	}()
	var list []prometheus.Metric
	for metric := range found {
		list = append(list, metric)
	}
	return list
}

// part reads one part, which may fail without the others.
func (c *slowCollector) part(name string, read func() error) {
	if err := guarded(read); err != nil {
		c.failedReads.WithLabelValues(name).Inc()
		c.log.Warn("a part of the metrics could not be read", "part", name, "error", err)
	}
}

// guarded makes a panic an error: here nobody else would catch it.
func guarded(read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return read()
}

func (f *slowFamilies) engine(ctx context.Context, to chan<- prometheus.Metric, s *Sources) error {
	if s.Jobs != nil {
		f.jobs.value(to, float64(s.Jobs()))
	}
	g, err := s.Engine.Gauges(ctx, MostTypes)
	if err != nil {
		return err
	}
	f.devices.value(to, float64(g.Devices))
	f.devicesUnsent.value(to, float64(g.DevicesUnsent))
	f.unsent.value(to, float64(g.Unsent))
	f.unsentMost.value(to, float64(g.UnsentMost))
	f.unsentOldest.value(to, float64(g.UnsentOldest)/1000)
	f.deviceRefused.value(to, float64(g.DeviceRefused))
	f.refused.value(to, float64(g.Refused))
	for typ, n := range g.Attention {
		f.attention.value(to, float64(n), typ)
	}
	return nil
}

func (f *slowFamilies) hooks(ctx context.Context, to chan<- prometheus.Metric, s *Sources) error {
	if s.Webhooks == nil {
		return nil
	}
	h, err := s.Webhooks(ctx)
	if err != nil {
		return err
	}
	for state, n := range map[string]int{"working": h.Working, "failing": h.Failing, "paused": h.Paused, "off": h.Off} {
		f.webhooks.value(to, float64(n), state)
	}
	f.webhookBehind.value(to, float64(h.Behind))
	f.webhookWaiting.value(to, h.Waiting.Seconds())
	return nil
}

func (f *slowFamilies) backup(ctx context.Context, to chan<- prometheus.Metric, s *Sources) error {
	if s.Backups == nil {
		return nil
	}
	b, err := s.Backups(ctx)
	if err != nil {
		return err
	}
	newest, failed := 0.0, 0.0
	if !b.Newest.IsZero() {
		newest = float64(b.Newest.UnixMilli()) / 1000
	}
	if b.Failed {
		failed = 1
	}
	f.backups.value(to, float64(b.Count))
	f.backupNewest.value(to, newest)
	f.backupBytes.value(to, float64(b.Bytes))
	f.backupFailed.value(to, failed)
	return nil
}

func (f *slowFamilies) disk(ctx context.Context, to chan<- prometheus.Metric, s *Sources) error {
	if s.Disk == nil {
		return nil
	}
	d, err := s.Disk(ctx)
	if err != nil {
		return err
	}
	f.storeBytes.value(to, float64(d.Bytes))
	f.diskFree.value(to, float64(d.Free))
	return nil
}
