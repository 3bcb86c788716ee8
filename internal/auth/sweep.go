package auth

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

const (
	sweepEvery = time.Hour
	auditLife  = 400 * 24 * time.Hour // a year, and time to read it
)

// sweepNowAndThen sweeps every hour until ctx ends.
func (s *Service) sweepNowAndThen(ctx context.Context) {
	sweep := time.NewTicker(sweepEvery)
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			s.guarded("sweep", func() error { return s.Sweep(ctx) })
		}
	}
}

// Sweep removes what is past: credentials, codes, counts of attempts, and the audit trail
// of over a year ago. The Service does it every hour.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.millis()
	pastCredential := func(data []byte) bool {
		var c storedCredential
		return json.Unmarshal(data, &c) == nil && c.expired(now)
	}
	return errors.Join(
		s.sweepKind(ctx, kindSession, pastCredential),
		s.sweepKind(ctx, kindToken, pastCredential),
		s.sweepKind(ctx, kindCode, func(data []byte) bool {
			var c storedCode
			return json.Unmarshal(data, &c) == nil && now >= c.Expires
		}),
		s.sweepKind(ctx, kindTries, func(data []byte) bool {
			var t tries
			return json.Unmarshal(data, &t) == nil && t.past(now)
		}),
		s.sweepKind(ctx, kindAudit, func(data []byte) bool {
			var e AuditEntry
			return json.Unmarshal(data, &e) == nil && now-e.At > auditLife.Milliseconds()
		}),
	)
}

func (s *Service) sweepKind(ctx context.Context, kind string, past func(data []byte) bool) error {
	var keys []string
	err := s.each(ctx, kind, func(item collections.Item) bool {
		if past(item.Data) {
			keys = append(keys, item.Key)
		}
		return true
	})
	for _, key := range keys {
		err = errors.Join(err, s.items.DeleteItem(ctx, kind, key))
	}
	return err
}
