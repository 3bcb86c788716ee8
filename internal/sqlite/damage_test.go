package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/collections"
)

// damageSize is how many documents the damaged files have.
const damageSize = 20

// makeFile makes a database of damageSize documents in one file, with nothing in the
// journal. Its log is folded into blocks of a size, 0 for none.
func makeFile(t *testing.T, fold int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "data.db")
	s := mustOpen(t, path)
	must(t, s.EnsureIndex(t.Context(), "work-order", []string{"status"}))
	b := history(1, damageSize)
	b.Items = []collections.Item{{Kind: "k", Key: "a", Data: []byte(`{"some":"item"}`)}}
	must(t, s.Commit(t.Context(), b))
	if fold > 0 {
		must(t, foldNow(t.Context(), s, fold))
	}
	must(t, s.Close())
	return path
}

// Whichever column of a row the disk changes, that row is refused and named, and all
// others are served.
func TestBitflip_EveryRecord(t *testing.T) {
	s := mustOpen(t, makeFile(t, 0))
	for _, c := range []struct {
		table
		read func(n uint64) error
	}{
		{recordTable, func(n uint64) error { _, err := s.Record(t.Context(), "work-order", docID(n)); return err }},
		{receiptTable, func(n uint64) error { _, err := s.Receipt(t.Context(), device, n); return err }},
		{logTable, func(n uint64) error {
			_, err := s.Log(t.Context(), stream, n-1, 1)
			return err
		}},
	} {
		for i, column := range append(c.columns[c.key:], "sum") {
			n := uint64(i%(damageSize-1)) + 1
			was := change(t, s, c.table, column, n, nil)
			if err := c.read(n); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.name) {
				t.Errorf("column %s of row %d of %s is damaged, and read: %v", column, n, c.name, err)
			}
			if err := c.read(n + 1); err != nil {
				t.Errorf("column %s of row %d of %s is damaged, and the row after it: %v", column, n, c.name, err)
			}
			change(t, s, c.table, column, n, was)
			must(t, c.read(n))
		}
	}
	change(t, s, recordTable, "value", 3, []any{`{"status":"open"}`})
	if _, err := s.Find(t.Context(), &collections.Query{Type: "work-order", Limit: 10}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a list with a damaged record: %v", err)
	}
	if _, err := s.Records(t.Context(), []collections.Key{{Type: "work-order", ID: docID(3)}}); !errors.Is(err, ErrDamaged) {
		t.Errorf("many records with a damaged one: %v", err)
	}
}

// Whatever the disk changes of a block, or of what leads to it, its entries and
// receipts are refused, and others are served.
func TestBitflip_EveryBlock(t *testing.T) {
	s := mustOpen(t, makeFile(t, 5))
	for _, c := range []struct {
		table
		read func(n uint64) error
	}{
		{blockTable, func(n uint64) error {
			_, err := s.Log(t.Context(), stream, 5*(n-1), 1)
			return err
		}},
		{blockStreamTable, func(n uint64) error {
			_, err := s.Log(t.Context(), stream, 5*n-1, 1)
			return err
		}},
		{blockReplicaTable, func(n uint64) error { _, err := s.Receipt(t.Context(), device, 5*n); return err }},
	} {
		for i, column := range append(c.columns[c.key:], "sum") {
			n := uint64(i%3) + 1
			was := change(t, s, c.table, column, n, nil)
			s.blocks.kept = [4]*block{}
			if err := c.read(n); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), c.name) {
				t.Errorf("column %s of row %d of %s is damaged, and read: %v", column, n, c.name, err)
			}
			if err := c.read(n + 1); err != nil {
				t.Errorf("column %s of row %d of %s is damaged, and the row after it: %v", column, n, c.name, err)
			}
			change(t, s, c.table, column, n, was)
			must(t, c.read(n))
		}
	}
}

