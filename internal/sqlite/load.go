package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

var _ collections.Loader = (*Store)(nil)

// LoadPart implements [collections.Loader]: one transaction, one fsync. While a log is
// loaded, the table loading knows the last entry of each document, as a folded log is
// followed by it; [Store.Loaded] takes the table away.
func (s *Store) LoadPart(ctx context.Context, part *collections.Part) error {
	if err := s.loadPart(ctx, part); err != nil {
		return fmt.Errorf("sqlite: load %s: %w", part.Kind, err)
	}
	return nil
}

func (s *Store) loadPart(ctx context.Context, part *collections.Part) error {
	if err := s.ensureTypesOf(ctx, part); err != nil {
		return err
	}
	receipts, err := s.unfolded(ctx, part.Receipts)
	if err != nil {
		return err
	}
	entries, err := s.following(part.Entries)
	if err != nil {
		return err
	}
	err = s.writer.do(ctx, func(tx *tx) error {
		if part.Kind == collections.PartEpoch {
			if _, err := tx.exec(`INSERT OR REPLACE INTO facts VALUES ('epoch', ?)`, part.Epoch); err != nil {
				return err
			}
		}
		if err := s.loadRows(tx, part, receipts); err != nil {
			return err
		}
		return s.loadEntries(tx, entries)
	})
	if err != nil {
		return err
	}
	if part.Kind == collections.PartEpoch {
		s.epoch = part.Epoch
	}
	if n := len(entries); n > 0 {
		s.heads.move(entries[n-1].Stream, entries[n-1].N)
		s.folder.grew(n)
	}
	if len(part.Streams) > 0 {
		return s.heads.load(ctx, s.readers)
	}
	return nil
}

func (s *Store) ensureTypesOf(ctx context.Context, part *collections.Part) error {
	for i := range part.Records {
		if _, err := s.ensureType(ctx, part.Records[i].Type); err != nil {
			return err
		}
	}
	for i := range part.Entries {
		if _, err := s.ensureType(ctx, part.Entries[i].Type); err != nil {
			return err
		}
	}
	return nil
}

// unfolded leaves out the receipts that are in a block already.
func (s *Store) unfolded(ctx context.Context, receipts []collections.Receipt) ([]collections.Receipt, error) {
	var rows []collections.Receipt
	for i := range receipts {
		r := &receipts[i]
		no, err := blockOfChange(ctx, s.readers, r.Replica, r.N)
		if err != nil {
			return nil, err
		}
		if no != 0 && r.Refused == nil {
			_, err := s.Receipt(ctx, r.Replica, r.N)
			if err == nil {
				continue
			}
			if !errors.Is(err, collections.ErrNotFound) {
				return nil, err
			}
		}
		rows = append(rows, *r)
	}
	return rows, nil
}

// following leaves out the entries that are there already.
func (s *Store) following(entries []collections.Entry) ([]collections.Entry, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	head := s.heads.of(entries[0].Stream)
	for len(entries) > 0 && entries[0].N <= head {
		entries = entries[1:]
	}
	for i := range entries {
		if e := &entries[i]; e.Stream != entries[0].Stream || e.N != head+1+uint64(i) {
			return nil, fmt.Errorf("entry %d of stream %q does not follow %d", e.N, e.Stream, head+uint64(i))
		}
	}
	return entries, nil
}

// loadRows writes all of a part but its entries.
func (s *Store) loadRows(tx *tx, part *collections.Part, receipts []collections.Receipt) error {
	for _, i := range part.Items {
		if _, err := tx.exec(itemTable.insert("INSERT OR REPLACE"), itemTable.sealed(i.Kind, i.Key, int64(i.Rev), bytesOf(i.Data))...); err != nil {
			return err
		}
	}
	for i := range part.Records {
		if err := s.loadRecord(tx, &part.Records[i]); err != nil {
			return err
		}
	}
	for i := range part.Replicas {
		r := &part.Replicas[i]
		if _, err := tx.exec(replicaTable.insert("INSERT OR REPLACE"), replicaColumns(r, r.Rev)...); err != nil {
			return err
		}
	}
	for i := range receipts {
		if err := writeReceipt(tx, &receipts[i]); err != nil {
			return err
		}
	}
	for _, st := range part.Streams {
		if err := loadStream(tx, st); err != nil {
			return err
		}
	}
	return nil
}

// loadRecord writes a record whatever is there of it.
func (s *Store) loadRecord(tx *tx, r *collections.Record) error {
	num := s.types.num(r.Type)
	columns, err := recordColumns(r, num)
	if err != nil {
		return err
	}
	var rid int64
	var words string
	err = tx.row([]any{&rid, &words}, `SELECT rid, words FROM records WHERE type = ? AND id = ?`, num, r.ID)
	if errors.Is(err, sql.ErrNoRows) {
		result, err := tx.exec(recordTable.insert("INSERT"), columns...)
		if err != nil {
			return err
		}
		if rid, err = result.LastInsertId(); err != nil {
			return err
		}
		return tx.index(rid, num, "", r.Words)
	}
	if err != nil {
		return err
	}
	if _, err := tx.exec(recordTable.update("rid = ?"), append(columns, rid)...); err != nil {
		return err
	}
	return tx.index(rid, num, words, r.Words)
}

func loadStream(tx *tx, st collections.StreamState) error {
	if st.Floor > 0 {
		if _, err := tx.exec(floorTable.insert("INSERT OR REPLACE"), floorTable.sealed(st.Stream, int64(st.Floor))...); err != nil {
			return err
		}
	}
	if st.Term == 0 {
		return nil
	}
	_, err := tx.exec(termTable.insert("INSERT OR REPLACE"), termTable.sealed(st.Stream, int64(st.Term))...)
	return err
}

// loadEntries appends to the log.
func (s *Store) loadEntries(tx *tx, entries []collections.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	_, err := tx.ddl(`CREATE TABLE IF NOT EXISTS loading (
		type INTEGER NOT NULL, doc TEXT NOT NULL, stream TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (type, doc)) STRICT, WITHOUT ROWID`)
	if err != nil {
		return err
	}
	for i := range entries {
		e := &entries[i]
		lasts := map[collections.Key]collections.Place{}
		if e.Change != nil {
			var last collections.Place
			err := tx.row([]any{&last.Stream, &last.N}, `SELECT stream, n FROM loading WHERE type = ? AND doc = ?`, s.types.num(e.Type), e.Change.Doc)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			lasts[collections.Key{Type: e.Type, ID: e.Change.Doc}] = last
			_, err = tx.exec(`INSERT OR REPLACE INTO loading VALUES (?, ?, ?, ?)`, s.types.num(e.Type), e.Change.Doc, e.Stream, int64(e.N))
			if err != nil {
				return err
			}
		}
		if err := s.writeEntry(tx, e, prevOf(lasts, e)); err != nil {
			return err
		}
	}
	return nil
}

// Loaded implements [collections.Loader].
func (s *Store) Loaded(ctx context.Context) error {
	err := s.writer.do(ctx, func(tx *tx) error {
		_, err := tx.ddl(`DROP TABLE IF EXISTS loading`)
		return err
	})
	if err == nil {
		err = s.Fold(ctx)
	}
	if err != nil {
		return fmt.Errorf("sqlite: load: %w", err)
	}
	return nil
}
