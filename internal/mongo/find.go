package mongo

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
)

// plan is a query as filters, to be asked one after the other.
type plan struct {
	typ   string
	where term // without the place in the order
	steps []term
	sort  bson.D
	exact bool // every record that a filter lets through is wanted, unless it is keyless
}

func planOf(q *collections.Query) (*plan, error) {
	c := &compiler{exact: true}
	terms := inState(q.State)
	if q.Since != 0 {
		terms = append(terms, asking("u", bson.D{{Key: "$gt", Value: q.Since}}))
	}
	for _, prefix := range q.Words {
		terms = append(terms, begins(prefix))
	}
	if q.Where != nil {
		t, err := c.condition(q.Where, true)
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
	}
	keys, err := orderOf(q.Sort)
	if err != nil {
		return nil, err
	}
	parts, err := steps(keys, q.After)
	if err != nil {
		return nil, err
	}
	return &plan{typ: q.Type, where: all(terms...), steps: parts, sort: sortOf(keys), exact: c.exact}, nil
}

func inState(state collections.State) []term {
	deleted := func(is bool) term { return asking("d", is) }
	switch state {
	case collections.Live:
		return []term{deleted(false)}
	case collections.Attention:
		return []term{deleted(false), asking("a", true)}
	case collections.Trash:
		return []term{deleted(true)}
	}
	return nil
}

// begins is true of records of which a word begins with the prefix. No word has NUL in it,
// which a pattern cannot hold.
func begins(prefix string) term {
	if strings.ContainsRune(prefix, 0) {
		return never
	}
	return asking("w", primitive.Regex{Pattern: "^" + regexp.QuoteMeta(prefix)})
}

// filters are the filters of the plan that can find anything.
func (p *plan) filters() (filters []bson.D) {
	for _, step := range p.steps {
		switch t := all(p.where, step); {
		case t.filter != nil:
			filters = append(filters, t.filter)
		case t.truth:
			filters = append(filters, bson.D{})
		}
	}
	return filters
}

// Find implements [collections.Store].
func (s *Store) Find(ctx context.Context, q *collections.Query) ([]*collections.Record, error) {
	if q.Limit < 1 {
		return nil, fmt.Errorf("mongo: a query's limit is at least 1, not %d", q.Limit)
	}
	plan, err := planOf(q)
	if err != nil {
		return nil, err
	}
	var records []*collections.Record
	seen := map[string]bool{} // what moved between two steps is not listed twice
	err = s.each(ctx, plan, q, q.Limit, func(r *collections.Record) bool {
		if !seen[r.ID] {
			seen[r.ID] = true
			records = append(records, r)
		}
		return len(records) < q.Limit
	})
	return records, err
}

// Count implements [collections.Store].
func (s *Store) Count(ctx context.Context, q *collections.Query) (n int, err error) {
	unsorted := *q
	if q.After == nil {
		unsorted.Sort = nil
	}
	plan, err := planOf(&unsorted)
	if err != nil {
		return 0, err
	}
	if !plan.exact {
		err = s.each(ctx, plan, q, 0, func(*collections.Record) bool { n++; return true })
		return n, err
	}
	for _, filter := range plan.filters() {
		err := s.callFor(ctx, s.listTimeout(), "counting", func(ctx context.Context) error {
			found, err := s.sure.Collection(recordsName(q.Type)).CountDocuments(ctx, filter)
			n += int(found)
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// each calls f for each record of the query in its order, until f says to stop. limit is
// how many f will take at most; 0: all.
func (s *Store) each(ctx context.Context, p *plan, q *collections.Query, limit int, f func(r *collections.Record) bool) error {
	o := options.Find().SetSort(p.sort).SetProjection(keyless).SetMaxTime(s.listTimeout()).SetAllowDiskUse(true)
	if p.exact && limit > 0 {
		o.SetLimit(int64(limit))
	}
	more := true
	for _, filter := range p.filters() {
		if !more {
			return nil
		}
		err := s.callFor(ctx, s.listTimeout(), "listing records", func(ctx context.Context) error {
			cursor, err := s.sure.Collection(recordsName(p.typ)).Find(ctx, filter, o)
			if err != nil {
				return err
			}
			defer cursor.Close(ctx)
			for more && cursor.Next(ctx) {
				r, err := s.found(q, p, cursor.Decode)
				if err != nil {
					return err
				}
				if r != nil {
					more = f(r)
				}
			}
			return cursor.Err()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// found reads a record that a filter let through; nil where Go says it is not wanted.
func (s *Store) found(q *collections.Query, p *plan, decode func(any) error) (*collections.Record, error) {
	kept := new(record)
	if err := decode(kept); err != nil {
		return nil, err
	}
	r, err := s.back(p.typ, kept)
	if err != nil {
		return nil, err
	}
	if q.Where == nil || p.exact && !kept.Keyless {
		return r, nil
	}
	var value map[string]any
	if err := json.Unmarshal(r.Value, &value); err != nil {
		return nil, damaged("record %s/%s", r.Type, r.ID)
	}
	if !q.Where.Match(value) {
		return nil, nil
	}
	return r, nil
}
