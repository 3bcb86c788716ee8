package storetest_test

import (
	"bytes"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Open: func(*testing.T) collections.Store { return storetest.Memory() },
		Restore: func(t *testing.T, backup []byte) collections.Store {
			s, err := storetest.Restore(bytes.NewReader(backup))
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	})
}
