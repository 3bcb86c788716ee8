// Command pocketbase is the peer of the HTTP benchmarks: PocketBase as its makers ship
// it, with one collection that has the fields of a work order and no rules in the way.
// It is a module of its own, so that none of it reaches ours.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	config := pocketbase.Config{DefaultDataDir: os.Getenv("PB_DATA")}
	if os.Getenv("PB_FSYNC") != "" {
		config.DBConnect = connectDurably
	}
	app := pocketbase.NewWithConfig(config)
	if path := os.Getenv("PB_LOAD"); path != "" {
		if err := load(app, path); err != nil {
			log.Fatal(err)
		}
		return
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := makeCollection(e.App); err != nil {
			return err
		}
		if os.Getenv("PB_BATCH") != "" {
			if err := allowBatches(e.App); err != nil {
				return err
			}
		}
		if n, err := strconv.Atoi(os.Getenv("PB_FILL")); err == nil {
			if err := fill(e.App, n); err != nil {
				return err
			}
		}
		return e.Next()
	})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

// connectDurably is PocketBase's own way to connect but for one setting: it waits for
// the disk at each commit, where its own leaves the last ones to the operating system.
func connectDurably(path string) (*dbx.DB, error) {
	return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}

// allowBatches turns on the API by which many records are written in one request, which
// is off as it is shipped.
func allowBatches(app core.App) error {
	batch := &app.Settings().Batch
	if batch.Enabled {
		return nil
	}
	batch.Enabled, batch.MaxRequests, batch.Timeout = true, 500, 60
	return app.Save(app.Settings())
}

// makeCollection makes the collection of work orders, open to everybody.
func makeCollection(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("workorders"); err == nil {
		return nil
	}
	c := core.NewBaseCollection("workorders")
	open := types.Pointer("")
	c.ListRule, c.ViewRule, c.CreateRule, c.UpdateRule, c.DeleteRule = open, open, open, open, open
	c.Fields.Add(
		&core.TextField{Name: "title", Required: true, Min: 3, Max: 120},
		&core.SelectField{Name: "status", Required: true, MaxSelect: 1, Values: []string{"open", "in_progress", "waiting", "done"}},
		&core.SelectField{Name: "priority", Required: true, MaxSelect: 1, Values: []string{"low", "normal", "high", "urgent"}},
		&core.TextField{Name: "site", Max: 80},
		&core.TextField{Name: "assignee", Max: 80},
		&core.TextField{Name: "due", Max: 10},
		&core.TextField{Name: "notes", Max: 100000},
		&core.JSONField{Name: "tags"},
		&core.JSONField{Name: "parts"},
		&core.NumberField{Name: "hours"},
		&core.NumberField{Name: "meter"},
		&core.TextField{Name: "signature", Max: 80},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	c.AddIndex("by_title", false, "title", "")
	c.AddIndex("by_status", false, "status", "")
	c.AddIndex("by_site", false, "site", "")
	return app.Save(c)
}

// fill brings the collection to n records in one transaction, by copies of the records
// that were created over HTTP: the fastest way there is, and not what is measured.
func fill(app core.App, n int) error {
	return app.RunInTransaction(func(tx core.App) error {
		for have := 0; ; {
			if err := tx.DB().NewQuery("SELECT count(*) FROM workorders").Row(&have); err != nil || have >= n || have == 0 {
				return err
			}
			columns := "title, status, priority, site, assignee, due, notes, tags, parts, hours, meter, signature, created, updated"
			_, err := tx.DB().NewQuery(fmt.Sprintf(`INSERT INTO workorders (id, %s)
				SELECT lower(hex(randomblob(7))) || 'a', %s FROM workorders LIMIT %d`, columns, columns, n-have)).Execute()
			if err != nil {
				return err
			}
		}
	})
}