// change writes a column of the n-th row of a table past the checksum: to a value near
// what it was, or to the one value given. It gives what was there.
func change(t *testing.T, s *Store, table table, column string, n uint64, to []any) (was []any) {
	t.Helper()
	var old any
	row := fmt.Sprintf(`rowid = (SELECT rowid FROM %s ORDER BY rowid LIMIT 1 OFFSET %d)`, table.name, n-1)
	switch table.name {
	case "receipts":
		row = fmt.Sprintf(`n = %d`, n)
	case "block_streams", "block_replicas":
		row = fmt.Sprintf(`last = %d`, 5*n)
	}
	conn := s.writer.conn
	must(t, conn.QueryRowContext(t.Context(), `SELECT `+column+` FROM `+table.name+` WHERE `+row).Scan(&old))
	switch {
	case to != nil:
	case column == "prev":
		to = []any{n + 7}
	default:
		to = []any{nearby(old)}
	}
	_, err := conn.ExecContext(t.Context(), `UPDATE `+table.name+` SET `+column+` = ? WHERE `+row, to[0])
	must(t, err)
	return []any{old}
}

// nearby is what one flipped bit could make of a value.
func nearby(v any) any {
	switch v := v.(type) {
	case int64:
		return v ^ 1
	case string:
		return v + "\x00"
	case []byte:
		return append(append([]byte{}, v...), 0)
	}
	return "appeared"
}

// flips is how many single bits TestBitflip_AnyBit flips; FIELDSTACK_FLIPS changes it.
func flips() int {
	if n, err := strconv.Atoi(os.Getenv("FIELDSTACK_FLIPS")); err == nil {
		return n
	}
	if raced {
		return 5
	}
	return 100
}

// Whichever bit of the file the disk flips, nothing that is read is other than it was
// written: it is refused, or it is missing and Verify says that the file is damaged.
func TestBitflip_AnyBit(t *testing.T) {
	t.Run("rows", func(t *testing.T) { testAnyBit(t, makeFile(t, 0)) })
	t.Run("blocks", func(t *testing.T) { testAnyBit(t, makeFile(t, 6)) })
}

func testAnyBit(t *testing.T, file string) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	original, err := os.ReadFile(file)
	must(t, err)
	path := filepath.Join(t.TempDir(), "flipped.db")
	write := func(file []byte) { must(t, os.WriteFile(path, file, 0o600)) }
	write(original)
	want := readAll(t.Context(), path)
	refused, unnoticed := 0, 0
	for range flips() {
		bit := random.Intn(8 * len(original))
		file := append([]byte{}, original...)
		file[bit/8] ^= 1 << (bit % 8)
		write(file)
		_, verdict := Verify(t.Context(), path)
		write(file)
		for i, got := range readAll(t.Context(), path) {
			switch {
			case got.err != nil && !errors.Is(got.err, collections.ErrNotFound):
				refused++
			case cmp.Equal(got.value, want[i].value):
				unnoticed++
			case got.missing && verdict != nil:
			default:
				t.Fatalf("bit %d flipped: %s is not as it was, Verify said %v:\n%s", bit, got.name, verdict, cmp.Diff(want[i].value, got.value))
			}
		}
	}
	if refused == 0 && flips() >= 100 { // a few may all hit pages that nothing is on
		t.Fatal("no flip was ever noticed")
	}
	t.Logf("%d reads refused, %d as they were written", refused, unnoticed)
}

// reading is one thing read from a store.
type reading struct {
	name    string
	value   any
	missing bool // it is not there, or cut short
	err     error
}

// readAll reads everything that a file has, or fails to.
func readAll(ctx context.Context, path string) (all []reading) {
	s, err := Open(ctx, Options{Path: path})
	if err != nil {
		return nil
	}
	defer s.Close()
	for n := uint64(1); n <= damageSize; n++ {
		r, err := s.Record(ctx, "work-order", docID(n))
		all = append(all, reading{fmt.Sprint("record ", n), r, r == nil, err})
		receipt, err := s.Receipt(ctx, device, n)
		all = append(all, reading{fmt.Sprint("receipt ", n), receipt, receipt == nil, err})
		entries, err := s.Log(ctx, stream, n-1, 1)
		all = append(all, reading{fmt.Sprint("entry ", n), entries, len(entries) == 0, err})
	}
	state, err := s.Replica(ctx, device)
	all = append(all, reading{"replica", state, state == nil, err})
	item, err := s.Item(ctx, "k", "a")
	all = append(all, reading{"item", item, item == nil, err})
	return all
}
