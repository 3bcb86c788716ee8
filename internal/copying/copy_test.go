package copying

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// filled is a store with n records, each with an entry and a receipt.
func filled(t *testing.T, n int) *storetest.Store {
	t.Helper()
	s := storetest.Memory()
	for i := range n {
		commit(t, s, uint64(i+1))
	}
	put(t, s, collections.Item{Kind: "draft", Key: "a", Data: []byte(`{}`)})
	return s
}

func commit(t *testing.T, s collections.Store, n uint64) {
	t.Helper()
	c := &crdt.Change{Replica: 7, N: n, Prev: n - 1, Stamp: crdt.NewTime(int64(n), 0), Type: "pump", Version: 1, Doc: fmt.Sprint("p-", n)}
	at := collections.Place{Stream: "main", N: n}
	err := s.Commit(t.Context(), &collections.Batch{
		Stream:   "main",
		Entries:  []collections.Entry{{Place: at, Kind: collections.EntryChange, At: int64(n), By: "ines", Type: "pump", Change: c}},
		Records:  []collections.RecordWrite{{Record: collections.Record{Key: collections.Key{Type: "pump", ID: c.Doc}, Rev: 1, Value: fmt.Appendf(nil, `{"n":%d}`, n), Last: at}}},
		Receipts: []collections.Receipt{{Replica: 7, N: n, Stamp: c.Stamp, Doc: c.Doc}},
		Replicas: []collections.ReplicaState{{Replica: 7, Rev: n - 1, N: n, Last: at}},
		Items:    []collections.Item{{Kind: "engine", Key: "level/main", Rev: n - 1, Data: fmt.Appendf(nil, `{"n":%d}`, n)}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, s collections.Store, item collections.Item) {
	t.Helper()
	if err := s.PutItem(t.Context(), item); err != nil {
		t.Fatal(err)
	}
}

// failing is a target that fails after so many parts, once.
type failing struct {
	*storetest.Store
	left  int
	spoil func(p *collections.Part)
}

var errPulled = errors.New("the plug was pulled")

func (f *failing) LoadPart(ctx context.Context, p *collections.Part) error {
	if f.spoil != nil {
		f.spoil(p)
	}
	if f.left--; f.left < 0 {
		return errPulled
	}
	return f.Store.LoadPart(ctx, p)
}

// A copy is cut off after each of its parts in turn, and goes on.
func TestCopy_GoesOn(t *testing.T) {
	from := filled(t, 1200)
	for left := 1; ; left++ {
		to := storetest.Memory()
		_, err := Copy(t.Context(), Config{From: from, To: &failing{Store: to, left: left}})
		if err == nil {
			if left < 8 {
				t.Fatalf("a copy of %d parts says nothing of being cut off", left)
			}
			return
		}
		if !errors.Is(err, errPulled) {
			t.Fatal(err)
		}
		if _, err := collections.Open(t.Context(), collections.Config{Store: to}); !errors.Is(err, collections.ErrHalfCopied) {
			t.Fatalf("half a copy is opened: %v", err)
		}
		if _, err := Copy(t.Context(), Config{From: to, To: storetest.Memory()}); !errors.Is(err, ErrHalf) {
			t.Fatalf("half a copy is copied: %v", err)
		}
		report, err := Copy(t.Context(), Config{From: from, To: to})
		if err != nil || !report.Resumed || report.Records != 1200 || report.Entries != 1200 || report.Receipts != 1200 || report.Items != 2 || report.Replicas != 1 {
			t.Fatalf("cut off after %d parts: %+v, %v", left, report, err)
		}
		engine, err := collections.Open(t.Context(), collections.Config{Store: to})
		if err != nil {
			t.Fatal(err)
		}
		if err := engine.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// One thing that is another in the copy is found, whatever it is, and named.
func TestCopy_Verifies(t *testing.T) {
	for name, spoil := range map[string]func(p *collections.Part){
		"record pump/p-7 is another": func(p *collections.Part) {
			for i := range p.Records {
				if p.Records[i].ID == "p-7" {
					p.Records[i].Value = []byte(`{"n":8}`)
				}
			}
		},
		"record pump/p-1 is missing":                       func(p *collections.Part) { p.Records = p.Records[min(1, len(p.Records)):] },
		"entry 1 of stream main is another":                func(p *collections.Part) { spoilOne(p.Entries, func(e *collections.Entry) { e.By = "tom" }) },
		"receipt 1 of replica 0000000000000007 is another": func(p *collections.Part) { spoilOne(p.Receipts, func(r *collections.Receipt) { r.Digest[0]++ }) },
		"replica 0000000000000007 is another":              func(p *collections.Part) { spoilOne(p.Replicas, func(r *collections.ReplicaState) { r.N++ }) },
		"item draft a is another": func(p *collections.Part) {
			if p.Kind == collections.PartItems {
				spoilOne(p.Items, func(i *collections.Item) { i.Data = []byte(`{"a":1}`) })
			}
		},
		"item engine level/main is another": func(p *collections.Part) {
			if p.Kind == collections.PartMarks {
				spoilOne(p.Items, func(i *collections.Item) { i.Rev++ })
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := filled(t, 20), storetest.Memory()
			_, err := Copy(t.Context(), Config{From: from, To: &spoiling{to, spoil}})
			if !errors.Is(err, ErrDiffers) || !strings.Contains(err.Error(), name) {
				t.Fatalf("error %v, want one that says: %s", err, name)
			}
			if _, err := collections.Open(t.Context(), collections.Config{Store: to}); !errors.Is(err, collections.ErrHalfCopied) {
				t.Fatalf("what is not the same is opened: %v", err)
			}
		})
	}
}

// spoiling is a target that keeps something else than it is given.
type spoiling struct {
	*storetest.Store
	spoil func(p *collections.Part)
}

func (s *spoiling) LoadPart(ctx context.Context, p *collections.Part) error {
	text, err := collections.AppendPart(nil, p)
	if err != nil {
		return err
	}
	other, err := collections.ParsePart(text)
	if err != nil {
		return err
	}
	s.spoil(other)
	return s.Store.LoadPart(ctx, other)
}

func spoilOne[T any](list []T, spoil func(one *T)) {
	if len(list) > 0 {
		spoil(&list[0])
	}
}

// TestCopy_Refuses: a target that holds something else is left as it is, and a source that
// was written to is said to have been.
func TestCopy_Refuses(t *testing.T) {
	from := filled(t, 20)
	other := filled(t, 3)
	if _, err := Copy(t.Context(), Config{From: from, To: other}); !errors.Is(err, ErrHolds) {
		t.Fatalf("a target that is in use: error %v", err)
	}
	begun := storetest.Memory()
	if _, err := Copy(t.Context(), Config{From: from, To: &failing{Store: begun, left: 4}}); !errors.Is(err, errPulled) {
		t.Fatal(err)
	}
	if _, err := Copy(t.Context(), Config{From: filled(t, 20), To: begun}); !errors.Is(err, ErrHolds) {
		t.Fatalf("a copy of another store: error %v", err)
	}
	commit(t, from, 21)
	if _, err := Copy(t.Context(), Config{From: from, To: begun}); !errors.Is(err, ErrMovedOn) {
		t.Fatalf("a source that was written to: error %v", err)
	}
	late := storetest.Memory()
	if _, err := Copy(t.Context(), Config{From: from, To: &failing{Store: late, left: 100, spoil: func(p *collections.Part) {
		if p.Kind == collections.PartReceipts {
			put(t, from, collections.Item{Kind: "engine", Key: "late", Data: []byte(`1`)}) // after the marks were read
		}
	}}}); !errors.Is(err, ErrDiffers) {
		t.Fatalf("a source that is written to meanwhile: error %v", err)
	}
}

// A source that is written to all the while is copied as a server that was killed would
// have left it: no record is ahead of the log, and the level is ahead of no record.
func TestCopy_Live(t *testing.T) {
	from, to := filled(t, 700), storetest.Memory()
	n := uint64(700)
	target := &failing{Store: to, left: 1 << 30, spoil: func(*collections.Part) {
		n++
		commit(t, from, n)
	}}
	if _, err := Copy(t.Context(), Config{From: from, To: target, Live: true}); err != nil {
		t.Fatal(err)
	}
	head, err := to.Head(t.Context())
	if err != nil || head["main"] <= 700 {
		t.Fatalf("the log goes to %v, %v", head, err)
	}
	var level struct{ N uint64 }
	item, err := to.Item(t.Context(), "engine", "level/main")
	if err != nil || json.Unmarshal(item.Data, &level) != nil || level.N < 700 || level.N > head["main"] {
		t.Fatalf("the level is %v of %v, %v", level.N, head, err)
	}
	ahead := 0
	for i := range n {
		_, err := to.Record(t.Context(), "pump", fmt.Sprint("p-", i+1))
		switch {
		case err == nil && i+1 > head["main"]:
			t.Fatalf("record %d is ahead of the log, which ends at %d", i+1, head["main"])
		case err != nil && i+1 <= level.N:
			t.Fatalf("record %d is not there, and the level is %d: %v", i+1, level.N, err)
		case err == nil && i+1 > level.N:
			ahead++
		}
	}
	if ahead == 0 {
		t.Error("nothing was written while it was copied: the test is of no use")
	}
}
