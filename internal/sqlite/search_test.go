package sqlite

import (
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// A record of before there were marks has its words in their place: it is found by
// them, and no more by those that its next write takes away.
func TestSearch_OldRecord(t *testing.T) {
	s := mustOpen(t, "")
	r := collections.Record{Key: collections.Key{Type: "job", ID: docID(1)}, Rev: 1, Value: []byte(`{}`), Words: []string{"pump", "seal"}}
	write := func(r collections.Record) {
		t.Helper()
		must(t, s.Commit(t.Context(), &collections.Batch{Stream: stream, Records: []collections.RecordWrite{{Base: r.Rev - 1, Record: r}}}))
	}
	write(r)
	columns, err := recordColumns(&r, s.types.num("job"))
	must(t, err)
	columns[13] = "pump seal"
	_, err = s.writer.conn.ExecContext(t.Context(), `UPDATE records SET words = ?, sum = ?`, columns[13], recordTable.sum(columns[:16]))
	must(t, err)

	for rev, words := range [][]string{{"pump", "seal"}, {"pump", "seal"}, {"pump", "gasket"}, nil, {"seal"}} {
		if r.Rev, r.Words = uint64(rev+1), words; rev > 0 {
			write(r)
		}
		has := map[string]bool{}
		for _, word := range words {
			has[word] = true
		}
		for _, word := range []string{"pump", "seal", "gasket"} {
			found, err := s.Find(t.Context(), &collections.Query{Type: "job", Words: []string{word}, Limit: 5})
			must(t, err)
			if got := len(found) == 1; got != has[word] {
				t.Errorf("revision %d with words %q: found by %q: %t", rev+1, words, word, got)
			}
		}
	}
}
