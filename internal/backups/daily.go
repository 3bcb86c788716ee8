package backups

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// clock is who makes the daily backups.
var clock = collections.Actor{User: "system", Name: "system", Role: collections.Owner}

// daily looks at the plan now and then, until the Service is closed.
func (s *Service) daily() {
	tick := time.NewTicker(s.Every)
	defer tick.Stop()
	for {
		select {
		case <-s.works.Done():
			return
		case <-tick.C:
			if s.due() && s.begin() {
				err := s.make(s.works, clock, Daily)
				s.end(errors.Join(err, s.prune()))
			}
		}
	}
}

// due reports whether a daily backup is to be made now: its time of day has passed, today
// or, where the server was off, yesterday, and none was made since.
func (s *Service) due() bool {
	at, _ := s.Plan()
	last, ok := lastTime(at, s.Now().UTC())
	if !ok {
		return false
	}
	list, err := s.list()
	if err != nil {
		s.Log.Error("the daily backup: the folder cannot be read", "error", err)
		return false
	}
	for _, b := range list {
		if b.Kind == Daily && b.Made >= last.UnixMilli() {
			return false
		}
	}
	return true
}

// lastTime gives the last moment, up to now, of a time of day.
func lastTime(at string, now time.Time) (time.Time, bool) {
	t, err := time.Parse("15:04", at)
	if err != nil {
		return time.Time{}, false
	}
	last := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	if last.After(now) {
		last = last.AddDate(0, 0, -1)
	}
	return last, true
}

// prune removes the daily backups that are too many, the oldest first.
func (s *Service) prune() error {
	_, keep := s.Plan()
	list, err := s.list()
	if err != nil || keep <= 0 {
		return err
	}
	staged, _ := s.Staged()
	kept := 0
	for _, b := range list {
		if b.Kind != Daily {
			continue
		}
		if kept++; kept > keep && (staged == nil || staged.Name != b.Name) {
			err = errors.Join(err, os.Remove(filepath.Join(s.Folder, b.Name)))
		}
	}
	return err
}
