package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// AuditEntry is one line of the audit trail: at a time, somebody did something.
type AuditEntry struct {
	Place  string `json:"place"` // opaque; for Audit's after
	At     int64  `json:"at"`    // ms since 1970 UTC
	Who    string `json:"who"`   // sign-in name, as typed where it proved nothing
	Did    string `json:"did"`   // "signed in", "disabled the account", …
	About  string `json:"about,omitempty"`
	Detail string `json:"detail,omitempty"`
	From   string `json:"from,omitempty"` // network address
}

// audit writes one line. What it tells of has happened: a failure is logged, no more.
func (s *Service) audit(ctx context.Context, e AuditEntry) {
	e.At = s.millis()
	random, err := s.secret(idBytes)
	if err == nil {
		// Keys count down, so that the newest come first.
		err = s.save(ctx, kindAudit, fmt.Sprintf("%013x-%s", 1<<50-e.At, random), 0, e)
	}
	if err != nil {
		s.log.Error("auth: write the audit trail", "error", err, "did", e.Did)
	}
}

// Audit lists the trail, newest first, from after the given place on ("" for the
// start). Owners only. limit is 1 to 1,000.
func (s *Service) Audit(ctx context.Context, a collections.Actor, after string, limit int) ([]*AuditEntry, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	items, err := s.items.Items(ctx, kindAudit, after, max(1, min(limit, 1000)))
	if err != nil {
		return nil, fmt.Errorf("auth: list audit: %w", err)
	}
	list := make([]*AuditEntry, len(items))
	for i, item := range items {
		list[i] = &AuditEntry{}
		err = errors.Join(err, json.Unmarshal(item.Data, list[i]))
		list[i].Place = item.Key
	}
	return list, err
}
