package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/collections"
)

// copied is all of a store as Backup writes it.
type copied struct {
	Log      []collections.Entry
	Records  []*collections.Record
	Receipts []collections.Receipt
	Replicas []collections.ReplicaState
	Items    []collections.Item
}

// Backup implements [collections.Store]; [Restore] reads what it writes.
func (s *Store) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	var text []byte
	err := s.read(ctx, func() (err error) {
		text, err = json.Marshal(copied{
			Log:      s.log,
			Records:  slices.Collect(maps.Values(s.records)),
			Receipts: slices.Collect(maps.Values(s.receipts)),
			Replicas: slices.Collect(maps.Values(s.replicas)),
			Items:    slices.Collect(maps.Values(s.items)),
		})
		return err
	})
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
	for _, e := range c.Log {
		s.log = append(s.log, e)
		s.head[e.Stream] = e.N
	}
	for _, r := range c.Records {
		s.records[r.Key] = r
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
