package hooks

import (
	"net/http"
	"strconv"
	"time"
)

// Schedule says how often a message is tried that is not taken.
type Schedule struct {
	First  time.Duration // pause after the first failure; it doubles from there; 5 s
	Most   time.Duration // longest pause; 1 h
	GiveUp time.Duration // after failing for so long, the hook is paused; 3 days
}

func (s Schedule) withDefaults() Schedule {
	if s.First == 0 {
		s.First = 5 * time.Second
	}
	if s.Most == 0 {
		s.Most = time.Hour
	}
	if s.GiveUp == 0 {
		s.GiveUp = 72 * time.Hour
	}
	return s
}

// longestAsked bounds the pause that an endpoint may ask for.
const longestAsked = 24 * time.Hour

// pause gives how long to wait after so many failures in a row: half of it is left to
// chance, from 0 to 1, so that those who failed together do not come back together. An
// endpoint that asks for more gets it.
func (s Schedule) pause(failures int, asked time.Duration, chance float64) time.Duration {
	d := s.Most
	if doublings := failures - 1; doublings < 30 {
		d = min(s.Most, s.First<<max(0, doublings))
	}
	d = d/2 + time.Duration(chance*float64(d/2))
	return max(d, min(asked, longestAsked))
}

// retryAfter reads the header of that name: seconds, or a date. 0: none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(seconds, 0), int(longestAsked/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
