package auth

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/collections"
)

// AuditEntry is one line of the audit trail: at a time, somebody did something.
type AuditEntry struct {
	Place  string `json:"place"` // opaque; for Audit's after
	At     int64  `json:"at"`    // ms since 1970 UTC
	Who    string `json:"who"`   // sign-in name, as typed where it proved nothing
	Area   Area   `json:"area,omitempty"`
	Did    string `json:"did"` // "signed in", "disabled the account", …
	About  string `json:"about,omitempty"`
	Detail string `json:"detail,omitempty"`
	From   string `json:"from,omitempty"` // network address
}

// Area is the part of the work that a line of the trail is about.
type Area string

// The areas. The first three are this package's own; the others are noted by those who
// do the work, with [Service.Note].
const (
	AreaSignIn   Area = "sign-in"
	AreaAccounts Area = "accounts"
	AreaTokens   Area = "tokens" // of programs and devices
	AreaTypes    Area = "types"  // drafts and versions
	AreaRules    Area = "rules"
	AreaRecords  Area = "records" // many at once: edited, imported, exported
	AreaBackups  Area = "backups"
	AreaSettings Area = "settings"
	AreaWebhooks Area = "webhooks"
)

// Areas lists the areas, in the order that people are shown them. The caller owns it.
func Areas() []Area {
	return []Area{AreaSignIn, AreaAccounts, AreaTokens, AreaTypes, AreaRules, AreaRecords, AreaBackups, AreaSettings, AreaWebhooks}
}

// Note puts a line into the trail about what somebody did elsewhere in the house: Area,
// Did ("published version 3"), About (what it was done to) and Detail are the caller's.
// What it tells of has happened, so there is no error to act on: a failure is logged.
func (s *Service) Note(ctx context.Context, a collections.Actor, e AuditEntry) {
	e.Who, e.Did, e.About, e.Detail = a.Name, clipTo(e.Did, maxNote), clipTo(e.About, maxNote), clipTo(e.Detail, maxNote)
	s.audit(context.WithoutCancel(ctx), e)
}

// maxNote is how many bytes each part of a line holds.
const maxNote = 500

// clipTo shortens a text to at most n bytes, at the end of a character.
func clipTo(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// audit writes one line. What it tells of has happened: a failure is logged, no more.
func (s *Service) audit(ctx context.Context, e AuditEntry) {
	e.At = s.millis()
	random, err := s.secret(idBytes)
	if err == nil {
		err = s.save(ctx, kindAudit, placeInTrail(e.At)+"-"+random, 0, e)
	}
	if err != nil {
		s.log.ErrorContext(ctx, "auth: write the audit trail", "error", err, "did", e.Did)
	}
}

// placeInTrail is how the keys of a moment's lines begin. They count down, so that the
// newest come first.
func placeInTrail(at int64) string { return fmt.Sprintf("%013x", 1<<50-at) }

// topOfTrail is a place before all lines from before a moment, and after the others.
func topOfTrail(before int64) string { return placeInTrail(before) + "~" }

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
		if list[i], err = lineOf(item); err != nil {
			return nil, err
		}
	}
	return list, nil
}
