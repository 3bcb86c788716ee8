package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Options say which file to open and how. Path is required.
type Options struct {
	Path   string           // the database file; made if it is not there, its folder too
	Log    *slog.Logger     // default: discarded
	Now    func() time.Time // default time.Now
	Random io.Reader        // makes the epoch; default crypto/rand
	Verify bool             // read the whole file first, and refuse it if anything is damaged

	folding foldPlan // default defaultFolding
}

// withDefaults fills in what was left out and makes the path absolute.
func (o Options) withDefaults() (Options, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.folding == (foldPlan{}) {
		o.folding = defaultFolding
	}
	if o.Path == "" {
		return o, errors.New("no path given: say where the database file is")
	}
	if o.Path == ":memory:" {
		return o, errors.New("a database in memory keeps nothing: give it a file, or in tests use storetest.Memory")
	}
	path, err := filepath.Abs(o.Path)
	o.Path = path
	return o, err
}

// Store is a [collections.Store] in one SQLite file. Safe for concurrent use.
type Store struct {
	path    string
	log     *slog.Logger
	epoch   string
	lock    *os.File
	closed  atomic.Bool // lock is let go
	readers *sql.DB
	byKey   *sql.Stmt // recordByKey
	byRows  *sql.Stmt // recordsByRow
	writer  *writer
	heads   *heads
	types   *types
	fields  *fields

	codec     *codec
	blocks    recentBlocks
	lastChain atomic.Pointer[chain]
	folder    *folder
}

var _ collections.Store = (*Store)(nil)

// Open opens the database, or makes it. It fails when another process has it open,
// when the file is of another program or of a newer version of this one.
func Open(ctx context.Context, o Options) (*Store, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("sqlite: open: %w", err)
	}
	s, err := open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", o.Path, err)
	}
	return s, nil
}

func open(ctx context.Context, o Options) (_ *Store, err error) {
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o700); err != nil {
		return nil, err
	}
	s := &Store{path: o.Path, log: o.Log, codec: newCodec()}
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	if s.lock, err = acquire(o.Path); err != nil {
		return nil, err
	}
	if o.Verify {
		if err := verifyIfThere(ctx, o.Path); err != nil {
			return nil, err
		}
	}
	if s.writer, err = openWriter(ctx, o.Path); err != nil {
		return nil, err
	}
	if err := migrate(ctx, s.writer.conn, o.Now()); err != nil {
		return nil, err
	}
	if s.epoch, err = ensureEpoch(ctx, s.writer.conn, o.Random); err != nil {
		return nil, err
	}
	if s.readers, err = connect(o.Path, max(4, 2*runtime.GOMAXPROCS(0)), readerSettings...); err != nil {
		return nil, err
	}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	return s, s.startFolding(ctx, o.folding)
}

// load reads what is kept in memory.
func (s *Store) load(ctx context.Context) (err error) {
	if s.types, err = loadTypes(ctx, s.readers); err != nil {
		return err
	}
	if s.fields, err = loadFields(ctx, s.readers); err != nil {
		return err
	}
	s.heads = &heads{}
	if err = s.heads.load(ctx, s.readers); err != nil {
		return err
	}
	if s.byKey, err = s.readers.PrepareContext(ctx, recordByKey); err != nil {
		return err
	}
	s.byRows, err = s.readers.PrepareContext(ctx, recordsByRow)
	return err
}

// Close waits for what is under way, and lets go of the file.
func (s *Store) Close() error {
	if err := s.release(); err != nil {
		return fmt.Errorf("sqlite: close %s: %w", s.path, err)
	}
	return nil
}

// release closes what is open; the lock goes last.
func (s *Store) release() (err error) {
	s.stopFolding()
	if s.readers != nil {
		err = errors.Join(err, s.readers.Close())
	}
	if s.writer != nil {
		err = errors.Join(err, s.writer.close())
	}
	if s.lock != nil && !s.closed.Swap(true) {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

// Epoch implements [collections.Store].
func (s *Store) Epoch(ctx context.Context) (string, error) { return s.epoch, ctx.Err() }
