package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// device is the replica of the samples: its top bit is set, as half of all have it.
const device crdt.Replica = 0xfedcba9876543210

// docID makes the id of the n-th sample document.
func docID(n int) string { return fmt.Sprintf("01920000-0000-7000-8000-%012d", n) }

// changeOf makes change n of the device, to a document.
func changeOf(n uint64, typ, doc string) *crdt.Change {
	return &crdt.Change{
		Replica: device, N: n, Prev: n - 1, Stamp: crdt.NewTime(1_700_000_000_000+int64(n), 3),
		Type: typ, Version: 2, Doc: doc,
		Ops: []crdt.Op{{Kind: crdt.OpSet, Path: []string{"title"}, Value: fmt.Sprintf("title %d", n), Has: true}},
	}
}

// entryOf makes the log entry of a change.
func entryOf(stream string, n uint64, c *crdt.Change) collections.Entry {
	return collections.Entry{
		Place: collections.Place{Stream: stream, N: n}, Kind: collections.EntryChange,
		At: 1_700_000_000_000 + int64(n), By: "ines", Type: c.Type, Change: c,
		Behind: (n - 1) % 5,
	}
}

// recordOf makes revision rev of a document.
func recordOf(typ, id string, rev uint64, value string) collections.Record {
	return collections.Record{
		Key: collections.Key{Type: typ, ID: id}, Rev: rev, Version: 2,
		Value: []byte(value), Meta: []byte{0, 1, 0xff},
		Created: 1_700_000_000_000, CreatedBy: "ines",
		Updated: 1_700_000_000_000 + int64(rev), UpdatedBy: "tom",
	}
}

// fullRecord makes a record that uses all that a record has.
func fullRecord(typ, id string, rev uint64) collections.Record {
	r := recordOf(typ, id, rev, `{"a":"it's \"q\" \\ é 😀 \u0000 <&>","b":[1,-2.5,1e+21,null,true],"c":{"$d.e":""}}`)
	r.Deleted, r.Attention = true, true
	r.Problems = []schema.Problem{{Path: "/a", Field: "A", Rule: "enum", Message: schema.Sentence{Text: "%s is %d too long.", Args: []any{"Title", 3}}}}
	r.Last = collections.Place{Stream: "main", N: 7}
	r.Words = []string{"10", "pump", "über", "数"}
	return r
}

// write is a RecordWrite of the record on the revision before it.
func write(r collections.Record) collections.RecordWrite {
	return collections.RecordWrite{Base: r.Rev - 1, Record: r}
}

// same fails the test unless got equals want; nil and empty lists are equal. Search
// words are left out: a store need not give them back.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(collections.Record{}, "Words")); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
