package crdt_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// TestSplice_IsWhatAnEditorDoes makes the same edits in place and by an editor, on a text
// at the top and on one in a row, and wants the same operations and the same bytes.
func TestSplice_IsWhatAnEditorDoes(t *testing.T) {
	placed := &crdt.Change{Replica: anna, N: 1, Stamp: 1, Ops: []crdt.Op{
		{Kind: crdt.OpCreate}, {Kind: crdt.OpPlace, Path: []string{"parts"}, ID: 1},
	}}
	row := crdt.Dot{Replica: anna, Seq: 1}.String()
	for _, path := range [][]string{{"notes"}, {"parts", row, "notes"}} {
		ours, theirs := crdt.NewDocument(), crdt.NewDocument()
		for _, d := range []*crdt.Document{ours, theirs} {
			if _, err := d.Apply(placed); err != nil {
				t.Fatal(err)
			}
		}
		for i, e := range []edit{{0, 0, "a😀b"}, {1, 1, ""}, {2, 0, "cé"}, {0, 4, "x"}, {1, 0, ""}, {0, 1, ""}, {0, 0, "end"}} {
			c := &crdt.Change{Replica: boris, N: uint64(i) + 1, Stamp: crdt.Time(i) + 2}
			if err := ours.Splice(c, path, e.at, e.n, e.text); err != nil {
				t.Fatalf("%v, edit %d: %v", path, i, err)
			}
			editor := theirs.Edit(boris, nil)
			if err := editor.Splice(path, e.at, e.n, e.text); err != nil {
				t.Fatal(err)
			}
			other := &crdt.Change{Replica: boris, N: c.N, Prev: theirs.Seen()[boris], Stamp: c.Stamp, Ops: editor.Ops()}
			if len(other.Ops) == 0 {
				if len(c.Ops) != 0 {
					t.Fatalf("%v, edit %d does nothing and has operations", path, i)
				}
				continue
			}
			if _, err := theirs.Apply(other); err != nil {
				t.Fatal(err)
			}
			if got, want := crdt.AppendChange(nil, c), crdt.AppendChange(nil, other); !bytes.Equal(got, want) {
				t.Errorf("%v, edit %d:\n got %s\nwant %s", path, i, got, want)
			}
			same(t, ours, theirs)
		}
	}
}

// TestSplice_Refusals goes to each limit and one beyond; what is refused changes nothing.
func TestSplice_Refusals(t *testing.T) {
	d := notebook(t, anna)
	path := []string{"notes"}
	if err := d.Splice(&crdt.Change{Replica: anna, N: 2, Stamp: 2}, path, 0, 0, "abc"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		d       *crdt.Document
		replica crdt.Replica
		n       uint64
		e       edit
		want    string // "": it is done
	}{
		{"at the end", d, anna, 3, edit{3, 0, "d"}, ""},
		{"behind the end", d, anna, 3, edit{4, 0, "d"}, "3 characters"},
		{"before the start", d, anna, 3, edit{-1, 0, "d"}, "3 characters"},
		{"all of it", d, anna, 3, edit{0, 3, ""}, ""},
		{"more than all of it", d, anna, 3, edit{1, 3, ""}, "3 characters"},
		{"fewer than none", d, anna, 3, edit{1, -1, ""}, "3 characters"},
		{"half of a character", d, anna, 3, edit{0, 0, "\xf0\x9f"}, "valid text"},
		{"a number that was used", d, anna, 2, edit{0, 0, "d"}, "number"},
		{"the last number", d, anna, crdt.MaxSeq, edit{0, 0, "d"}, ""},
		{"a number beyond the last", d, anna, crdt.MaxSeq + 1, edit{0, 0, "d"}, "number"},
		{"nobody", d, 0, 3, edit{0, 0, "d"}, "replica"},
		{"no record", crdt.NewDocument(), anna, 1, edit{0, 0, "d"}, "create it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := test.d.Clone()
			err := d.Splice(&crdt.Change{Replica: test.replica, N: test.n, Stamp: 3}, path, test.e.at, test.e.n, test.e.text)
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var refused *crdt.OpError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			same(t, d, test.d)
		})
	}
}

// same wants two documents to be written the same.
func same(t *testing.T, a, b *crdt.Document) {
	t.Helper()
	value, meta := a.Encode()
	otherValue, otherMeta := b.Encode()
	if !bytes.Equal(value, otherValue) || !bytes.Equal(meta, otherMeta) {
		t.Errorf("the documents differ: %s, % x\nand %s, % x", value, meta, otherValue, otherMeta)
	}
}
