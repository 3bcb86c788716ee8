package schema

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
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
	}
	compareTwins(t, seed, types, parsed)
}

// Of texts that are nearly of a format, JavaScript says the same.
func TestRandomFormats_JavaScript(t *testing.T) {
	seed := twinSeed(t)
	r := rand.New(rand.NewPCG(uint64(seed), 0))
	var types []*twinType
	var parsed []*Schema
	for _, f := range formatVectors(t) {
		s := mustParse(t, `{"properties":{"f":{"format":`+crdt.Canonical(f.Format)+`}}}`)
		v := &twinType{Schema: s.JSON(), Fields: s.Fields(), Places: []twinPlace{}}
		texts := slices.Concat(f.Valid, f.Invalid)
		for range 400 {
			text := []rune(texts[r.IntN(len(texts))])
			for range 1 + r.IntN(3) {
				at := r.IntN(len(text) + 1)
				with := []rune("0159:./-+%@[]\"~TtZz aAgG?#\u00e9\n\u2028\u0663\U0001f600")
				switch r.IntN(3) {
				case 0:
					text = slices.Insert(text, at, with[r.IntN(len(with))])
				case 1:
					text = slices.Delete(text, at, min(at+1, len(text)))
				default:
					text = append(text[:at:at], []rune(texts[r.IntN(len(texts))])...)
				}
			}
			v.Values = append(v.Values, map[string]any{"f": string(text)})
		}
		types, parsed = append(types, v), append(parsed, s)
	}
	compareTwins(t, seed, types, parsed)
}

// What compilePattern accepts, a browser runs, with the same answers.
func TestRandomPatterns_JavaScript(t *testing.T) {
	seed := twinSeed(t)
	r := rand.New(rand.NewPCG(uint64(seed), 0))
	tokens := []string{
		"a", "b", "é", "😀", "-", "/", "_", " ", ",", ":", "=", "!", "~", "#", "&", "@", "%", "<", ">", "'", `"`, "`", ";", "1", ".", "^", "$", "|", "*", "+", "?", "{1,2}", "{2}", "{0,}", "{1,2}?", "(", ")", "(?:", "(?<n>", "(?<m>", "(?<n1>", "(?<1n>", "(?<é>", "(?<$_>", "(?<>",
		"[", "]", "[^", "[a-c]", "[^a]", "[]", "[^]", `[\w-]`, `[\s\S]`, `[a\-z]`, `[-a]`, `[\b]`, `[\d.]`, "[a-", "[é-😀]", `[\p{L}]`, `[^\P{L}]`, "&&", "--", "[[", "[:alpha:]",
		`\d`, `\D`, `\w`, `\W`, `\s`, `\S`, `\b`, `\B`, `\n`, `\t`, `\0`, `\cA`, `\x41`, `\u00e9`, `\u{1F600}`, `\ud83d\ude00`, `\ud83d`, `\p{Lu}`, `\P{Nd}`, `\p{Script=Greek}`, `\p{sc=Latin}`, `\p{Letter}`, `\p{gc=L}`, `\p{General_Category=L}`, `\p{Alphabetic}`, `\p{Punct}`, `\p{punct}`, `\p{digit}`, `\p{Cc}`, `\p{Co}`, `\pL`,
		`\.`, `\/`, `\-`, `\$`, `\^`, `\{`, `\}`, `\]`, `\@`, `\a`, `\A`, `\z`, `\1`, `\k<n>`,
	}
	const signs = "ab1é😀-/_ \n\u2028\u0085\ufeffZßΣ\u0663\x00\x01A.$^{}[]"
	var types []*twinType
	var parsed []*Schema
	for len(types) < 600 {
		var pattern strings.Builder
		for range 1 + r.IntN(6) {
			pattern.WriteString(tokens[r.IntN(len(tokens))])
		}
		quoted := crdt.Canonical(pattern.String())
		s, err := Parse([]byte(`{"type":"object","properties":{"f":{"pattern":` + quoted + `}},"patternProperties":{` + quoted + `:{}},"additionalProperties":{"type":"number"}}`))
		if err != nil {
			continue
		}
		v := &twinType{Schema: s.JSON(), Fields: s.Fields(), Places: []twinPlace{}}
		for range 8 {
			var text []rune
			for range r.IntN(5) {
				text = append(text, []rune(signs)[r.IntN(len([]rune(signs)))])
			}
			v.Values = append(v.Values, map[string]any{"f": string(text), string(text) + "x": true})
		}
		types, parsed = append(types, v), append(parsed, s)
	}
	compareTwins(t, seed, types, parsed)
}

// compareTwins has JavaScript judge the same and compares.
func compareTwins(t *testing.T, seed int, types []*twinType, parsed []*Schema) {
	t.Helper()
	var in bytes.Buffer
	for _, v := range types {
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
