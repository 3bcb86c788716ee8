package crdt_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// compactedCase is a document as a server keeps it, compacted, and what becomes of it when
// a device that has it goes on: whoever does not compact has to read such documents too.
type compactedCase struct {
	Value   string            `json:"value"` // canonical JSON
	Meta    string            `json:"meta"`
	Changes []json.RawMessage `json:"changes"`
	Then    string            `json:"then"` // the value after the changes
	Last    string            `json:"last"` // the meta after the changes
}

// TestCompactedForOthers holds testdata/compacted.json, which the clients in other languages
// read, against what this package does. With -update it writes the file anew.
func TestCompactedForOthers(t *testing.T) {
	const name = "testdata/compacted.json"
	var written struct {
		About string          `json:"about"`
		Cases []compactedCase `json:"cases"`
	}
	written.About = "Documents that were compacted, changes made by who has them, and what comes of it. Written by TestCompactedForOthers."
	for seed := range uint64(8) {
		written.Cases = append(written.Cases, compacted(t, seed+1))
	}
	text, err := json.MarshalIndent(written, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if text = append(text, '\n'); *updateMeta {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if file, err := os.ReadFile(name); err != nil || string(file) != string(text) {
		t.Errorf("%s is not what comes of it now (%v); if it should be, run the tests with -update", name, err)
	}
}

// compacted lets three devices fill in a record and one of them go on after it was
// compacted.
func compacted(t *testing.T, seed uint64) compactedCase {
	c := newChurn(t, seed)
	for range 100 {
		c.round()
	}
	for i := range c.docs {
		c.hear(i)
	}
	d := c.docs[0]
	if err := d.Compact(nil); err != nil {
		t.Fatal(err)
	}
	value, meta := d.Encode()
	k := compactedCase{Value: string(value), Meta: hex.EncodeToString(meta)}
	for range 6 {
		e := d.Edit(1, crdttest.Plan())
		if err := c.edit(e, d); err != nil {
			t.Fatal(err)
		}
		ops := e.Ops()
		if len(ops) == 0 {
			continue
		}
		n := d.Seen()[1]
		change := &crdt.Change{Replica: 1, N: n + 1, Prev: n, Stamp: c.clock.Next(1_764_000_000_000), Type: "work-order", Version: 1, Doc: "w1", Ops: ops}
		if _, err := d.Apply(change); err != nil {
			t.Fatal(err)
		}
		k.Changes = append(k.Changes, crdt.AppendChange(nil, change))
	}
	value, meta = d.Encode()
	k.Then, k.Last = string(value), hex.EncodeToString(meta)
	return k
}
