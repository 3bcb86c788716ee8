package mongo

import (
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

func TestStore(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		named := map[collections.Store]string{}
		open := func(t *testing.T, uri string) collections.Store {
			s := mustOpen(t, uri)
			named[s] = uri
			return s
		}
		storetest.Run(t, storetest.Harness{
			Slow: true, Lagging: true,
			Open: func(t *testing.T) collections.Store { return open(t, newDatabase(t, uri)) },
			Reopen: func(t *testing.T, s collections.Store) collections.Store {
				must(t, s.Close())
				return open(t, named[s])
			},
			Lose: lose,
		})
	})
}

// lose takes an entry out of the batch that has it.
func lose(t *testing.T, store collections.Store, p collections.Place) {
	s := store.(*Store)
	err := s.eachBatch(t.Context(), p.Stream, int64(p.N)-1, func(b *batch) (bool, error) {
		c, err := s.contentOf(t.Context(), b)
		must(t, err)
		c.Entries = slices.DeleteFunc(c.Entries, func(e entry) bool { return e.N == int64(p.N) })
		_, err = s.pack(b, c)
		must(t, err)
		_, err = s.sure.Collection(logName).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: b.Name}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "x", Value: b.Content}, {Key: "c", Value: b.Sum}}}})
		return false, err
	})
	must(t, err)
}
