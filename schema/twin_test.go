package schema

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/crdt"
)

// twinType is one type with values, for both implementations to judge.
type twinType struct {
	Schema json.RawMessage `json:"schema"`
	Fields []Field         `json:"fields"`
	Values []any           `json:"values"`
	Places []twinPlace     `json:"places"`
}

type twinPlace struct {
	Path  []string `json:"path"`
	Value any      `json:"value"`
}

// What Parse accepts means the same to a browser (law 2): of random types and values,
// JavaScript finds the same problems, word for word.
func TestRandomTypes_JavaScript(t *testing.T) {
	seed, count := twinSeed(t), 600
	if os.Getenv("FIELDSTACK_SOAK") != "" {
		count = 60_000
	}
	var types []*twinType
	var parsed []*Schema
	var in bytes.Buffer
	for i := 0; len(types) < count; i++ {
		s, err := Parse([]byte(randomType().Example(seed + i)))
		if err != nil {
			continue
		}
		v := &twinType{Schema: s.JSON(), Fields: s.Fields(), Places: []twinPlace{}}
		for j := range 3 {
			record := randomObject(3).Example(seed + 10*i + j)
			v.Values = append(v.Values, record)
			for key, value := range record {
				v.Places = append(v.Places, twinPlace{[]string{key}, value})
				if inner, ok := value.(map[string]any); ok {
					for below, value := range inner {
						v.Places = append(v.Places, twinPlace{[]string{key, below}, value})
					}
				}
			}
		}
		types, parsed = append(types, v), append(parsed, s)
		line, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	judged, wrong := 0, 0
	out := bufio.NewScanner(bytes.NewReader(runTwin(t, &in)))
	out.Buffer(nil, 64<<20)
	for i, v := range types {
		if !out.Scan() {
			t.Fatalf("JavaScript answered %d of %d (%v)", i, len(types), out.Err())
		}
		var theirs [][]Problem
		if err := json.Unmarshal(out.Bytes(), &theirs); err != nil {
			t.Fatal(err)
		}
		for j, ours := range v.judge(parsed[i]) {
			if judged++; len(ours) > 0 {
				wrong++
			}
			if len(ours)+len(theirs[j]) == 0 {
				continue
			}
			if diff := cmp.Diff(ours, theirs[j]); diff != "" {
				t.Fatalf("FIELDSTACK_SEED=%d: %s\nof %s\nanswer %d (-Go +JavaScript):\n%s", seed, v.Schema, crdt.Canonical(v.about()), j, diff)
			}
		}
	}
	t.Logf("%d values, places and operations of %d types, %d of them with problems", judged, len(types), wrong)
	if wrong < judged/10 {
		t.Errorf("only %d of %d had problems: the test tests too little", wrong, judged)
	}
}

// judge gives the problems in the order in which twin/schema.js does.
func (v *twinType) judge(s *Schema) (found [][]Problem) {
	for _, record := range v.Values {
		found = append(found, s.Validate(record.(map[string]any)))
	}
	for _, p := range v.Places {
		found = append(found, s.ValidateField(p.Path, p.Value, false))
		for _, kind := range []crdt.Kind{crdt.OpSet, crdt.OpUnset, crdt.OpAssign, crdt.OpAdd, crdt.OpRaise, crdt.OpInclude} {
			op := &crdt.Op{Kind: kind, Path: p.Path}
			if kind != crdt.OpUnset {
				op.Value, op.Has = p.Value, true
			}
			found = append(found, s.CheckOp(op))
		}
	}
	return found
}

// about is what was asked, for a report.
func (v *twinType) about() any {
	list := append([]any{}, v.Values...)
	for _, p := range v.Places {
		var path []any
		for _, key := range p.Path {
			path = append(path, key)
		}
		list = append(list, map[string]any{"path": path, "value": p.Value})
	}
	return list
}

// runTwin gives the lines to JavaScript and takes its answers.
func runTwin(t *testing.T, in *bytes.Buffer) []byte {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here")
	}
	const folder = "../client/js"
	if _, err := os.Stat(folder + "/node_modules"); err != nil {
		t.Skip("the browser's validator is not here: npm ci in client/js")
	}
	cmd := exec.Command(node, folder+"/twin/schema.js")
	cmd.Stdin = in
	var fault bytes.Buffer
	cmd.Stderr = &fault
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("JavaScript: %v\n%s", err, fault.Bytes())
	}
	return out
}

// twinSeed is FIELDSTACK_SEED, or another each time.
func twinSeed(t *testing.T) int {
	t.Helper()
	if text := os.Getenv("FIELDSTACK_SEED"); text != "" {
		seed, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return seed
	}
	return rand.IntN(1 << 30)
}
