package collections_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// Ensure an answer says the same in the short way of writing it as in the long one.
func TestSyncResponse_AppendJSON(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	hard := "a \"quoted\" <b> & \\ \u2028 \x01 é 漢 😀\n"
	if _, err := o.Create(t.Context(), eve, "job", docID(1), map[string]any{"title": hard, "price": 9.5}); err != nil {
		t.Fatal(err)
	}
	if err := o.Delete(t.Context(), olga, "job", docID(1)); err != nil {
		t.Fatal(err)
	}
	whole, err := o.Pull(t.Context(), eve, "", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Create(t.Context(), eve, "job", docID(2), map[string]any{"title": hard}); err != nil {
		t.Fatal(err)
	}
	since, err := o.Pull(t.Context(), eve, whole.Cursor, nil, 0)
	if err != nil || len(whole.Documents) != 1 || len(since.Changes) != 1 {
		t.Fatalf("%d documents, %d changes, %v", len(whole.Documents), len(since.Changes), err)
	}
	whole.Documents = append(whole.Documents, &collections.DocumentWire{Type: "job", ID: "x", Value: []byte(`{}`), Meta: []byte{0, 255, 3}, CreatedBy: hard, UpdatedBy: hard})
	since.Results = []collections.Result{{N: 1, Error: collections.Errorf(collections.Invalid, "title", "%s", hard)}}
	since.Changes = append(since.Changes, &collections.ChangeWire{Change: &crdt.Change{Replica: 7, N: 1, Type: "job", Doc: docID(3)}})
	for name, answer := range map[string]*collections.SyncResponse{"whole": whole, "since": since, "empty": {}} {
		short, err := answer.AppendJSON([]byte("x"))
		if err != nil || short[0] != 'x' {
			t.Fatal(err)
		}
		long, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		var a, b map[string]any
		if err := json.Unmarshal(short[1:], &a); err != nil {
			t.Fatalf("%s: %v in %s", name, err, short)
		}
		if err := json.Unmarshal(long, &b); err != nil {
			t.Fatal(err)
		}
		for _, list := range []string{"changes", "documents"} { // no list is an empty one
			if b[list] == nil {
				b[list] = []any{}
			}
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s:\n%s\nis not\n%s", name, short[1:], long)
		}
	}
}
