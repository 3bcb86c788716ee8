package sqlite

import (
	"fmt"
	"slices"
	"strings"
)

// table is one table whose rows carry a checksum. The order of its columns is the
// order in every statement and in the checksum, and never changes.
type table struct {
	name    string
	key     int      // how many of the first columns name a row
	columns []string // all but sum
	added   int      // how many of the last columns came later: where they are NULL, they are not in the checksum
}

var (
	logTable = table{name: "log", key: 2, added: 1, columns: []string{
		"stream", "n", "kind", "at", "who", "type", "version", "doc", "change", "prev"}}
	floorTable        = table{name: "floors", key: 1, columns: []string{"stream", "n"}}
	blockTable        = table{name: "blocks", key: 1, columns: []string{"no", "entries", "data"}}
	blockStreamTable  = table{name: "block_streams", key: 2, columns: []string{"stream", "last", "block"}}
	blockReplicaTable = table{name: "block_replicas", key: 2, columns: []string{"replica", "last", "block"}}
	recordTable       = table{name: "records", key: 2, columns: []string{
		"type", "id", "rev", "version", "deleted", "attention", "created", "created_by",
		"updated", "updated_by", "last_stream", "last_n", "problems", "words", "meta", "value"}}
	receiptTable = table{name: "receipts", key: 2, columns: []string{
		"replica", "n", "digest", "stamp", "refused", "doc", "first_id", "last_id"}}
	replicaTable = table{name: "replicas", key: 1, added: 3, columns: []string{
		"replica", "user", "n", "stamp", "seen", "rev", "last_stream", "last_n"}}
	termTable  = table{name: "terms", key: 1, columns: []string{"stream", "term"}}
	afterTable = table{name: "afters", key: 2, columns: []string{"stream", "n", "place"}}
	itemTable  = table{name: "items", key: 2, columns: []string{
		"kind", "key", "rev", "data"}}
)

// list names the columns as a SELECT that scan reads.
func (t table) list() string { return strings.Join(t.columns, ", ") + ", sum" }

// listOf is list, each column named with its table.
func (t table) listOf(name string) string {
	return name + "." + strings.Join(append(slices.Clone(t.columns), "sum"), ", "+name+".")
}

// insert is the statement that writes a row; verb is INSERT with what goes with it.
func (t table) insert(verb string) string {
	places := strings.Repeat("?, ", len(t.columns)) + "?"
	return fmt.Sprintf("%s INTO %s (%s) VALUES (%s)", verb, t.name, t.list(), places)
}

// update is the statement that rewrites the row that where names; the arguments of
// where come last.
func (t table) update(where string) string {
	sets := strings.Join(t.columns, " = ?, ") + " = ?, sum = ?"
	return fmt.Sprintf("UPDATE %s SET %s WHERE %s", t.name, sets, where)
}

// sealed appends the checksum to the columns of a row.
func (t table) sealed(columns ...any) []any { return append(columns, t.sum(columns)) }

// sum is the checksum of a row's columns.
func (t table) sum(columns []any) int64 {
	for range t.added {
		if last := len(columns) - 1; columns[last] == nil {
			columns = columns[:last]
		}
	}
	return sum(t.name, columns)
}

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// scan reads one row of list and verifies it. The columns are nil, int64, string or
// []byte exactly as they were written: nothing else passes the checksum.
func (t table) scan(row scanner) ([]any, error) {
	columns := make([]any, len(t.columns)+1)
	dest := make([]any, len(columns))
	for i := range columns {
		dest[i] = &columns[i]
	}
	if err := row.Scan(dest...); err != nil {
		return nil, err
	}
	columns, seal := columns[:len(t.columns)], columns[len(t.columns)]
	if !summable(columns) || seal != any(t.sum(columns)) {
		return nil, damaged("row %v of table %s", columns[:t.key], t.name)
	}
	return columns, nil
}

// summable is false for a kind of column that we never write.
func summable(columns []any) bool {
	for _, column := range columns {
		switch column.(type) {
		case nil, int64, string, []byte:
		default:
			return false
		}
	}
	return true
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
