package metrics

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/fieldstack/fieldstack/collections"
)

// fakeEngine answers with made-up numbers, or fails.
type fakeEngine struct {
	asked atomic.Int64
	fail  func() error
}

func (e *fakeEngine) Stats() collections.Stats {
	return collections.Stats{
		Accepted: 5, Refused: 1, Repeated: 2, Merged: 3, Conflicts: 1, Restamped: 1, Contended: 6,
		Head: collections.Position{"main": 8}, Floor: collections.Position{"main": 2},
	}
}

func (e *fakeEngine) Behind() (map[string]uint64, time.Duration, bool) {
	return map[string]uint64{"other": 12}, 1500 * time.Millisecond, true
}

func (e *fakeEngine) Gauges(context.Context, int) (*collections.Gauges, error) {
	e.asked.Add(1)
	if e.fail != nil {
		return nil, e.fail()
	}
	return &collections.Gauges{
		Devices: 9, DevicesUnsent: 2, Unsent: 7, UnsentMost: 5, UnsentOldest: 1_500, DeviceRefused: 4, Refused: 3,
		Attention: map[string]int{"order": 6},
	}, nil
}

// full gives metrics with every source there can be, each of which has something to tell.
func full(engine Engine) *Metrics {
	m := New("test", time.Now, nil)
	m.Watch(Sources{
		Engine: engine, Readers: func() int { return 4 }, Jobs: func() int { return 1 },
		Webhooks: func(context.Context) (Webhooks, error) {
			return Webhooks{Failing: 1, Behind: 3, Waiting: time.Minute}, nil
		},
		Backups: func(context.Context) (Backups, error) {
			return Backups{Count: 2, Newest: time.Unix(77, 0), Bytes: 10, Failed: true}, nil
		},
		Disk: func(context.Context) (Disk, error) { return Disk{Bytes: 100, Free: 200}, nil },
	})
	m.Answered("sync", 200, 20*time.Millisecond)
	m.Delivered(time.Second)
	m.Webhooks(1, 2)
	m.JobEnded("done")
	_ = m.Store(brokenStore{}).PutItem(context.Background(), collections.Item{})
	return m
}

// brokenStore does nothing right.
type brokenStore struct{ collections.Store }

func (brokenStore) PutItem(context.Context, collections.Item) error { return io.ErrUnexpectedEOF }

// Every number comes out where it belongs.
func TestMetrics(t *testing.T) {
	got := served(t, full(&fakeEngine{}))
	for _, line := range []string{
		`fieldstack_changes_total{outcome="accepted"} 5`, `fieldstack_changes_total{outcome="refused"} 1`, `fieldstack_changes_total{outcome="repeated"} 2`,
		`fieldstack_merged_total 3`, `fieldstack_conflicts_total 1`, `fieldstack_restamped_total 1`,
		`fieldstack_log_entries{stream="main"} 8`, `fieldstack_log_floor{stream="main"} 2`, `fieldstack_stream_behind_entries{stream="other"} 12`, `fieldstack_streams_heard_seconds 1.5`, `fieldstack_contended_total 6`,
		`fieldstack_live_readers 4`, `fieldstack_devices 9`, `fieldstack_devices_unsent 2`, `fieldstack_unsent_changes 7`, `fieldstack_unsent_changes_max 5`,
		`fieldstack_unsent_oldest_timestamp_seconds 1.5`, `fieldstack_device_refused_changes 4`, `fieldstack_refused_changes 3`,
		`fieldstack_attention_records{type="order"} 6`, `fieldstack_webhooks{state="failing"} 1`, `fieldstack_webhooks{state="off"} 0`,
		`fieldstack_webhook_behind_entries 3`, `fieldstack_webhook_waiting_seconds 60`, `fieldstack_jobs 1`, `fieldstack_jobs_ended_total{state="done"} 1`,
		`fieldstack_backups 2`, `fieldstack_backup_timestamp_seconds 77`, `fieldstack_backup_bytes 10`, `fieldstack_backup_failed 1`,
		`fieldstack_store_bytes 100`, `fieldstack_disk_free_bytes 200`, `fieldstack_build_info{version="test"} 1`,
		`fieldstack_http_seconds_count{route="sync",status="2xx"} 1`, `fieldstack_delivery_seconds_sum 1`,
		`fieldstack_webhook_deliveries_total{outcome="delivered"} 1`, `fieldstack_webhook_deliveries_total{outcome="failed"} 2`,
		`fieldstack_store_errors_total{call="put_item"} 1`, `fieldstack_store_errors_total{call="commit"} 0`, `fieldstack_commit_seconds_count 0`,
		`fieldstack_metrics_failed_total{part="engine"} 0`,
	} {
		if !strings.Contains(got, "\n"+line+"\n") {
			t.Errorf("there is no %s", line)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

// Names and help texts are as Prometheus asks.
func TestMetrics_Lint(t *testing.T) {
	problems, err := testutil.GatherAndLint(full(&fakeEngine{}).Gatherer())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "fieldstack_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// A source that fails, or panics, is left out and counted; the others are there.
func TestMetrics_FailingSource(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("the disk of /srv") },
		"panic": func() error { panic("the disk of /srv") },
	} {
		var log bytes.Buffer
		m := full(&fakeEngine{fail: fail})
		m.log = slog.New(slog.NewTextHandler(&log, nil))
		_ = served(t, m)
		got := served(t, m)
		if !strings.Contains(got, `fieldstack_metrics_failed_total{part="engine"} 1`) || !strings.Contains(got, "fieldstack_backups 2") || strings.Contains(got, "fieldstack_devices ") {
			t.Errorf("%s: it gives\n%s", name, got)
		}
		if !strings.Contains(log.String(), "/srv") || strings.Contains(got, "/srv") {
			t.Errorf("%s: it logs %q", name, log.String())
		}
	}
}

// However often somebody reads, the store is asked once in a while: below, at and above
// that time.
func TestMetrics_Every(t *testing.T) {
	engine := &fakeEngine{}
	m := full(engine)
	now := time.Unix(1_000, 0)
	m.now = func() time.Time { return now }
	for _, step := range []struct {
		after time.Duration
		asked int64
	}{{0, 1}, {0, 1}, {m.Every - 1, 1}, {1, 2}, {m.Every + 1, 3}, {1, 3}} {
		now = now.Add(step.after)
		_ = served(t, m)
		if engine.asked.Load() != step.asked {
			t.Errorf("%v later it was asked %d times, want %d", step.after, engine.asked.Load(), step.asked)
		}
	}
}

// Before there is anything to ask, what was counted is served.
func TestMetrics_NoSources(t *testing.T) {
	if got := served(t, New("test", time.Now, nil)); !strings.Contains(got, "fieldstack_build_info") || strings.Contains(got, "fieldstack_devices") {
		t.Errorf("it gives\n%s", got)
	}
}
