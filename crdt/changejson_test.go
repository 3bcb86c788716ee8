package crdt

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	dotA = "00000000000000aa.1"
	dotB = "00000000000000bb.2"
)

// allKinds has an operation of every kind, with all its members, in canonical JSON.
var allKinds = []struct {
	text string
	op   Op
}{
	{`{"kind":"create"}`, Op{Kind: OpCreate}},
	{`{"kind":"delete","saw":{"00000000000000aa":3,"00000000000000bb":1}}`,
		Op{Kind: OpDelete, Saw: Vector{0xaa: 3, 0xbb: 1}}},
	{`{"kind":"restore"}`, Op{Kind: OpRestore}},
	{`{"kind":"set","path":["a","b"],"value":{"x":[1,null]}}`,
		Op{Kind: OpSet, Path: []string{"a", "b"}, Value: map[string]any{"x": []any{1.0, nil}}, Has: true}},
	{`{"kind":"set","path":["a"],"value":null}`, Op{Kind: OpSet, Path: []string{"a"}, Has: true}},
	{`{"kind":"unset","path":["a"]}`, Op{Kind: OpUnset, Path: []string{"a"}}},
	{`{"id":7,"kind":"assign","over":["` + dotA + `","` + dotB + `"],"path":["a"],"value":"v"}`,
		Op{Kind: OpAssign, Path: []string{"a"}, ID: 7, Over: []Dot{{0xaa, 1}, {0xbb, 2}}, Value: "v", Has: true}},
	{`{"id":7,"kind":"assign","over":[],"path":["a"]}`, Op{Kind: OpAssign, Path: []string{"a"}, ID: 7}},
	{`{"kind":"add","path":["a"],"value":-2.5}`, Op{Kind: OpAdd, Path: []string{"a"}, Value: -2.5, Has: true}},
	{`{"kind":"raise","path":["a"],"value":5}`, Op{Kind: OpRaise, Path: []string{"a"}, Value: 5.0, Has: true}},
	{`{"kind":"lower","path":["a"],"value":"2026-01-01"}`, Op{Kind: OpLower, Path: []string{"a"}, Value: "2026-01-01", Has: true}},
	{`{"id":7,"kind":"include","path":["a"],"value":null}`, Op{Kind: OpInclude, Path: []string{"a"}, ID: 7, Has: true}},
	{`{"kind":"exclude","over":["` + dotA + `"],"path":["a"],"value":true}`,
		Op{Kind: OpExclude, Path: []string{"a"}, Over: []Dot{{0xaa, 1}}, Value: true, Has: true}},
	{`{"after":"` + dotA + `","before":"` + dotB + `","id":7,"kind":"insert","path":["a"],"text":"h\"é🎉"}`,
		Op{Kind: OpInsert, Path: []string{"a"}, ID: 7, After: Dot{0xaa, 1}, Before: Dot{0xbb, 2}, Text: "h\"é🎉"}},
	{`{"id":7,"kind":"insert","path":["a"],"text":"h"}`, Op{Kind: OpInsert, Path: []string{"a"}, ID: 7, Text: "h"}},
	{`{"kind":"cut","path":["a"],"spans":["` + dotA + `+3","` + dotB + `+1"]}`,
		Op{Kind: OpCut, Path: []string{"a"}, Spans: []Span{{Dot{0xaa, 1}, 3}, {Dot{0xbb, 2}, 1}}}},
	{`{"after":"` + dotA + `","before":"` + dotB + `","id":7,"kind":"place","path":["a"]}`,
		Op{Kind: OpPlace, Path: []string{"a"}, ID: 7, After: Dot{0xaa, 1}, Before: Dot{0xbb, 2}}},
	{`{"after":"` + dotA + `","before":"` + dotB + `","id":7,"kind":"move","path":["a"],"row":"` + dotB + `"}`,
		Op{Kind: OpMove, Path: []string{"a"}, Row: Dot{0xbb, 2}, ID: 7, After: Dot{0xaa, 1}, Before: Dot{0xbb, 2}}},
	{`{"kind":"drop","path":["a"],"row":"` + dotB + `","saw":{"00000000000000aa":3}}`,
		Op{Kind: OpDrop, Path: []string{"a"}, Row: Dot{0xbb, 2}, Saw: Vector{0xaa: 3}}},
	{`{"as":"map","kind":"ensure","path":["a","` + dotA + `","b"],"value":false}`,
		Op{Kind: OpEnsure, Path: []string{"a", dotA, "b"}, Value: false, Has: true, As: Map}},
}

