package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// Find implements [collections.Store]. It reads in two steps of one snapshot: which
// documents, from an index where there is one, and then the documents themselves.
func (s *Store) Find(ctx context.Context, q *collections.Query) ([]*collections.Record, error) {
	if q.Limit < 1 {
		return nil, fmt.Errorf("sqlite: a query's limit is at least 1, not %d", q.Limit)
	}
	typ := s.types.num(q.Type)
	if typ == 0 {
		return nil, nil
	}
	tx, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	walk, err := s.walks(ctx, tx, q, typ)
	if err != nil {
		return nil, err
	}
	plan, err := s.planned(q, typ, walk)
	if err != nil {
		return nil, err
	}
	var rids []int64
	err = plan.each(ctx, tx, q, func(rid int64) bool {
		rids = append(rids, rid)
		return len(rids) < q.Limit
	})
	if err != nil {
		return nil, err
	}
	return s.byRowID(ctx, tx, rids)
}

// Count implements [collections.Store].
func (s *Store) Count(ctx context.Context, q *collections.Query) (n int, err error) {
	typ := s.types.num(q.Type)
	if typ == 0 {
		return 0, nil
	}
	unsorted := *q
	if q.After == nil {
		unsorted.Sort = nil
	}
	plan, err := s.plan(&unsorted, typ)
	if err != nil {
		return 0, err
	}
	tx, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	if plan.exact {
		err = tx.QueryRowContext(ctx, `SELECT count(*) FROM records WHERE `+plan.where, plan.args...).Scan(&n)
		return n, readable(err)
	}
	err = plan.each(ctx, tx, q, func(int64) bool { n++; return true })
	return n, err
}

// plan is a query as SQL.
type plan struct {
	where, order string
	args         []any
	limit        int
	exact        bool // every row that where lets through is wanted
}

func (s *Store) plan(q *collections.Query, typ int64) (*plan, error) { return s.planned(q, typ, false) }

// planned is plan; walk keeps the conditions from being answered by an index, so that the
// one of the order is.
func (s *Store) planned(q *collections.Query, typ int64, walk bool) (*plan, error) {
	c := &compiler{fields: s.fields, exact: true, walk: walk}
	terms := []string{"type = " + strconv.FormatInt(typ, 10)}
	terms = append(terms, inState(q.State)...)
	if q.Since != 0 {
		terms = append(terms, "likelihood(updated > "+c.arg(q.Since)+", 0.001)")
	}
	if len(q.Words) > 0 {
		terms = append(terms, "rid IN (SELECT rowid FROM words WHERE words MATCH "+c.arg(match(typ, q.Words))+")")
	}
	if q.Where != nil {
		text, err := c.condition(q.Where, true)
		if err != nil {
			return nil, err
		}
		terms = append(terms, text)
	}
	c.walk = false
	order, err := c.order(q.Sort)
	if err != nil {
		return nil, err
	}
	place, err := c.after(order, q.After)
	if err != nil {
		return nil, err
	}
	terms = append(terms, place)
	return &plan{where: strings.Join(terms, " AND "), order: order.text(), args: c.args, limit: q.Limit, exact: c.exact}, nil
}

func inState(state collections.State) []string {
	switch state {
	case collections.Live:
		return []string{"deleted = 0"}
	case collections.Attention:
		return []string{"deleted = 0", "attention = 1"}
	case collections.Trash:
		return []string{"deleted = 1"}
	}
	return nil
}

// text is the query for the rowids, with the values where Go has to decide.
func (p *plan) text() string {
	if p.exact {
		return `SELECT rid, NULL FROM records WHERE ` + p.where + ` ORDER BY ` + p.order + ` LIMIT ` + strconv.Itoa(p.limit)
	}
	return `SELECT rid, value FROM records WHERE ` + p.where + ` ORDER BY ` + p.order
}

// each calls f for each document of the query in its order, until f says to stop.
func (p *plan) each(ctx context.Context, tx *sql.Tx, q *collections.Query, f func(rid int64) bool) error {
	rows, err := tx.QueryContext(ctx, p.text(), p.args...)
	if err != nil {
		return readable(err)
	}
	defer rows.Close()
	for rows.Next() {
		var rid int64
		var text sql.RawBytes
		if err := rows.Scan(&rid, &text); err != nil {
			return err
		}
		if !p.exact {
			matched, err := matches(q, text)
			if err != nil {
				return err
			}
			if !matched {
				continue
			}
		}
		if !f(rid) {
			break
		}
	}
	return readable(rows.Err())
}

func matches(q *collections.Query, text []byte) (bool, error) {
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		return false, damaged("a value of type %q", q.Type)
	}
	return q.Where.Match(value), nil
}

// readable says what it means when SQLite cannot read a value as JSON.
func readable(err error) error {
	if err != nil && strings.Contains(err.Error(), "malformed JSON") {
		return damaged("a record's value")
	}
	return err
}

// byRowID reads records in the order of rids: by one query, as each costs more than the
// row it reads.
func (s *Store) byRowID(ctx context.Context, tx *sql.Tx, rids []int64) ([]*collections.Record, error) {
	if len(rids) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(rids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.StmtContext(ctx, s.byRows).QueryContext(ctx, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make([]*collections.Record, len(rids))
	for rows.Next() {
		var place int
		r, err := s.readRecord(numbered{rows, &place})
		if err != nil {
			return nil, err
		}
		found[place] = r
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i, r := range found {
		if r == nil {
			return nil, damaged("row %d of table records", rids[i])
		}
	}
	return found, nil
}

// numbered reads rows whose first column is their place in a list.
type numbered struct {
	*sql.Rows
	place *int
}

// Scan implements scanner.
func (n numbered) Scan(dest ...any) error { return n.Rows.Scan(append([]any{n.place}, dest...)...) }
