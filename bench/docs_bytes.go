package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	_ "modernc.org/sqlite"
)

// parts says what the tables and indexes of a database file are for.
type parts struct {
	of     func(name string) string // the part that a table or index belongs to
	inside []inside                 // what is looked at within rows
}

// inside is a sum over the rows of a table.
type inside struct{ metric, query string }

var fieldstackParts = parts{
	of: func(name string) string {
		switch {
		case strings.HasPrefix(name, "words"):
			return "search"
		case name == "records":
			return "rows"
		case strings.HasPrefix(name, "records_"), name == "sqlite_autoindex_records_1":
			return "indexes"
		case strings.HasPrefix(name, "log"), strings.HasPrefix(name, "blocks"), name == "sqlite_autoindex_log_1":
			return "log"
		case strings.HasPrefix(name, "receipts"):
			return "receipts"
		}
		return "other"
	},
	inside: []inside{
		{"value", "SELECT sum(octet_length(value)) FROM records"},
		{"meta", "SELECT sum(octet_length(meta)) FROM records"},
	},
}

var pocketbaseParts = parts{
	of: func(name string) string {
		switch {
		case name == "workorders":
			return "rows"
		case name == "sqlite_autoindex_workorders_1", strings.HasPrefix(name, "by_"):
			return "indexes"
		}
		return "other"
	},
}

// reportBytes adds the bytes of each part of a database file, for each document. The
// pages of a table or index count whole, as the file has them.
func reportBytes(ctx context.Context, r *report, work, engine, path string, documents int, p parts) error {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	each := func(metric string, bytes int64) float64 {
		value := float64(bytes) / float64(documents)
		r.add(work, engine, metric, value, "B/doc")
		return value
	}
	sums := map[string]float64{}
	for _, i := range p.inside {
		var bytes int64
		if err := db.QueryRowContext(ctx, i.query).Scan(&bytes); err != nil {
			return fmt.Errorf("%s: %w", i.metric, err)
		}
		sums[i.metric] = each(i.metric, bytes)
	}
	pages, err := bytesOfParts(ctx, db, p.of)
	if err != nil {
		return err
	}
	for _, part := range []string{"rows", "indexes", "search", "log", "receipts", "other", "free"} {
		if bytes, ok := pages[part]; ok {
			sums[part] = each(part, bytes)
		}
	}
	file, err := os.Stat(path)
	if err != nil {
		return err
	}
	total := each("total", file.Size())
	plain, ok := sums["value"]
	if !ok {
		return nil
	}
	// A value is canonical JSON without white space, and so what a record takes plainly.
	r.add(work, engine, "value+meta / JSON", (plain+sums["meta"])/plain, "ratio")
	r.add(work, engine, "log / JSON", sums["log"]/plain, "ratio")
	r.add(work, engine, "total / JSON", total/plain, "ratio")
	return nil
}

// bytesOfParts sums pages by part.
func bytesOfParts(ctx context.Context, db *sql.DB, of func(name string) string) (map[string]int64, error) {
	sums := map[string]int64{}
	var free int64
	err := db.QueryRowContext(ctx, `SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size`).Scan(&free)
	if err != nil {
		return nil, err
	}
	sums["free"] = free
	rows, err := db.QueryContext(ctx, `SELECT name, sum(pgsize) FROM dbstat GROUP BY name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var bytes int64
		if err := rows.Scan(&name, &bytes); err != nil {
			return nil, err
		}
		sums[of(name)] += bytes
	}
	return sums, rows.Err()
}
