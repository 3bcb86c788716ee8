package records

import (
	"net/url"

	"github.com/fieldstack/fieldstack/collections"
)

// fileLinks lead to the import of a file, for who may do much at once, and to the
// export of the records that a list shows, in its order: also where a view says which.
func fileLinks(who collections.Actor, a address) (in, out string) {
	if who.Role.Includes(collections.Editor) {
		in = a.path + "/import"
	}
	q := url.Values{}
	for name, value := range map[string]string{"search": a.search, "state": a.state, "where": conditionText(a.where)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for _, key := range a.sort {
		q.Add("sort", writeSort(key))
	}
	out = a.path + "/export"
	if len(q) > 0 {
		out += "?" + q.Encode()
	}
	return in, out
}
