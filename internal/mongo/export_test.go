package mongo

import "testing"

// EachServer is testServers, for the tests outside of the package.
func EachServer(t *testing.T, test func(t *testing.T, uri string)) { testServers(t, test) }

// NewDatabase is newDatabase.
func NewDatabase(tb testing.TB, uri string) string { return newDatabase(tb, uri) }
