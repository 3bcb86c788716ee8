package ui

import (
	"context"
	"time"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Moment shows ms since 1970 UTC to a person; 0 is no time at all.
func (k *Kit) Moment(ctx context.Context, ms int64) templates.Moment {
	if ms == 0 {
		return templates.Moment{}
	}
	t := time.UnixMilli(ms).UTC()
	return templates.Moment{
		Machine: t.Format("2006-01-02T15:04:05.000Z"),
		Exact:   t.Format("2006-01-02 15:04:05 UTC"),
		Text:    spoken(ctx, t, k.Now().UTC()),
	}
}

// spoken says a time as a person would: how long ago while that is short, and the day
// and the time in UTC, which is the same for everybody who reads, from then on.
func spoken(ctx context.Context, t, now time.Time) string {
	switch ago := now.Sub(t); {
	case ago < 0 || ago >= 12*time.Hour:
		return t.Format("2 Jan 2006, 15:04 UTC")
	case ago < time.Minute:
		return words.Say(ctx, "just now")
	case ago < time.Hour:
		return words.Say(ctx, "%d min ago", int(ago/time.Minute))
	default:
		return words.Say(ctx, "%d h ago", int(ago/time.Hour))
	}
}

// Lasted says a duration roughly.
func Lasted(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Hour:
		return words.Say(ctx, "%d minutes", int(d/time.Minute))
	case d < 48*time.Hour:
		return words.Say(ctx, "%d hours", int(d/time.Hour))
	}
	return words.Say(ctx, "%d days", int(d/(24*time.Hour)))
}
