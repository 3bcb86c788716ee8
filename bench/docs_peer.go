package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// docsPocketBase puts the same records into PocketBase's own table, in its own file:
// inserted, then each updated once.
func docsPocketBase(ctx context.Context, orders *orders, dir string, r *report) error {
	program := filepath.Join(dir, "pocketbase")
	if err := build(ctx, filepath.Join("bench", "pocketbase"), ".", program); err != nil {
		return err
	}
	data := filepath.Join(dir, "pb_data")
	for _, part := range []struct {
		work  string
		value func(i int) map[string]any
	}{{docsCreated, orders.order}, {docsEdited, orders.afterEdit}} {
		lines := filepath.Join(dir, "records.jsonl")
		if err := orders.writeLines(lines, part.value); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "  pocketbase: writing %d records …\n", orders.count)
		cmd := exec.CommandContext(ctx, program)
		cmd.Env = append(os.Environ(), "PB_DATA="+data, "PB_LOAD="+lines)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return err
		}
		if err := reportBytes(ctx, r, part.work, "pocketbase", filepath.Join(data, "data.db"), orders.count, pocketbaseParts); err != nil {
			return err
		}
	}
	return nil
}

// afterEdit is the i-th order as the edit left it.
func (o *orders) afterEdit(i int) map[string]any {
	value := o.order(i)
	path, to := o.edit(i, value)
	value[path[0]] = to
	return value
}

// writeLines writes the records as lines of JSON, with ids as PocketBase makes them.
func (o *orders) writeLines(path string, value func(i int) map[string]any) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	buffer := bufio.NewWriter(file)
	lines := json.NewEncoder(buffer)
	for i := range o.count {
		record := value(i)
		record["id"] = o.peerID(i)
		if err := lines.Encode(record); err != nil {
			return err
		}
	}
	return buffer.Flush()
}