// changeText puts operations into a change, in canonical JSON.
func changeText(ops ...string) string {
	return `{"doc":"019a-Z","n":7,"ops":[` + strings.Join(ops, ",") +
		`],"prev":5,"replica":"00000000000000aa","stamp":"019a2b3c4d5e-000f","type":"work-order","version":2}`
}

func TestChange_RoundTrip(t *testing.T) {
	want := &Change{Replica: 0xaa, N: 7, Prev: 5, Stamp: NewTime(0x19a2b3c4d5e, 15), Type: "work-order", Version: 2, Doc: "019a-Z"}
	var texts []string
	for _, kind := range allKinds {
		texts = append(texts, kind.text)
		want.Ops = append(want.Ops, kind.op)
	}
	text := changeText(texts...)
	got, err := ParseChange([]byte(text), Limits{})
	if err != nil {
		t.Fatalf("%v at %+v", err, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the change reads otherwise (-want +got):\n%s", diff)
	}
	if written := string(AppendChange([]byte("x"), want)); written != "x"+text {
		t.Errorf("the change is written\n%s, want\n%s", written, text)
	}
}

func TestAppendChange_PutsInOrder(t *testing.T) {
	c := &Change{Replica: 1, N: 1, Type: "a", Version: 1, Doc: "d", Ops: []Op{{
		Kind: OpExclude, Path: []string{"s"}, Value: 1.0, Has: true, Over: []Dot{{2, 1}, {1, 9}, {1, 8}, {1, 9}},
	}}}
	before := slices.Clone(c.Ops[0].Over)
	text := AppendChange(nil, c)
	if want := `"over":["0000000000000001.8","0000000000000001.9","0000000000000002.1"]`; !strings.Contains(string(text), want) {
		t.Errorf("%s\ndoes not have %s", text, want)
	}
	if strings.Contains(string(text), `"prev"`) {
		t.Errorf("%s\nhas a prev of zero", text)
	}
	if !slices.Equal(c.Ops[0].Over, before) {
		t.Error("writing the change changed it")
	}
	if _, err := ParseChange(text, Limits{}); err != nil {
		t.Errorf("what was written is refused: %v", err)
	}
}

// TestParseChange_Members takes each operation, leaves out each of its members, and
// gives it each member that is not its own.
func TestParseChange_Members(t *testing.T) {
	others := map[string]any{}
	for _, kind := range allKinds {
		v, _ := ParseValue([]byte(kind.text), Limits{})
		maps.Copy(others, v.(map[string]any))
	}
	others["unknown"] = 1.0
	optional := map[Kind]string{OpAssign: "value", OpInsert: "after before", OpPlace: "after before", OpMove: "after before"}
	refused := func(m map[string]any) error {
		_, err := ParseChange([]byte(changeText(Canonical(m))), Limits{})
		return err
	}
	for _, kind := range allKinds {
		v, _ := ParseValue([]byte(kind.text), Limits{})
		own := v.(map[string]any)
		for name := range own {
			m := maps.Clone(own)
			delete(m, name)
			err := refused(m)
			if strings.Contains(optional[kind.op.Kind], name) != (err == nil) {
				t.Errorf("%s without %q: error %v", kind.text, name, err)
			}
		}
		for name, value := range others {
			if _, has := own[name]; has || strings.Contains(optional[kind.op.Kind], name) {
				continue
			}
			m := maps.Clone(own)
			m[name] = value
			if err := refused(m); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s with %q: error %v", kind.text, name, err)
			}
		}
		for name := range own {
			for _, wrong := range []any{map[string]any{"k": 1.0}, []any{[]any{}}, -1.0, 1.5} {
				m := maps.Clone(own)
				m[name] = wrong
				if name != "value" && refused(m) == nil {
					t.Errorf("%s with %q: %v is accepted", kind.text, name, wrong)
				}
			}
		}
	}
}

