package ui

import (
	"testing"
	"time"
)

func TestSpoken(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for ago, want := range map[time.Duration]string{
		0: "just now", 59 * time.Second: "just now", time.Minute: "1 min ago", 59*time.Minute + 59*time.Second: "59 min ago",
		time.Hour: "1 h ago", 12*time.Hour - time.Second: "11 h ago", 12 * time.Hour: "22 Nov 2026, 00:00 UTC",
		-time.Minute: "22 Nov 2026, 12:01 UTC", 400 * 24 * time.Hour: "18 Oct 2025, 12:00 UTC",
	} {
		if got := spoken(t.Context(), now.Add(-ago), now); got != want {
			t.Errorf("%v ago is %q, want %q", ago, got, want)
		}
	}
	k := &Kit{Now: func() time.Time { return now }}
	if m := k.Moment(t.Context(), 0); m.Machine != "" || m.Text != "" {
		t.Errorf("no time is %+v", m)
	}
	m := k.Moment(t.Context(), now.UnixMilli()-1)
	if m.Machine != "2026-11-22T11:59:59.999Z" || m.Exact != "2026-11-22 11:59:59 UTC" {
		t.Errorf("a time is %+v", m)
	}
}

func TestLasted(t *testing.T) {
	for d, want := range map[time.Duration]string{
		2 * time.Minute: "2 minutes", 90 * time.Minute: "1 hour", 47 * time.Hour: "47 hours", 49 * time.Hour: "2 days", 100 * 24 * time.Hour: "100 days",
	} {
		if got := Lasted(t.Context(), d); got != want {
			t.Errorf("%v lasts %q, want %q", d, got, want)
		}
	}
}
