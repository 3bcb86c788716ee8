package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"

	"github.com/fieldstack/fieldstack/crdt"
)

// The ranks of values, in the order of [collections.Sort].
const (
	rankNull = iota // absent, null
	rankFalse
	rankTrue
	rankNumber
	rankText
	rankRest
)

// sortKeys are two SQL expressions that together order a field as [collections.Sort]
// says: the rank of its value, and its value where the rank is number or text, else 0.
// Neither is ever NULL. A number is cast to REAL because canonical JSON writes large
// doubles with digits that an exact integer comparison would take at their word.
type sortKeys struct{ rank, value string }

// keysOf gives the sort keys of the value at a JSON path; path is SQL for it.
func keysOf(path string) sortKeys {
	return sortKeys{
		rank: `CASE json_type(value, ` + path + `) WHEN 'text' THEN 4 WHEN 'integer' THEN 3 WHEN 'real' THEN 3` +
			` WHEN 'true' THEN 2 WHEN 'false' THEN 1 WHEN 'array' THEN 5 WHEN 'object' THEN 5 ELSE 0 END`,
		value: `CASE json_type(value, ` + path + `) WHEN 'text' THEN json_extract(value, ` + path + `)` +
			` WHEN 'integer' THEN CAST(json_extract(value, ` + path + `) AS REAL)` +
			` WHEN 'real' THEN json_extract(value, ` + path + `) ELSE 0 END`,
	}
}

// jsonPath is a field as SQLite's JSON functions want it: each key as a JSON string,
// so that no key can be taken for anything else. SQLite ends a key at NUL; such a
// field is refused.
func jsonPath(field []string) (string, error) {
	path := []byte("$")
	for _, key := range field {
		if strings.ContainsRune(key, 0) {
			return "", fmt.Errorf("sqlite: field %q: a name cannot hold the character NUL", strings.Join(field, "."))
		}
		path = crdt.AppendValue(append(path, '.'), key)
	}
	return string(path), nil
}

// recordTime names the column of a field that is the record's own time, "" otherwise.
func recordTime(field []string) string {
	if len(field) == 1 {
		switch field[0] {
		case "_updated":
			return "updated"
		case "_created":
			return "created"
		}
	}
	return ""
}

// fields numbers the fields that have generated columns. They never go.
type fields struct {
	mu  sync.RWMutex
	num map[string]int64 // by JSON path
}

func loadFields(ctx context.Context, db *sql.DB) (*fields, error) {
	f := &fields{num: map[string]int64{}}
	rows, err := db.QueryContext(ctx, `SELECT num, path FROM fields`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var num int64
		var path string
		if err := rows.Scan(&num, &path); err != nil {
			return nil, err
		}
		f.num[path] = num
	}
	return f, rows.Err()
}

// columns gives the generated columns of a JSON path, false where it has none.
func (f *fields) columns(path string) (sortKeys, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	num, ok := f.num[path]
	return columnsOf(num), ok
}

func columnsOf(num int64) sortKeys {
	return sortKeys{rank: fmt.Sprintf("r%d", num), value: fmt.Sprintf("v%d", num)}
}

func (f *fields) add(path string, num int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.num[path] = num
}
