package client

import (
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// Options say what a device is made of.
type Options struct {
	Path   string           // the device's SQLite file; "": in memory, gone with the process
	URL    string           // of the server, e.g. https://work.example.org; may be "" while offline
	Token  string           // session, device or API token; kept in the file once given
	HTTP   *http.Client     // default: one with a timeout of 60 s for a round trip
	Now    func() time.Time // the device's own clock, right or wrong; default time.Now
	Random io.Reader        // default crypto/rand

	// Subscribe says what this device wants; nil: every type its person may see.
	Subscribe []Subscription

	// Label and App are what the people who look after devices see this one as: what its
	// person calls it, and the name and version of the program. Either may be "".
	Label, App string
}

// Device is one installed store. Safe for concurrent use.
type Device struct {
	http   *http.Client
	now    func() time.Time
	random io.Reader

	subscribe  []Subscription // never changes, nor do
	label, app string

	mu      sync.Mutex // serialises everything below and every use of the store
	store   *store
	closed  bool
	types   map[string]*localType  // the latest version of each type on the device
	views   map[key]*crdt.Document // of documents with pending changes, so that an edit need not replay them
	me      identity
	cursor  string
	round   roundState
	online  bool
	last    time.Time     // of the last round trip that succeeded, by the device's clock
	changed chan struct{} // closed and made anew when what a person sees may have moved

	syncing sync.Mutex // one round trip at a time
}

// identity is who this store is and where it has got to with its own changes.
type identity struct {
	Replica crdt.Replica `json:"replica"`
	N       uint64       `json:"n"`      // of the last change made here
	Clock   crdt.Time    `json:"clock"`  // the last stamp given or seen
	Offset  int64        `json:"offset"` // server's clock minus ours, ms
	URL     string       `json:"url"`
	Token   string       `json:"token"`
}

// roundState says which sweep of a whole sync the confirmed documents belong to.
type roundState struct {
	Current  int    `json:"current"`
	Partial  bool   `json:"partial"`            // a whole sync has begun and not ended: older rounds go when it ends
	Base     string `json:"base,omitempty"`     // the cursor that documents of older rounds are from; "": there are none
	Outdated bool   `json:"outdated,omitempty"` // unsent changes are to be made anew: see outdated.go
	Note     string `json:"note,omitempty"`     // for Status.Note
	Emptied  int64  `json:"emptied,omitempty"`  // the server's trash was emptied up to then, ms since 1970 UTC
}

// Open makes a device's store or opens the one that is there. A new store is a new
// replica.
func Open(ctx context.Context, o Options) (*Device, error) {
	d := &Device{http: o.HTTP, now: o.Now, random: o.Random, subscribe: o.Subscribe, label: o.Label, app: o.App, types: map[string]*localType{}, views: map[key]*crdt.Document{}, changed: make(chan struct{})}
	if d.http == nil {
		d.http = &http.Client{Timeout: time.Minute}
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.random == nil {
		d.random = crand.Reader
	}
	var err error
	if d.store, err = openStore(ctx, o.Path); err != nil {
		return nil, err
	}
	if err := d.load(ctx, o); err != nil {
		_ = d.store.db.Close()
		return nil, err
	}
	return d, nil
}

// load reads what the file knows of itself, and writes what the options change.
func (d *Device) load(ctx context.Context, o Options) error {
	return d.store.write(ctx, func(t *tx) error {
		if err := t.state("me", &d.me); err != nil {
			return err
		}
		if err := t.state("cursor", &d.cursor); err != nil {
			return err
		}
		if err := t.state("round", &d.round); err != nil {
			return err
		}
		if d.me.Replica == 0 {
			r, err := newReplica(d.random)
			if err != nil {
				return err
			}
			d.me.Replica = r
		}
		if o.URL != "" {
			d.me.URL = strings.TrimRight(o.URL, "/")
		}
		if o.Token != "" {
			d.me.Token = o.Token
		}
		if err := d.loadTypes(t); err != nil {
			return err
		}
		return t.setState("me", d.me)
	})
}

// Close waits for the call under way and closes the file. Pending changes stay in it.
func (d *Device) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	d.wake()
	return d.store.db.Close()
}

// Replica is this store's id. It changes when the store turns out to be a copy.
func (d *Device) Replica() crdt.Replica {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.me.Replica
}

// Status is what to show a person about the device.
type Status struct {
	Online   bool      `json:"online"`   // the last round trip reached the server
	Pending  int       `json:"pending"`  // changes not yet acknowledged
	Refused  int       `json:"refused"`  // changes the server would not take, waiting to be looked at
	Partial  bool      `json:"partial"`  // the first sync has not finished
	LastSync time.Time `json:"lastSync"` // by the device's clock; zero: never
	Note     string    `json:"note"`     // a sentence that the person should read, "": none; see DismissNote
}

// Status reads the counts.
func (d *Device) Status(ctx context.Context) (Status, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := Status{Online: d.online, LastSync: d.last, Partial: d.round.Partial, Note: d.round.Note}
	if err := d.open(); err != nil {
		return s, err
	}
	row := d.store.db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM pending), (SELECT count(*) FROM refused)`)
	return s, row.Scan(&s.Pending, &s.Refused)
}

// Changed gives a channel that is closed when what a person sees may have moved.
// Ask again after each time.
func (d *Device) Changed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.changed
}

// wake tells everybody who waits on Changed. The caller holds mu.
func (d *Device) wake() {
	close(d.changed)
	d.changed = make(chan struct{})
}

// open is an error once the device is closed. The caller holds mu.
func (d *Device) open() error {
	if d.closed {
		return &Error{Code: CodeClosed, Message: "the device is closed"}
	}
	return nil
}

// serverNow is the time that changes are stamped with: the device's clock, corrected
// by what the server last said of its own. The caller holds mu.
func (d *Device) serverNow() int64 { return d.now().UnixMilli() + d.me.Offset }

func newReplica(random io.Reader) (crdt.Replica, error) {
	var b [8]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, fmt.Errorf("client: no randomness for a replica id: %w", err)
		}
		if r := crdt.Replica(binary.BigEndian.Uint64(b[:])); r != 0 {
			return r, nil
		}
	}
}

// newID makes a UUIDv7 (RFC 9562, section 5.7): ms since 1970, then random bits.
func newID(ms int64, random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[6:]); err != nil {
		return "", fmt.Errorf("client: no randomness for a document id: %w", err)
	}
	binary.BigEndian.PutUint16(b[0:], uint16(ms>>32))
	binary.BigEndian.PutUint32(b[2:], uint32(ms))
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
