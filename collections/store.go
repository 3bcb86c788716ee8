package collections

import (
	"context"
	"errors"
	"io"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Store is a database that keeps what the engine gives it. Implementations are safe
// for concurrent use, own nothing that they are given after they return, and give
// back what the caller owns. storetest.Run is the contract.
//
// No call needs a transaction across documents: the log append is what makes a
// commit true, and everything else of a batch can be brought up to it again.
type Store interface {
	// Epoch names this database's history. It is made with the database and made
	// anew by a restore, so that a reader with a cursor from another history knows.
	Epoch(ctx context.Context) (string, error)

	// Head is the number of the last log entry of each stream.
	Head(ctx context.Context) (Position, error)

	// Commit writes a batch and returns when it is durable. Entries must follow on
	// from their stream's head, and its Term must not be lower than any the stream has
	// seen, else ErrTaken and nothing is written. An item or a replica whose stored Rev
	// is another is ErrStale, and nothing is written. A document whose stored Rev is not
	// the Base of its write is left alone and named in a *StaleError; everything else is
	// written. Any other error means "unknown": the batch is there, but for its records,
	// or it is not, and the caller looks in the log.
	Commit(ctx context.Context, b *Batch) error

	// Record reads one document, deleted or not; ErrNotFound.
	Record(ctx context.Context, typ, id string) (*Record, error)

	// Records reads many; the ones that are not there are nil in the result.
	Records(ctx context.Context, keys []Key) ([]*Record, error)

	// Find lists documents in the query's order, at most its limit.
	Find(ctx context.Context, q *Query) ([]*Record, error)

	// Count counts what Find would list without a limit. It may cost what exists.
	Count(ctx context.Context, q *Query) (int, error)

	// Log reads the entries of a stream after a number, at most limit, without gaps:
	// reading stops at the first one. A number below the floor of the stream is
	// ErrTrimmed. Changes are shared among readers: read only.
	Log(ctx context.Context, stream string, after uint64, limit int) ([]Entry, error)

	// History reads the entries of one document, oldest first, from the one after
	// the given place on; the zero Place is the start, and so is one that was trimmed.
	// Across streams an entry comes after those that its document had when it was
	// written. It is found by the document's record: where that is not, there is none.
	History(ctx context.Context, typ, id string, after Place, limit int) ([]Entry, error)

	// Trim forgets the entries of each stream up to the position: no reader sees them
	// from then on, though the store may take its time to give back their space. Heads
	// stay, and numbering goes on. Receipts of changes that were accepted may go with
	// their entries; those of refused ones stay. A position behind the floor changes
	// nothing; one past the head is an error.
	Trim(ctx context.Context, upto Position) error

	// Floor is the number of the last trimmed entry of each stream that was trimmed.
	Floor(ctx context.Context) (Position, error)

	// Purge takes documents away as if they had never been: record, search words and
	// history. Their entries stay in the log until Trim reaches them, because its
	// numbers have no gaps. A document that is not there is no error.
	Purge(ctx context.Context, keys []Key) error

	// Receipt finds what became of a replica's change n; ErrNotFound.
	Receipt(ctx context.Context, replica crdt.Replica, n uint64) (*Receipt, error)

	// Replica reads a replica's state; ErrNotFound for one that never wrote.
	Replica(ctx context.Context, replica crdt.Replica) (*ReplicaState, error)

	// Item, Items, PutItem and DeleteItem keep small things by kind and key: types,
	// drafts, rules, accounts, sessions, tokens. Items lists by key after the given
	// one. PutItem writes only if the stored Rev is item.Rev (0: not there), else
	// ErrStale, and gives the item Rev+1. DeleteItem of what is not there is no error.
	// Each is durable when it returns.
	Item(ctx context.Context, kind, key string) (*Item, error)
	Items(ctx context.Context, kind, after string, limit int) ([]Item, error)
	PutItem(ctx context.Context, item Item) error
	DeleteItem(ctx context.Context, kind, key string) error

	// EnsureIndex asks for fast Find by conditions and sorts on a field of a type.
	EnsureIndex(ctx context.Context, typ string, field []string) error

	// Backup writes a consistent copy while others read and write. progress may be
	// nil; done and total are in units of the store's own.
	Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error

	// Close waits for what is under way. The store is not used after it.
	Close() error
}

// Position is a place in each stream: the number of the last entry that was read.
type Position map[string]uint64

// reaches reports whether an entry at a place is before the position.
func (p Position) reaches(at Place) bool { return at.N <= p[at.Stream] }

// Place is one entry's place.
type Place struct {
	Stream string `json:"stream"`
	N      uint64 `json:"n"`
}

// Key names a document.
type Key struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Waker is a Store that may hear of what others write. It only wakes: what there is to
// read is found by looking, and looking now and then finds the same, later.
type Waker interface {
	// Wake calls do when somebody may have committed or written an item of the kind
	// stream, until ctx ends. ErrNoWake where the database cannot tell. do is quick.
	Wake(ctx context.Context, do func()) error
}

// ErrNoWake says that a database cannot tell what others write: who wants to know looks
// now and then.
var ErrNoWake = errors.New("collections: this database does not tell what others write")

// Batch is what one commit writes. One without entries is written all the same: it may
// raise the Term.
type Batch struct {
	Stream   string
	Term     uint64  // of the writer's hold on the stream; raises what the stream has seen
	Entries  []Entry // with consecutive N
	Records  []RecordWrite
	Receipts []Receipt
	Replicas []ReplicaState // with the stored Rev, 0 where there is none; written with Rev+1
	Items    []Item         // as PutItem
}

// RecordWrite moves one document on.
type RecordWrite struct {
	Base   uint64 // Rev the write builds on; 0: the document is new
	Record Record // its Rev is Base+1
}

// Record is one document as stored.
type Record struct {
	Key
	Rev       uint64           // counts the writes of this record, from 1
	Version   int              // of the type whose problems it lists
	Value     []byte           // canonical JSON
	Meta      []byte           // of crdt
	Deleted   bool             // in the trash
	Attention bool             // has problems or disagreements
	Problems  []schema.Problem // what of it breaks the type
	Created   int64            // ms since 1970 UTC, server's clock, when first accepted
	CreatedBy string           // sign-in name
	Updated   int64            // … when last accepted
	UpdatedBy string
	Last      Place    // of its last log entry
	Words     []string // for search; a store need not give them back
}

// EntryKind says what a log entry is about.
type EntryKind string

// The kinds of entries.
const (
	EntryChange EntryKind = "change" // a change to a document
	EntryType   EntryKind = "type"   // a type's version was published: Type and Version
	EntryRules  EntryKind = "rules"  // a type's rules changed: Type
)

// Entry is one line of the log.
type Entry struct {
	Place
	Kind    EntryKind
	At      int64        // ms since 1970 UTC, when accepted
	By      string       // sign-in name of who did it
	Type    string       // of the document, or the type itself
	Version int          // EntryType
	Change  *crdt.Change // EntryChange: as accepted, with the stamp the log holds

	// Behind says how many of the entries right before this one its author may not have
	// seen when making the change: all up to N-1-Behind had come. Mostly 0, or small.
	Behind uint64

	// After is what of other streams its author's server built on: an entry is read after
	// those. Mostly nil. It stands on the first entry of a batch, and holds for all of it.
	After Position
}

// Receipt remembers what became of one change of one replica, so that a repeat gets
// the same answer.
type Receipt struct {
	Replica crdt.Replica
	N       uint64
	Digest  [32]byte  // SHA-256 of the change as it was sent
	Stamp   crdt.Time // accepted: the stamp in the log
	Refused *Error    // refused: the answer; nil when accepted
	// Doc and Elements let a later change that leans on a refused one be refused with it.
	Doc     string
	FirstID uint64 // first element number the refused change would have made, 0: none
	LastID  uint64
}

// ReplicaState is what the server knows of one replica.
type ReplicaState struct {
	Replica crdt.Replica
	Rev     uint64    // counts the writes of this state
	User    string    // account id it belongs to
	N       uint64    // last number answered, accepted or refused
	Stamp   crdt.Time // last stamp given to a change of it
	Seen    int64     // ms since 1970 UTC, last push
	Last    Place     // of its last change in the log; zero: none, or not known
}

// Item is a small thing by kind and key. Data is JSON. Rev counts its writes.
type Item struct {
	Kind, Key string
	Rev       uint64
	Data      []byte
}

// Query asks for documents of one type.
type Query struct {
	Type  string
	Where *schema.Condition // resolved; nil: all
	Words []string          // search: for each, a word of the document begins with it
	Sort  []Sort            // then by id; none: by id alone
	After *PageKey          // documents after this one in the order
	Limit int               // 1 … 1,000
	State State
	Since int64 // documents updated after this (ms); 0: all
}

// State chooses between live documents and the trash.
type State int

// The states.
const (
	Live      State = iota // not deleted
	Attention              // not deleted, with problems or disagreements
	Trash                  // deleted
	Any                    // all
)

// Sort is one key of an order. Absent and null come first, then false, true,
// numbers, strings by code point; arrays and objects come last, equal. Field
// ["_updated"] and ["_created"] are the record's own times.
type Sort struct {
	Field []string `json:"field"`
	Desc  bool     `json:"desc,omitempty"`
}

// PageKey is where a page ended: the values of the sort fields of its last document
// (nil for absent), and its id.
type PageKey struct {
	Values []any  `json:"values"`
	ID     string `json:"id"`
}
