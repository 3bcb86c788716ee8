package crdt_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// The vectors in testdata/vectors are the promise of this package to whoever writes
// it again in another language; testdata/vectors/README.md says what they mean. The
// values in them are never taken from this package: here they are held against it,
// and against the model, which shares no code with it.

var updateMeta = flag.Bool("update", false, "write the meta of the vectors anew, and nothing else; commit only what you understand and want")

// vectorFile is one file of cases.
type vectorFile struct {
	About string       `json:"about"`
	Cases []vectorCase `json:"cases"`
}

// vectorCase is what some people did to one document, and what must come of it.
type vectorCase struct {
	Name    string            `json:"name"`
	Why     string            `json:"why"`
	Changes []json.RawMessage `json:"changes"`
	Orders  vectorOrders      `json:"orders"`
	Merges  vectorMerges      `json:"merges"`
	Steps   []vectorStep      `json:"steps"`
	Value   json.RawMessage   `json:"value"`
	Exists  *bool             `json:"exists"` // absent: true
	Deleted bool              `json:"deleted"`
	Seen    crdt.Vector       `json:"seen"`
	Held    []int             `json:"held"`
	Dropped []int             `json:"dropped"`
	Meta    string            `json:"meta"`

	changes []*crdt.Change // Changes, read
}

// vectorStep gives one change to the document and says what becomes of it.
type vectorStep struct {
	Apply   int             `json:"apply"`
	Effect  string          `json:"effect"`
	Missing *vectorRef      `json:"missing"`
	Op      int             `json:"op"`   // refused: the operation to blame, -1: the change as a whole
	Path    []string        `json:"path"` // refused: the field to blame
	Value   json.RawMessage `json:"value"`
	Deleted *bool           `json:"deleted"`
}

// vectorRef is the first thing that a held change waits for.
type vectorRef struct {
	Element crdt.Dot `json:"element"`
	Prev    uint64   `json:"prev"`
}

// vectorOrders is lists of changes by index, or "all": every order there is.
type vectorOrders struct {
	all   bool
	lists [][]int
}

func (o *vectorOrders) UnmarshalJSON(text []byte) error {
	if o.all = string(text) == `"all"`; o.all {
		return nil
	}
	return json.Unmarshal(text, &o.lists)
}

// vectorMerges is pairs of lists of changes, or "all": every way of giving each
// change to one document, to the other, or to both.
type vectorMerges struct {
	all   bool
	pairs [][2][]int
}

func (m *vectorMerges) UnmarshalJSON(text []byte) error {
	if m.all = string(text) == `"all"`; m.all {
		return nil
	}
	return json.Unmarshal(text, &m.pairs)
}

// The vectors that are not cases have tests of their own.
var otherVectors = []string{"canonical-json.json", "change-texts.json", "clock.json"}

// eachVector calls f for every case of every file.
func eachVector(t *testing.T, f func(t *testing.T, k *vectorCase)) {
	t.Helper()
	for _, name := range vectorFiles(t) {
		file := readVectors(t, name)
		t.Run(filepath.Base(name), func(t *testing.T) {
			for i := range file.Cases {
				t.Run(file.Cases[i].Name, func(t *testing.T) { f(t, &file.Cases[i]) })
			}
		})
	}
}

// vectorFiles lists the files of cases.
func vectorFiles(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/vectors/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	return slices.DeleteFunc(names, func(name string) bool {
		return slices.Contains(otherVectors, filepath.Base(name))
	})
}

// readVectors reads one file of cases, strictly, and the changes in it.
func readVectors(t *testing.T, name string) *vectorFile {
	t.Helper()
	file := &vectorFile{}
	readStrictly(t, name, file)
	for i := range file.Cases {
		k := &file.Cases[i]
		for _, text := range k.Changes {
			c, err := crdt.ParseChange(text, crdt.Limits{})
			if err != nil {
				t.Fatalf("%s: %s: %v", name, k.Name, err)
			}
			k.changes = append(k.changes, c)
		}
	}
	return file
}

