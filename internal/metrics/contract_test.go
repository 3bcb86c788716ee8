package metrics

import (
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// A store that is watched keeps the contract.
func TestStore_Contract(t *testing.T) {
	m := New("test", time.Now, nil)
	storetest.Run(t, storetest.Harness{Open: func(*testing.T) collections.Store { return m.Store(storetest.Memory()) }, Slow: true})
}