// TestParseChange_Bounds tries each bound below, at and above it.
func TestParseChange_Bounds(t *testing.T) {
	with := func(old, format string) func(any) string {
		return func(v any) string {
			text := changeText(allKinds[0].text)
			if !strings.Contains(text, old) {
				panic("no " + old)
			}
			return strings.Replace(text, old, fmt.Sprintf(format, v), 1)
		}
	}
	op := func(format string) func(any) string {
		return func(v any) string { return changeText(fmt.Sprintf(format, v)) }
	}
	a := func(n int) string { return strings.Repeat("a", n) }
	keys := func(n int) string { return strings.TrimSuffix(strings.Repeat(`"a",`, n), ",") }
	creates := func(n int) string { return strings.TrimSuffix(strings.Repeat(`{"kind":"create"},`, n), ",") }
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	const max, over = "9007199254740991", "9007199254740992"

	tests := []struct {
		name      string
		text      func(any) string
		good, bad []any
	}{
		{"n", with(`"n":7`, `"n":%v`), []any{6, 7, max, "6.0"}, []any{0, 5, 4, -7, 7.5, over, `"7"`, nil, true}},
		{"prev", with(`"prev":5`, `"prev":%v`), []any{1, 6}, []any{0, 7, 8, -1, 1.5, `"1"`, "null"}},
		{"no prev", with(`,"prev":5`, "%v"), []any{""}, []any{`,"prev":[]`}},
		{"replica", with("00000000000000aa", "%v"), []any{"0000000000000001", "ffffffffffffffff"},
			[]any{"0000000000000000", "", "1", "00000000000000AA", "00000000000000aa0"}},
		{"stamp", with("019a2b3c4d5e-000f", "%v"), []any{"000000000000-0000", "ffffffffffff-ffff"},
			[]any{"", "0", "019a2b3c4d5e000f", "019A2b3c4d5e-000f"}},
		{"version", with(`"version":2`, `"version":%v`), []any{1, 2147483647}, []any{0, -1, 1.5, 2147483648, `"1"`, "null"}},
		{"type", with("work-order", "%v"), []any{"a", "a-0", a(63), a(64)},
			[]any{"", a(65), "A", "0a", "-a", "_a", "a_b", "a.b", "ä", "aB", "a b"}},
		{"doc", with("019a-Z", "%v"), []any{"0", "-", a(63), a(64)}, []any{"", a(65), "_", "a.b", "ä", "a b", "a/b", `\u0000`}},
		{"ops", with(`{"kind":"create"}`, "%v"), []any{"", creates(1), creates(9_999), creates(10_000)}, []any{creates(10_001), "1", "null", "[]"}},
		{"unknown member", with(`"n":7`, `"n":7%v`), []any{""}, []any{`,"x":1`, `,"author":null`}},
		{"kind", op(`{"kind":%v}`), []any{`"create"`, `"restore"`}, []any{`""`, `"Create"`, `"place"`, `"nothing"`, "1", "null"}},

		{"path", op(`{"kind":"unset","path":[%v]}`),
			[]any{keys(1), keys(15), keys(16), `"` + a(255) + `"`, `"` + a(256) + `"`, `"constructor"`, `"a","` + dotA + `"`},
			[]any{"", keys(17), `"` + a(257) + `"`, `"__proto__"`, `"a","__proto__"`, `"` + dotA + `"`, "1", "null", `["a"]`}},
		{"id", op(`{"kind":"place","path":["a"],"id":%v}`), []any{1, max}, []any{0, -1, 1.5, over, `"1"`, "null", "1e300"}},
		{"id of the last character", op(`{"kind":"insert","path":["a"],"text":"a🎉b","id":%v}`),
			[]any{"9007199254740988", "9007199254740989"}, []any{"9007199254740990", max}},
		{"text", op(`{"kind":"insert","path":["a"],"id":1,"text":%v}`), []any{`"a"`, `"` + a(256<<10) + `"`},
			[]any{`""`, `"` + a(256<<10+1) + `"`, "1", "null", `"\ud800"`}},
		{"after", op(`{"kind":"place","path":["a"],"id":1,"after":%v}`), []any{`"` + dotA + `"`},
			[]any{`""`, "null", `"00000000000000aa.0"`, `"0000000000000000.1"`, `"x"`, "1"}},
		{"before", op(`{"kind":"insert","path":["a"],"id":1,"text":"t","before":%v}`), []any{`"` + dotA + `"`},
			[]any{`""`, "null", `"00000000000000aa.0"`, "1"}},
		{"row", op(`{"kind":"drop","path":["a"],"saw":{},"row":%v}`), []any{`"` + dotA + `"`}, []any{`""`, "null", `"x"`, "1"}},
		{"over", op(`{"kind":"assign","path":["a"],"id":1,"over":%v}`),
			[]any{"[]", `["` + dotA + `"]`, `["` + dotA + `","` + dotB + `"]`},
			[]any{"null", "{}", "[1]", `["x"]`, `["` + dotA + `","` + dotA + `"]`, `["` + dotB + `","` + dotA + `"]`}},
		{"spans", op(`{"kind":"cut","path":["a"],"spans":%v}`),
			[]any{`["` + dotA + `+1"]`, `["` + dotA + `+9007199254740991"]`, `["` + dotB + `+1","` + dotA + `+1"]`},
			[]any{"[]", "null", `["` + dotA + `"]`, `["` + dotA + `+0"]`, `["` + dotB + `+9007199254740991"]`, "[1]"}},
		{"saw", op(`{"kind":"delete","saw":%v}`), []any{"{}", `{"00000000000000aa":1}`, `{"00000000000000aa":` + max + `}`},
			[]any{"null", "[]", `{"00000000000000aa":0}`, `{"00000000000000aa":` + over + `}`, `{"00000000000000AA":1}`, `{"":1}`,
				`{"00000000000000aa":null}`}},
		{"add", op(`{"kind":"add","path":["a"],"value":%v}`), []any{0, -1.5}, []any{`"1"`, "null", "true", "[]"}},
		{"raise", op(`{"kind":"raise","path":["a"],"value":%v}`), []any{0, `"2026"`}, []any{"null", "true", "[]", "{}"}},
		{"lower", op(`{"kind":"lower","path":["a"],"value":%v}`), []any{0, `"2026"`}, []any{"null", "true", "[]", "{}"}},
		{"include", op(`{"kind":"include","path":["a"],"id":1,"value":%v}`), []any{0, `""`, "null", "true"}, []any{"[]", "{}"}},
		{"exclude", op(`{"kind":"exclude","path":["a"],"over":[],"value":%v}`), []any{0, `""`, "null", "true"}, []any{"[]", "{}"}},
		{"ensure", op(`{"kind":"ensure","path":["a"],"as":"map","value":%v}`), []any{"true", "false"}, []any{"null", "0", `"true"`}},
		{"as", op(`{"kind":"ensure","path":["a"],"value":true,"as":%v}`),
			[]any{`"map"`, `"list"`, `"set"`, `"text"`, `"counter"`}, []any{`"register"`, `""`, `"Map"`, "null", `"max"`, `"serial"`}},
		{"value's depth", op(`{"kind":"set","path":["a"],"value":%v}`), []any{nested(31), nested(32)}, []any{nested(33)}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, good := range test.good {
				c, err := ParseChange([]byte(test.text(good)), Limits{})
				if err != nil {
					t.Errorf("%.80v is refused: %v", good, err)
					continue
				}
				stableChange(t, c)
			}
			for _, bad := range test.bad {
				_, err := ParseChange([]byte(test.text(bad)), Limits{})
				var at *ValueError
				if !errors.As(err, &at) {
					t.Errorf("%.80v is accepted, or refused with another error: %v", bad, err)
				} else if len(at.Message) > 300 || !strings.HasSuffix(at.Message, ".") {
					t.Errorf("%.80v is refused with %.400q, which is not a sentence of fair length", bad, at.Message)
				}
			}
		})
	}
}