func readStrictly(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestVectors_Orders(t *testing.T) {
	eachVector(t, func(t *testing.T, k *vectorCase) {
		for _, order := range k.Orders.of(len(k.changes)) {
			k.check(t, k.apply(t, order, false))
			k.check(t, k.apply(t, order, true))
			if t.Failed() {
				t.Fatalf("in the order %v", order)
			}
		}
	})
}

func TestVectors_Merges(t *testing.T) {
	eachVector(t, func(t *testing.T, k *vectorCase) {
		for _, pair := range k.Merges.of(len(k.changes)) {
			a, b := k.apply(t, pair[0], false), k.apply(t, pair[1], false)
			k.check(t, merge(t, a, b))
			k.check(t, merge(t, b, a))
			if t.Failed() {
				t.Fatalf("merging %v and %v", pair[0], pair[1])
			}
		}
	})
}

func TestVectors_Steps(t *testing.T) {
	eachVector(t, func(t *testing.T, k *vectorCase) {
		if len(k.Steps) == 0 {
			return
		}
		d := crdt.NewDocument()
		for i := range k.Steps {
			k.step(t, d, &k.Steps[i])
			if t.Failed() {
				t.Fatalf("at step %d", i)
			}
			d = reread(t, d)
		}
		k.check(t, d)
	})
}

// The value of a vector is what the model, too, says of its changes.
func TestVectors_Model(t *testing.T) {
	eachVector(t, func(t *testing.T, k *vectorCase) {
		state := crdttest.Model(k.taken())
		if got, want := crdt.Canonical(state.Value), k.value(t); got != want {
			t.Errorf("the model shows\n%s\nand the vector\n%s", got, want)
		}
		if state.Exists != k.exists() || state.Deleted != k.Deleted || state.Waiting != len(k.Held) {
			t.Errorf("the model says that it exists %v, is deleted %v and %d changes wait", state.Exists, state.Deleted, state.Waiting)
		}
	})
}

// Names tell cases apart, and every case is put to some use.
func TestVectors_Named(t *testing.T) {
	names := map[string]bool{}
	kinds := map[crdt.Kind]bool{}
	eachVector(t, func(t *testing.T, k *vectorCase) {
		if k.Name == "" || names[k.Name] {
			t.Error("a name occurs twice, or is missing")
		}
		names[k.Name] = true
		if len(k.Orders.of(len(k.changes)))+len(k.Steps) == 0 {
			t.Error("a case has neither orders nor steps")
		}
		for _, c := range k.changes {
			for _, op := range c.Ops {
				kinds[op.Kind] = true
			}
		}
	})
	if len(names) < 960 || len(kinds) < 17 {
		t.Errorf("there are only %d cases with %d kinds of operations", len(names), len(kinds))
	}
}

var metaMember = regexp.MustCompile(`"meta": "[0-9a-f]*"`)

// The meta follows from the format, which META.md describes; when that moves, so do
// these bytes, and nothing else in the files does.
func TestVectors_Meta(t *testing.T) {
	for _, name := range vectorFiles(t) {
		file := readVectors(t, name)
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		written := metaMember.ReplaceAllFunc(text, func([]byte) []byte {
			k := &file.Cases[i]
			i++
			return []byte(`"meta": "` + k.encoded(t) + `"`)
		})
		if i != len(file.Cases) {
			t.Fatalf("%s: %d cases and %d metas", name, len(file.Cases), i)
		}
		if bytes.Equal(text, written) {
			continue
		}
		if !*updateMeta {
			t.Errorf("%s: the meta of a document is written otherwise; if it should be, run the tests with -update, read what changed and amend META.md", name)
			continue
		}
		if err := os.WriteFile(name, written, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// taken lists the changes that the document took, or holds: of several that have one
// name the first, unless it was held and another could be taken.
func (k *vectorCase) taken() []*crdt.Change {
	type name struct {
		replica crdt.Replica
		n       uint64
	}
	by := map[name]int{}
	take := func(i int, instead bool) {
		c := k.changes[i]
		if _, there := by[name{c.Replica, c.N}]; (!there || instead) && !slices.Contains(k.Dropped, i) {
			by[name{c.Replica, c.N}] = i
		}
	}
	for i := range k.changes {
		if len(k.Steps) == 0 {
			take(i, false)
		}
	}
	for _, s := range k.Steps {
		if s.Effect == "applied" || s.Effect == "held" {
			take(s.Apply, s.Effect == "applied")
		}
	}
	var taken []*crdt.Change
	for _, i := range slices.Sorted(maps.Values(by)) {
		taken = append(taken, k.changes[i])
	}
	return taken
}
