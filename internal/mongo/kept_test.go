package mongo

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// incompressible is text that does not get smaller.
func incompressible(t *testing.T, size int) string {
	t.Helper()
	bits := make([]byte, size*3/4)
	_, err := rand.Read(bits)
	must(t, err)
	return base64.RawStdEncoding.EncodeToString(bits)
}

// A batch that is more than a document holds is kept in parts, and trimmed with them.
func TestLargeBatch(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		s := mustOpen(t, newDatabase(t, uri))
		b := &collections.Batch{Stream: "main"}
		for n := uint64(1); n <= 20; n++ {
			one := sampleBatch("main", n)
			one.Entries[0].Change.Ops[0].Value = incompressible(t, 1<<20)
			b.Entries = append(b.Entries, one.Entries[0])
		}
		must(t, s.Commit(t.Context(), b))
		entries, err := s.Log(t.Context(), "main", 0, 100)
		must(t, err)
		if len(entries) != 20 || entries[19].Change.Ops[0].Value != b.Entries[19].Change.Ops[0].Value {
			t.Fatalf("%d entries came back, or others", len(entries))
		}
		parts := func() int64 {
			n, err := s.sure.Collection(partsName).CountDocuments(t.Context(), bson.D{})
			must(t, err)
			return n
		}
		if parts() == 0 {
			t.Fatal("the batch has no parts: the test is about nothing")
		}
		must(t, s.Commit(t.Context(), sampleAfter("main", 21)))
		must(t, s.Trim(t.Context(), collections.Position{"main": 20}))
		if n := parts(); n != 0 {
			t.Fatalf("%d parts of a trimmed batch are left", n)
		}
	})
}

// sampleAfter is a batch of only an entry.
func sampleAfter(stream string, n uint64) *collections.Batch {
	return &collections.Batch{Stream: stream, Entries: sampleBatch(stream, n).Entries}
}

// A large record comes back as it was; one that no document holds is refused before
// anything of its batch is written.
func TestLargeRecord(t *testing.T) {
	s := mustOpen(t, newDatabase(t, ferretURI(t)))
	write := func(id string, text int, meta int) (*collections.Batch, collections.Record) {
		r := collections.Record{Key: collections.Key{Type: "note", ID: id}, Rev: 1, Meta: []byte(incompressible(t, meta)),
			Value: []byte(crdt.Canonical(map[string]any{"text": incompressible(t, text), "status": "open"}))}
		b := sampleAfter("main", 1)
		b.Records = []collections.RecordWrite{{Record: r}}
		return b, r
	}
	b, _ := write("a", 4<<20, 20<<20)
	if err := s.Commit(t.Context(), b); err == nil || !strings.Contains(err.Error(), "split the record") {
		t.Fatalf("error %v, want one that says what to do", err)
	}
	heads, err := s.Head(t.Context())
	must(t, err)
	if len(heads) != 0 {
		t.Fatalf("something was written: %v", heads)
	}
	b, want := write("b", 4<<20, 4<<20)
	must(t, s.Commit(t.Context(), b))
	got, err := s.Record(t.Context(), "note", "b")
	must(t, err)
	if !bytes.Equal(got.Value, want.Value) || !bytes.Equal(got.Meta, want.Meta) {
		t.Fatal("the record came back as another")
	}
}

// A record with more fields than are worth keys is left out by conditions, and nothing
// else: never is it let through where Go says no.
func TestKeylessRecord(t *testing.T) {
	s := mustOpen(t, newDatabase(t, ferretURI(t)))
	value := map[string]any{"status": "secret"}
	for i := range 250_000 {
		value[fmt.Sprint("f", i)] = 1.1
	}
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Records: []collections.RecordWrite{{Record: collections.Record{
		Key: collections.Key{Type: "note", ID: "a"}, Rev: 1, Value: []byte(crdt.Canonical(value))}}}}))
	for op, want := range map[string]int{"": 1, "is": 0, "not": 0, "empty": 0} {
		q := &collections.Query{Type: "note", Limit: 5}
		if op != "" {
			c := is("status", "secret")
			if c.Op = op; op == "empty" {
				c.Value = true
			}
			q.Where = c
		}
		found, err := s.Find(t.Context(), q)
		must(t, err)
		if len(found) != want {
			t.Errorf("%q finds %d records, want %d", op, len(found), want)
		}
	}
}

