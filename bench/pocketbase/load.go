package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// loadStep is how many records are written in one transaction.
const loadStep = 10_000

// load writes the lines of a file as records, each inserted, or updated where its id
// is there: with the statements that a save ends in, and without the rest of it, for
// only the bytes on disk are looked at.
func load(app core.App, path string) error {
	if err := app.Bootstrap(); err != nil {
		return err
	}
	defer app.ResetBootstrapState()
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if err := makeCollection(app); err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := json.NewDecoder(file)
	for more := true; more && err == nil; {
		err = app.RunInTransaction(func(tx core.App) (err error) {
			more, err = loadSome(tx, lines)
			return err
		})
	}
	if err == nil {
		_, err = app.DB().NewQuery("PRAGMA wal_checkpoint(TRUNCATE)").Execute()
	}
	return err
}

// loadSome writes the next records; more is false at the end.
func loadSome(tx core.App, lines *json.Decoder) (more bool, err error) {
	for range loadStep {
		var record dbx.Params
		if err := lines.Decode(&record); errors.Is(err, io.EOF) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		if err := save(tx, record); err != nil {
			return false, err
		}
	}
	return true, nil
}

func save(tx core.App, record dbx.Params) error {
	for _, field := range []string{"tags", "parts"} {
		text, err := json.Marshal(record[field])
		if err != nil {
			return err
		}
		record[field] = string(text)
	}
	now := time.Now().UTC().Format("2006-01-02 15:04:05.000Z")
	record["updated"] = now
	result, err := tx.DB().Update("workorders", record, dbx.HashExp{"id": record["id"]}).Execute()
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); n > 0 || err != nil {
		return err
	}
	record["created"] = now
	_, err = tx.DB().Insert("workorders", record).Execute()
	return err
}
