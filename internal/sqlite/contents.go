package sqlite

import (
	"context"
	"fmt"
)

// Contents counts what a database file holds of one type.
type Contents struct {
	Type           string
	Records, Trash int
	Newest         int64 // when its last change was accepted, ms since 1970 UTC
}

// ReadContents counts the records of a database file by type. It checks nothing: see
// [Verify].
func ReadContents(ctx context.Context, path string) (list []Contents, err error) {
	db, err := connect(path, 1, readerSettings...)
	if err != nil {
		return nil, fmt.Errorf("sqlite: read the contents of %s: %w", path, err)
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT types.name, COUNT(*), SUM(deleted), MAX(updated)
		FROM records JOIN types ON types.num = records.type GROUP BY types.name ORDER BY types.name`)
	if err != nil {
		return nil, unreadable(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Contents
		if err := rows.Scan(&c.Type, &c.Records, &c.Trash, &c.Newest); err != nil {
			return nil, unreadable(err)
		}
		c.Records -= c.Trash
		list = append(list, c)
	}
	return list, unreadable(rows.Err())
}