// Whatever changes in what is kept is noticed when it is read.
func TestDamage(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		s := mustOpen(t, newDatabase(t, uri))
		must(t, s.Commit(t.Context(), sampleBatch("main", 1)))
		reads := map[string]func() error{
			recordsName("work-order"): func() error { _, err := s.Record(t.Context(), "work-order", "main-1"); return err },
			thingsName:                func() error { _, err := s.Item(t.Context(), "k", "count"); return err },
			logName:                   func() error { _, err := s.Log(t.Context(), "main", 0, 9); return err },
		}
		for name, read := range reads {
			must(t, read())
			filter := bson.D{}
			if name == thingsName {
				filter = bson.D{{Key: "_id", Value: itemID("k", "count")}}
			}
			_, err := s.sure.Collection(name).UpdateOne(t.Context(), filter, bson.D{{Key: "$set", Value: bson.D{{Key: "x", Value: []byte("{}")}}}})
			must(t, err)
			if err := read(); !errors.Is(err, ErrDamaged) {
				t.Errorf("collection %s: error %v, want ErrDamaged", name, err)
			}
		}
	})
}

// An index of our name that is another is an error that says the way out, and so is a
// database of a newer version.
func TestOpen_NotOurs(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		named := newDatabase(t, uri)
		s := mustOpen(t, named)
		log := s.sure.Collection(logName)
		_, err := log.Indexes().DropOne(t.Context(), "fence")
		must(t, err)
		must(t, s.makeIndexes(t.Context(), logName, []index{{name: "fence", keys: bson.D{{Key: "s", Value: 1}}}}))
		if _, err := Open(t.Context(), Options{URI: named}); err == nil || !strings.Contains(err.Error(), "dropIndex") {
			t.Fatalf("error %v, want one that says to drop the index", err)
		}
		_, err = log.Indexes().DropOne(t.Context(), "fence")
		must(t, err)
		set := func(v int) {
			_, err := s.here.Collection(factsName).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "format"}}, bson.D{{Key: "$set", Value: bson.D{{Key: "v", Value: v}}}})
			must(t, err)
		}
		set(format + 1)
		if _, err := Open(t.Context(), Options{URI: named}); err == nil || !strings.Contains(err.Error(), "newer version") {
			t.Fatalf("error %v, want one about the version", err)
		}
		set(format)
		mustOpen(t, named)
	})
}

// What two streams wrote to one document comes in the order in which each built on the
// other.
func TestHistory_AcrossStreams(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		s := mustOpen(t, newDatabase(t, uri))
		heads, want := collections.Position{}, []collections.Place{}
		// z, a and again z: neither the names of streams nor their numbers give the order.
		for i, stream := range []string{"z", "z", "a", "z", "a", "a", "m", "z"} {
			heads[stream]++
			b := sampleBatch(stream, heads[stream])
			b.Entries[0].Change.Doc = "shared"
			r := &b.Records[0]
			r.Base, r.Record.ID, r.Record.Rev = uint64(i), "shared", uint64(i+1)
			b.Receipts, b.Replicas, b.Items = nil, nil, nil
			must(t, s.Commit(t.Context(), b))
			want = append(want, b.Entries[0].Place)
		}
		for from := range want {
			after := collections.Place{}
			if from > 0 {
				after = want[from-1]
			}
			got, err := s.History(t.Context(), "work-order", "shared", after, 100)
			must(t, err)
			if len(got) != len(want)-from {
				t.Fatalf("after %v: %d entries, want %d", after, len(got), len(want)-from)
			}
			for i, e := range got {
				if e.Place != want[from+i] {
					t.Fatalf("after %v: entry %d is %v, want %v", after, i, e.Place, want[from+i])
				}
			}
		}
	})
}
