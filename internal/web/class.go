package web

import "strings"

// classes are the kinds of routes, by how their paths begin, the longest first. They are
// few, so that whoever counts requests by them never counts by what somebody made up.
var classes = []struct{ prefix, class string }{
	{"/api/_sync", "sync"},
	{"/api/_events", "events"},
	{"/api/_session", "session"},
	{"/api/_backup", "backup"},
	{"/api/_", "api"},
	{"/api/:type", "records"},
	{"/api/", "api"},
	{"/admin", "admin"},
	{"/app", "app"},
	{"/healthz", "watch"},
	{"/readyz", "watch"},
	{"/metrics", "watch"},
}

// class is the kind of a route: sync, events, session, backup, records, api, admin, app,
// watch or other; none where no route was found.
func class(r *Route) string {
	if r == nil {
		return "none"
	}
	for _, c := range classes {
		if strings.HasPrefix(r.Path, c.prefix) {
			return c.class
		}
	}
	return "other"
}
