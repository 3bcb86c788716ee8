package records_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// What the engine tells of a record's history, and what it refuses, is said in the
// reader's language, and the place stands before what happened there.
func TestRecord_German(t *testing.T) {
	w := admintest.NewWorld(t)
	path := metPump(w)
	b := w.As("eve")
	german := func(path string) *admintest.Page {
		return b.Do("GET", path, "", nil, "Accept-Language", "de")
	}
	p := german(path).Want(200)
	for _, want := range []string{"Assignee: wilo", "Assignee: eve, aber da stand ein neuerer Wert: wilo", "Angelegt"} {
		p.Says(".timeline", want)
	}
	for _, not := range []string{"but a newer value", "Created"} {
		p.SaysNot(".timeline", not)
	}
	german("/admin/types/order/records/01a2053e-fb97-7000-8000-000000000099").Want(404).Says("main", "Einen Eintrag")
}
