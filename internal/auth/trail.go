package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// TrailFilter chooses lines of the trail; zero members choose all.
type TrailFilter struct {
	Who      string // part of a sign-in name, letter case aside
	Area     Area
	From, To int64 // ms since 1970 UTC: from then on, and before
}

// How much of the trail one call reads: a page is never larger, and a filter that few
// lines pass gives up after a while and says where it got to.
const (
	maxTrail  = 1000
	trailScan = 20_000
)

// Trail lists the lines that pass a filter, newest first, from after the given place on
// ("" for the start). Next is where to go on, "" at the end; a page may hold fewer than
// limit, even none, and still not be the last. Owners only. limit is 1 to 1,000.
func (s *Service) Trail(ctx context.Context, a collections.Actor, f TrailFilter, after string, limit int) (lines []*AuditEntry, next string, err error) {
	if err := mayManage(a); err != nil {
		return nil, "", err
	}
	limit = max(1, min(limit, maxTrail))
	if top := topOfTrail(f.To); f.To > 0 && top > after {
		after = top
	}
	for read := 0; read < trailScan; {
		items, err := s.items.Items(ctx, kindAudit, after, maxTrail)
		if err != nil {
			return nil, "", fmt.Errorf("auth: list audit: %w", err)
		}
		for _, item := range items {
			e, err := lineOf(item)
			if err != nil {
				return nil, "", err
			}
			if e.At < f.From {
				return lines, "", nil
			}
			if f.passes(e) {
				if len(lines) == limit {
					return lines, after, nil
				}
				lines = append(lines, e)
			}
			after = item.Key
		}
		if read += len(items); len(items) < maxTrail {
			return lines, "", nil
		}
	}
	return lines, after, nil
}

// lineOf reads a line as audit wrote it. Those from before there were areas get theirs.
func lineOf(item collections.Item) (*AuditEntry, error) {
	e := &AuditEntry{}
	if err := json.Unmarshal(item.Data, e); err != nil {
		return nil, fmt.Errorf("auth: read audit: %w", err)
	}
	e.Place = item.Key
	if e.Area == "" {
		e.Area = areaOf(e.Did)
	}
	return e, nil
}

// areaOf tells the area of a line by what was done.
func areaOf(did string) Area {
	for _, part := range []struct {
		text string
		area Area
	}{{"sign", AreaSignIn}, {"set the server up", AreaSignIn}, {"token", AreaTokens}, {"device", AreaTokens}, {"enrol", AreaTokens}} {
		if strings.Contains(did, part.text) {
			return part.area
		}
	}
	return AreaAccounts
}

// passes reports whether a line is one of those asked for.
func (f TrailFilter) passes(e *AuditEntry) bool {
	return (f.Area == "" || e.Area == f.Area) &&
		(f.To == 0 || e.At < f.To) && e.At >= f.From &&
		(f.Who == "" || strings.Contains(strings.ToLower(e.Who), strings.ToLower(f.Who)))
}
