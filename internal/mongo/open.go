package mongo

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"go.mongodb.org/mongo-driver/event"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"

	"github.com/fieldstack/fieldstack/collections"
)

// Options say which database is opened, and how.
type Options struct {
	// URI is a connection string, mongodb:// or mongodb+srv://. Its path names the
	// database; without one it is "fieldstack".
	URI string

	Random io.Reader    // of the epoch and of the names of batches; nil: crypto/rand
	Log    *slog.Logger // nil: slog's default

	// Timeout is how long one call of the database may take; 0: 15 seconds. A write of
	// which no answer came is asked after for up to Patience; 0: 45 seconds. What another
	// server holds is waited for up to LockWait, and then taken away; 0: 3 seconds.
	Timeout, Patience, LockWait time.Duration

	monitor *event.CommandMonitor // sees what is sent, in tests
}

// indexTimeout is how long making an index may take: it reads all there is.
const indexTimeout = 2 * time.Hour

// connectTimeout is how long a connection may take to be made; the call that wants it has
// its own deadline.
const connectTimeout = 10 * time.Second

// defaultDatabase is the database where the URI names none.
const defaultDatabase = "fieldstack"

func (o Options) withDefaults() Options {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{{&o.Timeout, 15 * time.Second}, {&o.Patience, 45 * time.Second}, {&o.LockWait, 3 * time.Second}} {
		if *d.value <= 0 {
			*d.value = d.usual
		}
	}
	return o
}

// Store is a [collections.Store] in one database of a MongoDB server. Safe for concurrent
// use, and beside other Stores on the same database, in this process and in others.
type Store struct {
	client   *driver.Client
	database string
	server   Server
	epoch    string

	log      *slog.Logger
	random   io.Reader
	timeout  time.Duration
	patience time.Duration
	lockWait time.Duration

	packer   *zstd.Encoder
	unpacker *zstd.Decoder

	sure *driver.Database // reads what the majority has: what is read stays true
	here *driver.Database // reads what the primary has: to find out what became of a write

	mu      sync.Mutex
	streams map[string]*stream // that were written to
	types   map[string]bool    // whose collections are known to have their indexes

	// fault stands between the store and the database, in tests.
	fault func(what string, do func() error) error
}

var _ collections.Store = (*Store)(nil)

// Open connects to a database, or makes it. It fails where the server does not answer
// within the timeout, and where the database is of a newer version of this program.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := open(ctx, o.withDefaults())
	if err != nil {
		return nil, fmt.Errorf("mongo: open %s: %w", Shown(o.URI), err)
	}
	return s, nil
}

func open(ctx context.Context, o Options) (*Store, error) {
	database, err := databaseOf(o.URI)
	if err != nil {
		return nil, err
	}
	s := &Store{
		database: database, log: o.Log, random: o.Random,
		timeout: o.Timeout, patience: o.Patience, lockWait: o.LockWait,
		streams: map[string]*stream{}, types: map[string]bool{},
	}
	if s.packer, err = zstd.NewWriter(nil); err != nil {
		return nil, err
	}
	if s.unpacker, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0)); err != nil {
		return nil, err
	}
	client := options.Client().ApplyURI(o.URI).SetAppName("fieldstack").
		SetServerSelectionTimeout(o.Timeout).SetConnectTimeout(connectTimeout)
	if o.monitor != nil {
		client.SetMonitor(o.monitor)
	}
	if s.client, err = driver.Connect(ctx, client); err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// begin finds out what the server is, and makes the database ready.
func (s *Store) begin(ctx context.Context) (err error) {
	err = s.call(ctx, "ping", func(ctx context.Context) error { return s.client.Ping(ctx, readpref.Primary()) })
	if err != nil {
		return err
	}
	if s.server, err = s.ask(ctx); err != nil {
		return err
	}
	durable := writeconcern.Majority()
	journal := true
	durable.Journal = &journal
	of := func(reads *readconcern.ReadConcern) *driver.Database {
		o := options.Database().SetWriteConcern(durable).SetReadPreference(readpref.Primary())
		if s.server.Replicated() {
			o.SetReadConcern(reads)
		}
		return s.client.Database(s.database, o)
	}
	s.sure, s.here = of(readconcern.Majority()), of(readconcern.Local())
	if err := s.checkFormat(ctx); err != nil {
		return err
	}
	if err := s.ensureIndexes(ctx); err != nil {
		return err
	}
	return s.ensureEpoch(ctx)
}

// databaseOf gives the database that a URI names.
func databaseOf(uri string) (string, error) {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return "", errors.New("a database is named as mongodb://host/name")
	}
	_, path, _ := strings.Cut(rest, "/")
	path, _, _ = strings.Cut(path, "?")
	name, err := url.PathUnescape(path)
	if err != nil {
		return "", fmt.Errorf("the name of the database, %q, cannot be read", path)
	}
	if name == "" {
		return defaultDatabase, nil
	}
	if strings.ContainsAny(name, `/\. "$*<>:|?`+"\x00") || len(name) > 63 {
		return "", fmt.Errorf("%q cannot be the name of a database: take letters, digits, - and _, up to 63", name)
	}
	return name, nil
}

// Shown is a connection string without its password, to be shown and logged.
func Shown(uri string) string {
	scheme, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return "the database"
	}
	end := len(rest)
	if at := strings.IndexAny(rest, "/?"); at >= 0 {
		end = at
	}
	if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
		rest, end = rest[at+1:], end-at-1
	}
	path, _, _ := strings.Cut(rest[end:], "?")
	return scheme + "://" + rest[:end] + path
}

// newID makes a name that nobody else makes.
func (s *Store) newID() (string, error) {
	var bits [16]byte
	if _, err := io.ReadFull(s.random, bits[:]); err != nil {
		return "", err
	}
	return hex.EncodeToString(bits[:]), nil
}

// Epoch implements [collections.Store].
func (s *Store) Epoch(ctx context.Context) (string, error) { return s.epoch, ctx.Err() }

// Close marks what it applied, and lets go of its connections.
func (s *Store) Close() error {
	if s.client == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
	defer cancel()
	if s.here != nil {
		s.closeApplied(ctx)
	}
	err := s.client.Disconnect(ctx)
	if errors.Is(err, driver.ErrClientDisconnected) {
		return nil
	}
	return err
}
