package transfer

import (
	"net/url"
	"strings"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// listKeys are the words in the address of the list of records that say which, in the
// order in which an address has them.
var listKeys = []string{"search", "state", "sort", "where"}

// listed is which records the list that somebody came from showed.
type listed struct {
	query   url.Values // of listKeys alone
	request collections.ListRequest
}

// readListed reads the address of a list of records as the list itself does.
func readListed(v *ui.Visit) (listed, error) {
	all, err := url.ParseQuery(string(v.Request().URI().QueryString()))
	if err != nil {
		return listed{}, mistyped("")
	}
	l := listed{query: url.Values{}}
	for _, key := range listKeys {
		for _, value := range all[key] {
			if value != "" {
				l.query.Add(key, value)
			}
		}
	}
	l.request.Search = l.query.Get("search")
	switch l.query.Get("state") {
	case "":
	case "attention":
		l.request.State = collections.Attention
	case "trash":
		l.request.State = collections.Trash
	default:
		return listed{}, mistyped("state")
	}
	for _, text := range l.query["sort"] {
		l.request.Sort = append(l.request.Sort, readSort(text))
	}
	if text := l.query.Get("where"); text != "" {
		if l.request.Where, err = schema.ParseCondition([]byte(text)); err != nil {
			return listed{}, mistyped("where")
		}
	}
	return l, nil
}

func mistyped(field string) error {
	return collections.Errorf(collections.Invalid, field, "The address does not say which records: begin at their list.")
}

// readSort reads one key of an order: the way to a field, with - before it for the other
// way round, or + where its key begins with either.
func readSort(text string) collections.Sort {
	name, desc := strings.CutPrefix(text, "-")
	if !desc {
		name = strings.TrimPrefix(text, "+")
	}
	return collections.Sort{Field: splitKey(name), Desc: desc}
}

// splitKey splits the way to a field at its dots; a dot in a key stands as \. there.
func splitKey(name string) []string {
	keys, escaped := []string{""}, false
	for _, c := range name {
		last := len(keys) - 1
		switch {
		case !escaped && c == '\\':
			escaped = true
			continue
		case !escaped && c == '.':
			keys = append(keys, "")
		default:
			keys[last] += string(c)
		}
		escaped = false
	}
	return keys
}

// narrowed reports whether the list leaves records out.
func (l listed) narrowed() bool {
	return l.query.Has("search") || l.query.Has("where") || l.query.Has("state")
}
