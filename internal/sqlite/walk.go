package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// walkFrom is how many documents a condition must match at least for a sorted page to be
// found faster by walking through the order than by sorting the matches. A page of 50 is
// met after 50 × documents ÷ matches steps, sorting takes as many as there are matches:
// with a million documents the two are equal at about 7,000.
const walkFrom = 7_000

// walks reports whether a query is answered by walking along the index of its order,
// looking at each document: when it has one, and each of its conditions that another
// index could answer matches many documents. SQLite would always take that other index,
// and read and sort a third of a million work orders to show the newest fifty open ones.
func (s *Store) walks(ctx context.Context, tx *sql.Tx, q *collections.Query, typ int64) (bool, error) {
	if len(q.Sort) == 0 || q.Where == nil || q.State != collections.Live || len(q.Words) > 0 || q.Since != 0 {
		return false, nil
	}
	if has, err := s.hasIndex(ctx, tx, typ, q.Sort[0].Field); err != nil || !has {
		return false, err
	}
	looked := false
	for _, c := range required(q.Where) {
		path, err := jsonPath(c.Field)
		if err != nil {
			return false, err
		}
		if _, indexed := s.fields.columns(path); !indexed {
			continue
		}
		many, err := s.matchesMany(ctx, tx, c, typ)
		if err != nil || !many {
			return false, err
		}
		looked = true
	}
	return looked, nil
}

// required lists the comparisons that all documents of a condition pass and an index may
// answer.
func required(c *schema.Condition) (list []*schema.Condition) {
	switch c.Op {
	case "all":
		for _, sub := range c.Subs {
			list = append(list, required(sub)...)
		}
	case "is", "in", "above", "below", "from", "to":
		list = append(list, c)
	}
	return list
}

// hasIndex reports whether there is an index of a type's live documents by a field.
func (s *Store) hasIndex(ctx context.Context, tx *sql.Tx, typ int64, field []string) (has bool, err error) {
	suffix := recordTime(field)
	if suffix == "" {
		path, err := jsonPath(field)
		if err != nil {
			return false, err
		}
		keys, known := s.fields.columns(path)
		if !known {
			return false, nil
		}
		suffix = keys.rank
	}
	err = tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?)`,
		fmt.Sprintf("records_%d_%s", typ, suffix)).Scan(&has)
	return has, err
}

// matchesMany counts on the index, and no further than it has to.
func (s *Store) matchesMany(ctx context.Context, tx *sql.Tx, cond *schema.Condition, typ int64) (bool, error) {
	c := &compiler{fields: s.fields, exact: true}
	text, err := c.condition(cond, true)
	if err != nil {
		return false, err
	}
	var n int
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM records WHERE type = `+strconv.FormatInt(typ, 10)+
		` AND deleted = 0 AND `+text+` LIMIT `+strconv.Itoa(walkFrom)+`)`, c.args...).Scan(&n)
	return n == walkFrom, readable(err)
}
