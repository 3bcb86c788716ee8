package mongo

import "testing"

// Every field can have its indexes, the times of the record too, beside those that all
// types have.
func TestEnsureIndex(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		s := mustOpen(t, newDatabase(t, uri))
		for range 2 {
			for _, field := range [][]string{{"_updated"}, {"_created"}, {"a"}, {"n", "x"}, {"_id"}, {"u"}, {`it's "q"`}} {
				if err := s.EnsureIndex(t.Context(), "work-order", field); err != nil {
					t.Errorf("field %q: %v", field, err)
				}
			}
		}
	})
}
