package text

import (
	"bytes"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// What the measured document is: one record with one text.
const (
	typeName = "note"
	document = "0198c0de-0000-7000-8000-000000000001"
)

// newcomer is the agent that goes on writing after a load.
const newcomer = 1000

// replica is one document with its whole history, packed.
type replica struct {
	doc     *crdt.Document
	past    []byte // the history that was loaded
	history crdt.Packer
	next    crdt.Change // made again by every edit
	path    []string
	clock   func(edit uint64) crdt.Time
	unsent  []byte // changes as they are sent, one a line
	sending bool
}

// newReplica begins a document. Replicas that begin it apart begin it with the same
// change.
func newReplica(agent int) (*replica, error) {
	r := openReplica(agent, crdt.NewDocument())
	begin := crdt.Change{Replica: 1, N: 1, Stamp: 1, Type: typeName, Version: 1, Doc: document,
		Ops: []crdt.Op{{Kind: crdt.OpCreate}}}
	_, err := r.doc.Apply(&begin)
	r.history.Add(&begin)
	return r, err
}

func openReplica(agent int, doc *crdt.Document) *replica {
	return &replica{
		doc:   doc,
		path:  []string{"text"},
		next:  crdt.Change{Replica: crdt.Replica(0xa11a + agent), Type: typeName, Version: 1, Doc: document},
		clock: func(edit uint64) crdt.Time { return crdt.Time(edit + 1) },
	}
}

// load is a document from its packed history, which it keeps.
func load(past []byte) (*replica, error) {
	doc, err := crdt.Replay(past)
	if err != nil {
		return nil, err
	}
	r := openReplica(newcomer, doc)
	r.past = past
	return r, nil
}

// loadState is a document from its value and meta, without its history.
func loadState(value, meta []byte) (*replica, error) {
	doc, err := crdt.Decode(value, meta)
	if err != nil {
		return nil, err
	}
	return openReplica(newcomer, doc), nil
}

// edit makes a change of one patch and applies it. The change is good until the next.
func (r *replica) edit(p Patch) (*crdt.Change, error) {
	r.next.N++
	r.next.Stamp = r.clock(r.next.N)
	if err := r.doc.Splice(&r.next, r.path, p.At, p.Deleted, p.Inserted); err != nil {
		return nil, err
	}
	r.history.Add(&r.next)
	if r.sending {
		r.unsent = append(crdt.AppendChange(r.unsent, &r.next), '\n')
	}
	return &r.next, nil
}

// replay makes a change of every patch.
func (r *replica) replay(patches []Patch) error {
	for i, p := range patches {
		if _, err := r.edit(p); err != nil {
			return fmt.Errorf("edit %d: %w", i, err)
		}
	}
	return nil
}

// replayUpdates does the same and encodes each change as it is sent. It gives how many
// bytes they are.
func (r *replica) replayUpdates(patches []Patch) (int, error) {
	total := 0
	var update []byte
	for i, p := range patches {
		c, err := r.edit(p)
		if err != nil {
			return 0, fmt.Errorf("edit %d: %w", i, err)
		}
		update = crdt.AppendChange(update[:0], c)
		total += len(update)
	}
	return total, nil
}

// send gives what was typed since the last message.
func (r *replica) send() []byte {
	m := r.unsent
	r.unsent = make([]byte, 0, max(4096, len(m))) // the next is probably as long
	return m
}

// receive takes in what another replica sent.
func (r *replica) receive(message []byte) error {
	for line := range bytes.Lines(message) {
		c, err := crdt.ParseChange(line[:len(line)-1], crdt.Limits{})
		if err != nil {
			return err
		}
		effect, err := r.doc.Apply(c)
		if err != nil {
			return err
		}
		if effect != crdt.Applied {
			return fmt.Errorf("a change came before what it leans on, or twice: effect %d", effect)
		}
		r.history.Add(c)
	}
	return nil
}

func (r *replica) text() string { return r.doc.Text(r.path...) }
