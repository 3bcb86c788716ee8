package admin

import (
	"fmt"
	"time"

	"github.com/fieldstack/fieldstack/templates"
)

// moment shows ms since 1970 UTC to a person; 0 is no time at all.
func (p *pages) moment(ms int64) templates.Moment {
	if ms == 0 {
		return templates.Moment{}
	}
	t := time.UnixMilli(ms).UTC()
	return templates.Moment{
		Machine: t.Format("2006-01-02T15:04:05.000Z"),
		Exact:   t.Format("2006-01-02 15:04:05 UTC"),
		Text:    spoken(t, p.Now().UTC()),
	}
}

// spoken says a time as a person would: how long ago while that is short, and the day
// and the time in UTC, which is the same for everybody who reads, from then on.
func spoken(t, now time.Time) string {
	switch ago := now.Sub(t); {
	case ago < 0 || ago >= 12*time.Hour:
		return t.Format("2 Jan 2006, 15:04 UTC")
	case ago < time.Minute:
		return "just now"
	case ago < time.Hour:
		return fmt.Sprintf("%d min ago", int(ago/time.Minute))
	default:
		return fmt.Sprintf("%d h ago", int(ago/time.Hour))
	}
}

// lasted says a duration roughly.
func lasted(d time.Duration) string {
	switch {
	case d < time.Hour:
		return counted(int(d/time.Minute), "minute")
	case d < 48*time.Hour:
		return counted(int(d/time.Hour), "hour")
	}
	return counted(int(d/(24*time.Hour)), "day")
}

// counted says a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
