package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// asked is a list as a page of records asks for it, and the same for the peer where it
// can be asked.
type asked struct {
	work, path string
	peer       string // query of the peer's list; "": it cannot
}

// page is one view of the work orders, from which its first page and one deep inside are
// asked for.
type pageOf struct {
	name, where, sort, search string
	at                        func(value map[string]any) []any // values of the sort keys
	peer                      string
	peerDeep                  string
}

// queries are the lists that are measured, first pages and pages in the middle of all.
func (s *scale) queries() []asked {
	const open = `{"field":"status","is":"open"}`
	const site = `{"field":"site","is":"Well pad 7"}`
	middle := s.orders.order(s.documents / 2)
	title := fmt.Sprint(middle["title"])
	byTitle := func(v map[string]any) []any { return []any{v["title"]} }
	half := s.documents / 2 / 50
	views := []pageOf{
		{name: "list", peer: "sort=id", peerDeep: "sort=id&filter=" + url.QueryEscape(`id>"8"`)},
		{name: "by-title", sort: "title", at: byTitle, peer: "sort=title", peerDeep: "sort=title&filter=" + url.QueryEscape(`title>"`+title+`"`)},
		{name: "by-title-down", sort: "-title", at: byTitle, peer: "sort=-title", peerDeep: "sort=-title&filter=" + url.QueryEscape(`title<"`+title+`"`)},
		{name: "newest", sort: "-_updated", at: s.updatedInTheMiddle, peer: "sort=-updated", peerDeep: fmt.Sprintf("sort=-updated&page=%d", half)},
		{name: "status", where: open, peer: "filter=" + url.QueryEscape(`status="open"`), peerDeep: "sort=id&filter=" + url.QueryEscape(`status="open" && id>"8"`)},
		{name: "status-newest", where: open, sort: "-_updated", at: s.updatedInTheMiddle, peer: "sort=-updated&filter=" + url.QueryEscape(`status="open"`)},
		{name: "site", where: site, peer: "filter=" + url.QueryEscape(`site="Well pad 7"`), peerDeep: "sort=id&filter=" + url.QueryEscape(`site="Well pad 7" && id>"8"`)},
		{name: "site-by-title", where: site, sort: "title", at: byTitle, peer: "sort=title&filter=" + url.QueryEscape(`site="Well pad 7"`), peerDeep: "sort=title&filter=" + url.QueryEscape(`site="Well pad 7" && title>"`+title+`"`)},
		{name: "status-and-site", where: `{"all":[` + open + "," + site + `]}`, peer: "filter=" + url.QueryEscape(`status="open" && site="Well pad 7"`), peerDeep: "sort=id&filter=" + url.QueryEscape(`status="open" && site="Well pad 7" && id>"8"`)},
		{name: "search-frequent", search: "pump", peer: "filter=" + url.QueryEscape(`title~"pump" || notes~"pump"`)},
		{name: "search-two", search: "pump leak", peer: "filter=" + url.QueryEscape(`(title~"pump" || notes~"pump") && (title~"leak" || notes~"leak")`)},
		{name: "search-rare", search: s.rareWord(), peer: "filter=" + url.QueryEscape(`signature~"`+s.rareWord()+`"`)},
		{name: "search-in-site", search: "pump", where: site, peer: "filter=" + url.QueryEscape(`site="Well pad 7" && (title~"pump" || notes~"pump")`)},
	}
	var list []asked
	for _, v := range views {
		list = append(list, asked{"query-" + v.name, v.path(""), v.peer})
		if v.name == "search-rare" {
			continue // all of it is one page
		}
		var values []any
		if v.at != nil {
			values = v.at(middle)
		}
		list = append(list, asked{"query-" + v.name + "-deep", v.path(s.placeOf(v.sort, values)), v.peerDeep})
	}
	return list
}

// path is the list's address, from a place on.
func (v pageOf) path(after string) string {
	q := url.Values{"limit": {"50"}}
	for name, value := range map[string]string{"where": v.where, "sort": v.sort, "search": v.search, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/api/work-order?" + q.Encode()
}

// placeOf is the end of a page in the middle of all work orders, as the API names it:
// nobody should have to turn ten thousand pages to measure one.
func (s *scale) placeOf(sort string, values []any) string {
	order := []any{}
	if sort != "" {
		field, down := strings.CutPrefix(sort, "-")
		order = append(order, []any{field}, down)
	}
	if values == nil {
		values = []any{}
	}
	return base64.RawURLEncoding.EncodeToString([]byte(crdt.Canonical([]any{s.orders.id(s.documents / 2), order, values})))
}

// updatedInTheMiddle is the time of a page that lies deep in what was loaded last.
func (s *scale) updatedInTheMiddle(map[string]any) []any { return []any{float64(s.middle)} }

// rareWord is one that a single order has.
func (s *scale) rareWord() string {
	signature := fmt.Sprint(s.orders.order(s.documents / 3)["signature"])
	return signature[strings.LastIndex(signature, " ")+1:]
}

// scaleQueries measures first and deep pages, on a store that is otherwise at rest.
func scaleQueries(ctx context.Context, s *scale, r *report) error {
	f, err := openFolder(s.large())
	if err != nil {
		return err
	}
	if s.middle, err = middleUpdate(ctx, f.file()); err != nil {
		return err
	}
	p, err := f.serve(ctx, s.program)
	if err != nil {
		return err
	}
	err = eachQuery(ctx, r, "fieldstack", newCaller(p.url, f.Owner, 1), s.queries(), func(q asked) string { return q.path })
	p.stop()
	if err != nil || s.peer == "" {
		return err
	}
	if p, err = s.servePeer(ctx, s.peerEnv()); err != nil {
		return err
	}
	defer p.stop()
	r.note("PocketBase has indexes of title, status and site too, and turns a deep page by the same comparison where its filters can say it; it has no index of words, so its searches are LIKE over the texts.")
	return eachQuery(ctx, r, "pocketbase", newCaller(p.url, "", 1), s.queries(), func(q asked) string {
		if q.peer == "" {
			return ""
		}
		return peerRecords + "?perPage=50&skipTotal=1&" + q.peer
	})
}

// queryTime bounds how long one list is measured: what takes seconds is asked for fewer
// times.
const queryTime = 4 * time.Second

func eachQuery(ctx context.Context, r *report, engine string, c *caller, list []asked, path func(asked) string) error {
	for _, q := range list {
		at := path(q)
		if at == "" {
			continue
		}
		var times []time.Duration
		for end := time.Now().Add(queryTime); len(times) < 100 && (len(times) < 3 || time.Now().Before(end)); {
			start := time.Now()
			if err := c.call(ctx, http.MethodGet, at, nil, nil); err != nil {
				return fmt.Errorf("%s: %w", q.work, err)
			}
			times = append(times, time.Since(start))
		}
		if len(times) > 20 {
			times = times[5:]
		}
		r.add(q.work, engine, "p50", percentile(times, 0.5), "ms")
	}
	return nil
}
