package client

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Query chooses documents. The zero value is all that are not deleted, by id.
type Query struct {
	Where  *schema.Condition // may use $now and $today; $me is Me
	Me     string            // sign-in name of the person at the device
	Search string            // for each word, some word of the document begins with it
	Sort   []Sort            // then by id
	Limit  int               // 0: no limit
	Trash  bool              // the deleted ones instead
}

// Sort is one key of an order: absent and null first, then false, true, numbers,
// strings by code point, then arrays and objects; Desc turns it round.
type Sort struct {
	Field []string
	Desc  bool
}

// Get reads one document; not_found when the device does not have it. One in the
// trash is found, with Deleted set.
func (c *Collection) Get(ctx context.Context, id string) (*Document, error) {
	d := c.device
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return nil, err
	}
	doc, pending, err := d.view(ctx, key{c.name, id})
	if err != nil {
		return nil, err
	}
	if !doc.Exists() {
		return nil, c.notHere(id)
	}
	return c.document(id, doc, pending), nil
}

// document gives what the person sees of a document. The caller holds mu.
func (c *Collection) document(id string, doc *crdt.Document, pending bool) *Document {
	out := &Document{ID: id, Value: maps.Clone(doc.Value()), Deleted: doc.Deleted(), Pending: pending, Disagreements: doc.Disagreements(), state: doc}
	if t := c.device.types[c.name]; t != nil {
		out.Problems = t.schema.Validate(out.Value)
	}
	return out
}

// Find lists documents. It reads every document of the type on the device.
func (c *Collection) Find(ctx context.Context, q Query) ([]*Document, error) {
	d := c.device
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return nil, err
	}
	where := q.Where.Resolve(schema.Vars{Me: q.Me, Now: d.serverNow()})
	words := schema.Words(q.Search)
	found, err := c.scan(ctx, q.Trash, func(value map[string]any) bool {
		return where.Match(value) && (len(words) == 0 || schema.FindsAll(schema.RecordWords(value), words))
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b hit) int { return compareHits(a, b, q.Sort) })
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	documents := make([]*Document, 0, len(found))
	for _, h := range found {
		doc, pending, err := d.view(ctx, key{c.name, h.id})
		if err != nil {
			return nil, err
		}
		documents = append(documents, c.document(h.id, doc, pending))
	}
	return documents, nil
}

// hit is a document that a query found.
type hit struct {
	id    string
	value map[string]any
}

// scan reads the view of every document and keeps those that match. The caller holds mu.
func (c *Collection) scan(ctx context.Context, trash bool, match func(map[string]any) bool) ([]hit, error) {
	var found []hit
	err := c.device.store.read(ctx).each(func(scan func(...any) error) error {
		var h hit
		var text []byte
		if err := scan(&h.id, &text); err != nil {
			return err
		}
		value, err := crdt.ParseValue(text, ownLimits)
		if err != nil {
			return err
		}
		h.value, _ = value.(map[string]any)
		if match(h.value) {
			found = append(found, h)
		}
		return nil
	}, `SELECT id, coalesce(view, value) FROM documents
		WHERE type = ? AND coalesce(view_deleted, deleted) = ?`, c.name, trash)
	return found, err
}

func compareHits(a, b hit, by []Sort) int {
	for _, s := range by {
		order := compareValues(at(a.value, s.Field), at(b.value, s.Field))
		if s.Desc {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	return cmp.Compare(a.id, b.id)
}

// at is the value at a path of objects, nil where there is none.
func at(value map[string]any, path []string) any {
	var v any = value
	for _, key := range path {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[key]
	}
	return v
}

// compareValues is the order of Sort.
func compareValues(a, b any) int {
	if order := cmp.Compare(rank(a), rank(b)); order != 0 {
		return order
	}
	switch a := a.(type) {
	case float64:
		return cmp.Compare(a, b.(float64))
	case string:
		return cmp.Compare(a, b.(string))
	}
	return 0
}

func rank(v any) int {
	switch v := v.(type) {
	case nil:
		return 0
	case bool:
		if v {
			return 2
		}
		return 1
	case float64:
		return 3
	case string:
		return 4
	}
	return 5
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
