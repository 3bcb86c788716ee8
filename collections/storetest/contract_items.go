package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

func testItems(t *testing.T, h Harness) {
	t.Run("an item is written only on the revision it was read with", func(t *testing.T) { testCompareAndSwap(t, h.open(t)) })
	t.Run("items are listed by key, page by page, one kind at a time", func(t *testing.T) { testListItems(t, h.open(t)) })
	t.Run("a stale item fails its whole batch", func(t *testing.T) { testStaleItem(t, h.open(t)) })
	t.Run("deleting what is not there is no error", func(t *testing.T) {
		must(t, h.open(t).DeleteItem(t.Context(), "k", "none"))
	})
}

func put(t *testing.T, s collections.Store, key string, rev uint64, data string) error {
	t.Helper()
	return s.PutItem(t.Context(), collections.Item{Kind: "k", Key: key, Rev: rev, Data: []byte(data)})
}

func testCompareAndSwap(t *testing.T, s collections.Store) {
	if _, err := s.Item(t.Context(), "k", "a"); !errors.Is(err, collections.ErrNotFound) {
		t.Fatalf("error %v, want ErrNotFound", err)
	}
	if err := put(t, s, "a", 1, `0`); !errors.Is(err, collections.ErrStale) {
		t.Fatalf("written on revision 1 of what is not there: %v", err)
	}
	must(t, put(t, s, "a", 0, `{"v":1}`))
	if err := put(t, s, "a", 0, `0`); !errors.Is(err, collections.ErrStale) {
		t.Fatalf("made twice: %v", err)
	}
	must(t, put(t, s, "a", 1, `{"v":2}`))
	if err := put(t, s, "a", 1, `0`); !errors.Is(err, collections.ErrStale) {
		t.Fatalf("written twice on revision 1: %v", err)
	}
	got, err := s.Item(t.Context(), "k", "a")
	must(t, err)
	same(t, "item", got, &collections.Item{Kind: "k", Key: "a", Rev: 2, Data: []byte(`{"v":2}`)})
	must(t, s.DeleteItem(t.Context(), "k", "a"))
	if _, err := s.Item(t.Context(), "k", "a"); !errors.Is(err, collections.ErrNotFound) {
		t.Fatalf("deleted, yet error %v", err)
	}
	must(t, put(t, s, "a", 0, `{"v":3}`))
}

func testListItems(t *testing.T, s collections.Store) {
	keys := []string{"", "$", "'", "A", "a", "a.b", "a/b", "b", "ä", "😀"} // in the order of their code points
	for i := range keys {
		must(t, put(t, s, keys[(i*7)%len(keys)], 0, `1`))
	}
	for _, kind := range []string{"", "j", "k2", "ka"} {
		must(t, s.PutItem(t.Context(), collections.Item{Kind: kind, Key: "a", Data: []byte(`2`)}))
	}
	// The empty key comes before every page: it can be read, not listed.
	for limit := 1; limit <= len(keys); limit++ {
		var got []string
		for after := ""; ; after = got[len(got)-1] {
			items, err := s.Items(t.Context(), "k", after, limit)
			must(t, err)
			if len(items) == 0 {
				break
			}
			for _, item := range items {
				same(t, "item", item, collections.Item{Kind: "k", Key: item.Key, Rev: 1, Data: []byte(`1`)})
				got = append(got, item.Key)
			}
		}
		same(t, fmt.Sprintf("keys by %d", limit), got, keys[1:])
	}
	if _, err := s.Items(t.Context(), "k", "", 0); err == nil {
		t.Fatal("Items read with limit 0")
	}
}

func testStaleItem(t *testing.T, s collections.Store) {
	must(t, put(t, s, "a", 0, `1`))
	b := batchOf("main", 1)
	b.Records = []collections.RecordWrite{write(recordOf("work-order", docID(1), 1, `{}`))}
	b.Items = []collections.Item{{Kind: "k", Key: "new", Data: []byte(`1`)}, {Kind: "k", Key: "a", Data: []byte(`2`)}}
	err := s.Commit(t.Context(), b)
	var stale *collections.StaleError
	if !errors.Is(err, collections.ErrStale) || errors.As(err, &stale) {
		t.Fatalf("error %v, want ErrStale itself", err)
	}
	same(t, "head", head(t, s), collections.Position{})
	_, err1 := s.Item(t.Context(), "k", "new")
	_, err2 := s.Record(t.Context(), "work-order", docID(1))
	if !errors.Is(err1, collections.ErrNotFound) || !errors.Is(err2, collections.ErrNotFound) {
		t.Fatalf("something of the batch was written: %v, %v", err1, err2)
	}
	b.Items[1].Rev = 1
	must(t, s.Commit(t.Context(), b))
	items, err := s.Items(t.Context(), "k", "", 9)
	must(t, err)
	same(t, "items", items, []collections.Item{
		{Kind: "k", Key: "a", Rev: 2, Data: []byte(`2`)}, {Kind: "k", Key: "new", Rev: 1, Data: []byte(`1`)}})
}
