package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// hostile are texts that a query language could take for more than a text. Each has a
// mark, by which it is found again.
var hostile = []string{
	"$mark", "$where mark", "mark.$gt", "mark.a.b", "$[]mark", "mark[0]", "-mark", "mark'; return true; //", `mark"`, `mark\`, "mark/", "mark%", "mark%2e",
	"mark ", "", "$", ".", "..", "mark\u2028", "mark😀", "mark\uffff", "_id", "k", "l.i", "system.mark", "mark/../x", "{\"$gt\":\"mark\"}", ".mark", "mark.",
}

// operators are all that the store itself ever asks with.
var operators = []string{
	"$and", "$or", "$nor", "$gt", "$gte", "$lt", "$lte", "$in", "$exists", "$elemMatch", "$regularExpression",
	"$set", "$unset", "$setOnInsert", "$max", "$match", "$group", "$sum", "$limit", "$db", "$readPreference", "$clusterTime", "$binary",
}

// listener keeps the names of all that was sent.
type listener struct {
	mu    sync.Mutex
	names map[string]bool
}

func (l *listener) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.hear(e.Command)
	}}
}

func (l *listener) hear(doc bson.Raw) {
	elements, err := doc.Elements()
	if err != nil {
		panic(err)
	}
	for _, e := range elements {
		l.names[e.Key()] = true
		if inner, ok := e.Value().DocumentOK(); ok {
			l.hear(inner)
		}
		if list, ok := e.Value().ArrayOK(); ok {
			l.hear(list)
		}
	}
}

// Nothing that a person wrote becomes an operator or a path: whatever it is, it is found
// as a text, under a name that is a name.
func TestMongo_NoOperators(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		heard := &listener{names: map[string]bool{}}
		s, err := Open(t.Context(), Options{URI: newDatabase(t, uri), monitor: heard.monitor()})
		must(t, err)
		t.Cleanup(func() { s.Close() })
		writeHostile(t, s)
		for i, text := range hostile {
			if i%4 == 0 {
				must(t, s.EnsureIndex(t.Context(), "work-order", []string{text}))
			}
			findHostile(t, s, i, text)
			keepHostile(t, s, text)
		}
		for _, name := range slices.Sorted(maps.Keys(heard.names)) {
			path := strings.HasPrefix(name, "k.") || strings.ContainsAny(name[:min(1, len(name))], ownKey+innerKey+listKey)
			switch {
			case strings.HasPrefix(name, "$") && !slices.Contains(operators, name), strings.Contains(name[min(1, len(name)):], "$"):
				t.Errorf("an operator was sent: %q", name)
			case strings.Contains(name, "mark") && !path && !strings.HasPrefix(name, "up-"):
				t.Errorf("what a person wrote was sent as a name: %q", name)
			}
		}
		if len(heard.names) < 50 {
			t.Fatalf("only %d names were heard: the test is about nothing", len(heard.names))
		}
	})
}

// writeHostile writes a document for each text, which has it as a name and as a value.
func writeHostile(t *testing.T, s *Store) {
	t.Helper()
	b := &collections.Batch{Stream: "$mark.stream"}
	for i, text := range hostile {
		value := map[string]any{text: text, "list": []any{text}, "in": map[string]any{text: float64(i)}, "object": map[string]any{"$gt": ""}}
		b.Records = append(b.Records, collections.RecordWrite{Record: collections.Record{
			Key: collections.Key{Type: "work-order", ID: fmt.Sprint(i, text)}, Rev: 1, Value: []byte(crdt.Canonical(value)), CreatedBy: text, Words: []string{text}}})
	}
	must(t, s.Commit(t.Context(), b))
}

// findHostile finds the i-th document by its text, and no other.
func findHostile(t *testing.T, s *Store, i int, text string) {
	t.Helper()
	id := fmt.Sprint(i, text)
	for _, c := range []*schema.Condition{
		{Op: "is", Field: []string{text}, Value: text},
		{Op: "in", Field: []string{text}, Value: []any{text, "$ne"}},
		{Op: "has", Field: []string{"list"}, Value: text},
		{Op: "is", Field: []string{"in", text}, Value: float64(i)},
		{Op: "starts", Field: []string{text}, Value: text},
		{Op: "none", Subs: []*schema.Condition{{Op: "not", Field: []string{text}, Value: text}}},
	} {
		found, err := s.Find(t.Context(), &collections.Query{Type: "work-order", Where: c, Limit: 9, Sort: []collections.Sort{{Field: []string{text}}, {Field: []string{"in", text}, Desc: true}}})
		must(t, err)
		if len(found) != 1 || found[0].ID != id || found[0].CreatedBy != text {
			t.Errorf("%q %s: %d documents", c.Op, text, len(found))
		}
	}
	r, err := s.Record(t.Context(), "work-order", id)
	must(t, err)
	var back map[string]any
	must(t, json.Unmarshal(r.Value, &back))
	if back[text] == nil {
		t.Errorf("%q: the value came back as %s", text, r.Value)
	}
	if _, err := s.Find(t.Context(), &collections.Query{Type: text, Words: []string{text}, Limit: 9}); err != nil {
		t.Errorf("type %q: %v", text, err)
	}
	must(t, s.Purge(t.Context(), []collections.Key{{Type: text, ID: text}}))
}

// keepHostile keeps an item under the text, as its kind and as its key.
func keepHostile(t *testing.T, s *Store, text string) {
	t.Helper()
	for _, name := range [][2]string{{text, "a"}, {"k", text}, {text, text}} {
		must(t, s.PutItem(t.Context(), collections.Item{Kind: name[0], Key: name[1], Data: []byte(`{"$gt":1}`)}))
		item, err := s.Item(t.Context(), name[0], name[1])
		must(t, err)
		if string(item.Data) != `{"$gt":1}` {
			t.Errorf("item %q came back as %s", name, item.Data)
		}
		must(t, s.DeleteItem(t.Context(), name[0], name[1]))
		if _, err := s.Item(t.Context(), name[0], name[1]); !errors.Is(err, collections.ErrNotFound) {
			t.Errorf("item %q is not gone: %v", name, err)
		}
	}
}