// TestParseChange_SaysWhere looks at the paths of errors.
func TestParseChange_SaysWhere(t *testing.T) {
	create := allKinds[0].text
	tests := map[string]string{
		changeText(create, `{"kind":"set","path":["a"]}`):                     "/ops/1/value",
		changeText(create, create, `{"kind":"add","path":["a"],"value":"1"}`): "/ops/2/value",
		changeText(`{"kind":"delete","saw":{"x":1}}`):                         "/ops/0/saw",
		changeText(`{"kind":"delete","saw":{"00000000000000aa":0}}`):          "/ops/0/saw/00000000000000aa",
		changeText(`{"kind":"place","path":["a"],"id":1,"nonsense":1}`):       "/ops/0",
		changeText(`7`): "/ops/0/kind",
		strings.Replace(changeText(create), `"n":7`, `"n":"7"`, 1): "/n",
		strings.Replace(changeText(create), `"n":7,`, "", 1):       "/n",
		`[]`: "",
	}
	for text, want := range tests {
		_, err := ParseChange([]byte(text), Limits{})
		var at *ValueError
		if !errors.As(err, &at) || at.Path != want || at.Offset != -1 {
			t.Errorf("%s: %#v, want one at %q", text, err, want)
		}
	}
}

func TestParseChange_OpsLimit(t *testing.T) {
	create := allKinds[0].text
	for n, want := range map[int]bool{1: true, 2: true, 3: false} {
		text := changeText(slices.Repeat([]string{create}, n)...)
		_, err := ParseChange([]byte(text), Limits{Ops: 2})
		v, _ := ParseValue([]byte(text), Limits{})
		_, err2 := ChangeFromValue(v, Limits{Ops: 2})
		if (err == nil) != want || (err2 == nil) != want {
			t.Errorf("%d operations of at most 2: %v, %v", n, err, err2)
		}
	}
}

// stableChange wants a change to be written and read back as it is.
func stableChange(t *testing.T, c *Change) {
	t.Helper()
	text := AppendChange(nil, c)
	again, err := ParseChange(text, Limits{Bytes: 1 << 30})
	if err != nil {
		t.Fatalf("%.300s\nis written, but refused: %v", text, err)
	}
	if !reflect.DeepEqual(c, again) { // cmp takes for ever on deep nesting
		t.Fatalf("%.300s\nreads back otherwise: %.300s", text, AppendChange(nil, again))
	}
	v, err := ParseValue(text, Limits{Bytes: 1 << 30, Depth: maxDepth + changeDepth})
	if err != nil || Canonical(v) != string(text) {
		t.Fatalf("%.300s\nis not canonical JSON (%v)", text, err)
	}
}

// FuzzParseChange wants what is read to be written and read as the same again.
func FuzzParseChange(f *testing.F) {
	for _, kind := range allKinds {
		f.Add([]byte(changeText(kind.text)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, err := ParseChange(text, Limits{}); err == nil {
			stableChange(t, c)
		}
		readsAlike(t, text, Limits{})
	})
}
