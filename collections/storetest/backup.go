package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// copied is all of a store as Backup writes it.
type copied struct {
	Floor    collections.Position
	Log      []copiedEntry
	Records  []*collections.Record
	Receipts []collections.Receipt
	Replicas []collections.ReplicaState
	Items    []collections.Item
}

// copiedEntry is an entry with its change as canonical JSON.
type copiedEntry struct {
	collections.Entry
	Change json.RawMessage `json:",omitempty"`
}

func copyEntry(e collections.Entry) copiedEntry {
	c := copiedEntry{Entry: e}
	if e.Change != nil {
		c.Change = crdt.AppendChange(nil, e.Change)
	}
	return c
}

func (c copiedEntry) entry() (e collections.Entry, err error) {
	e = c.Entry
	if c.Change != nil {
		e.Change, err = crdt.ParseChange(c.Change, crdt.Limits{})
	}
	return e, err
}

func (s *Store) copy() copied {
	c := copied{
		Floor:    s.floor,
		Receipts: slices.Collect(maps.Values(s.receipts)),
		Replicas: slices.Collect(maps.Values(s.replicas)),
		Items:    slices.Collect(maps.Values(s.items)),
	}
	for _, e := range s.log {
		c.Log = append(c.Log, copyEntry(e))
	}
	for _, d := range s.records {
		c.Records = append(c.Records, d.Record)
	}
	return c
}

// Backup implements [collections.Store]; [Restore] reads what it writes.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	var text []byte
	err := s.read(ctx, func() (err error) { text, err = json.Marshal(s.copy()); return err })
	if err == nil {
		_, err = w.Write(text)
	}
	if err != nil {
		return fmt.Errorf("storetest: backup: %w", err)
	}
	if progress != nil {
		progress(int64(len(text)), int64(len(text)))
	}
	return nil
}

// Restore makes a store of what Backup wrote, with an epoch of its own.
func Restore(r io.Reader) (*Store, error) {
	var c copied
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return nil, fmt.Errorf("storetest: restore: %w", err)
	}
	s := Memory()
	maps.Copy(s.floor, c.Floor)
	maps.Copy(s.head, c.Floor)
	for _, copied := range c.Log {
		e, err := copied.entry()
		if err != nil {
			return nil, fmt.Errorf("storetest: restore: %w", err)
		}
		s.log = append(s.log, e)
		s.head[e.Stream] = e.N
	}
	for _, r := range c.Records {
		s.records[r.Key] = Read(r)
	}
	for _, r := range c.Receipts {
		s.receipts[change{r.Replica, r.N}] = r
	}
	for _, r := range c.Replicas {
		s.replicas[r.Replica] = r
	}
	for _, i := range c.Items {
		s.items[itemKey{i.Kind, i.Key}] = i
	}
	return s, nil
}
