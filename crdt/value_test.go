package crdt

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseValue_Accepts(t *testing.T) {
	tests := []struct {
		text string
		want any
	}{
		{`null`, nil},
		{" \t\r\n true \t\r\n", true},
		{`false`, false},
		{`""`, ""},
		{`"Grüße, 世界 🎉"`, "Grüße, 世界 🎉"},
		{`"\"\\\/\b\f\n\r\t\u0041\u00e9\uD83C\udf89"`, "\"\\/\b\f\n\r\tAé🎉"},
		{`"\u0000\ufffd\uffff"`, "\x00\ufffd\uffff"},
		{"\"\x7f\"", "\x7f"},
		{`0`, 0.0},
		{`-0`, 0.0},
		{`-0.0e5`, 0.0},
		{`-1e-400`, 0.0},
		{`-12.5`, -12.5},
		{`1E+2`, 100.0},
		{`1e-7`, 1e-7},
		{`0.1`, 0.1},
		{`9007199254740991`, float64(MaxSeq)},
		{`-9007199254740991`, -float64(MaxSeq)},
		{`9007199254740991.0`, float64(MaxSeq)},
		{`1e21`, 1e21},
		{`1.7976931348623157e308`, math.MaxFloat64},
		{`5e-324`, math.SmallestNonzeroFloat64},
		{`[]`, []any{}},
		{` [ 1 , [ ] , "a" ] `, []any{1.0, []any{}, "a"}},
		{`{}`, map[string]any{}},
		{` { "a" : 1 , "" : { } } `, map[string]any{"a": 1.0, "": map[string]any{}}},
		{`{"constructor":1,"proto":2}`, map[string]any{"constructor": 1.0, "proto": 2.0}},
	}
	for _, test := range tests {
		got, err := ParseValue([]byte(test.text), Limits{})
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, diff)
		}
		if f, ok := got.(float64); ok && f == 0 && math.Signbit(f) {
			t.Errorf("%s gave -0", test.text)
		}
	}
}

func TestParseValue_Refuses(t *testing.T) {
	tests := []struct {
		text   string
		offset int
		path   string
		want   string
	}{
		{``, 0, "", "ends too early"},
		{`  `, 2, "", "ends too early"},
		{"\ufeff1", 0, "", "not JSON"},
		{`nul`, 0, "", "not JSON"},
		{`nulll`, 4, "", "after the end"},
		{`True`, 0, "", "not JSON"},
		{`NaN`, 0, "", "not JSON"},
		{`'a'`, 0, "", "not JSON"},
		{`1 2`, 2, "", "after the end"},
		{`{} x`, 3, "", "after the end"},
		{`// a`, 0, "", "not JSON"},
		{`01`, 1, "", "after the end"},
		{`+1`, 0, "", "not JSON"},
		{`.5`, 0, "", "not JSON"},
		{`-`, 1, "", "a digit"},
		{`-a`, 1, "", "a digit"},
		{`1.`, 2, "", "after the point"},
		{`1.e1`, 2, "", "after the point"},
		{`1e`, 2, "", "exponent"},
		{`1e+`, 3, "", "exponent"},
		{`1e+-1`, 3, "", "exponent"},
		{`0x10`, 1, "", "after the end"},
		{`Infinity`, 0, "", "not JSON"},
		{`1e309`, 0, "", "too large"},
		{`-1e309`, 0, "", "too large"},
		{`1e1000001`, 0, "", "too large"},
		{`9007199254740992`, 0, "", "exact"},
		{`9007199254740993`, 0, "", "exact"},
		{`-9007199254740992`, 0, "", "exact"},
		{`9007199254740992.0`, 0, "", "exact"},
		{`1e20`, 0, "", "exact"},
		{`999999999999999868928`, 0, "", "exact"},
		{`"`, 1, "", "quote that ends"},
		{`"a`, 2, "", "quote that ends"},
		{`"a\`, 3, "", "rest of an escape"},
		{`"\x41"`, 1, "", "none of JSON's"},
		{`"\u12"`, 1, "", "four hexadecimal"},
		{`"\u12`, 1, "", "four hexadecimal"},
		{`"\u00g0"`, 1, "", "four hexadecimal"},
		{`"\ud800"`, 1, "", "surrogate"},
		{`"\udc00"`, 1, "", "surrogate"},
		{`"\udc00\ud800"`, 1, "", "surrogate"},
		{`"\ud800\ud800"`, 1, "", "surrogate"},
		{`"\ud800\n"`, 1, "", "surrogate"},
		{`"\ud800\u0041"`, 1, "", "surrogate"},
		{`"\ud83c\u"`, 1, "", "four hexadecimal"},
		{"\"ab\x00\"", 3, "", "control character"},
		{"\"a\nb\"", 2, "", "control character"},
		{"\"a\xff\"", 2, "", "UTF-8"},
		{"\"a\xed\xa0\x80\"", 2, "", "UTF-8"},
		{"\"\xc0\x80\"", 1, "", "UTF-8"},
		{"\"é\xf4\x90\x80\x80\"", 3, "", "UTF-8"},
		{"{\"\xff\":1}", 2, "/", "UTF-8"},
		{`[`, 1, "/0", "ends too early"},
		{`[1`, 2, "/0", "ends too early"},
		{`[1,]`, 3, "/1", "not JSON"},
		{`[,1]`, 1, "/0", "not JSON"},
		{`[1 2]`, 3, "/0", `"," or "]"`},
		{`[1}`, 2, "/0", `"," or "]"`},
		{`{`, 1, "/", "ends too early"},
		{`{"a"`, 4, "/", `":"`},
		{`{"a" 1}`, 5, "/", `":"`},
		{`{"a":}`, 5, "/a", "not JSON"},
		{`{"a":1,}`, 7, "/a", "key in double quotes"},
		{`{a:1}`, 1, "/", "key in double quotes"},
		{`{1:1}`, 1, "/", "key in double quotes"},
		{`{"a":1]`, 6, "/a", `"," or "}"`},
		{`{"a":1,"b":2,"a":3}`, 13, "/b", "twice"},
		{`{"a":1,"\u0061":3}`, 7, "/a", "twice"},
		{`{"__proto__":1}`, 1, "/", "__proto__"},
		{`{"\u005f_proto__":1}`, 1, "/", "__proto__"},
		{`{"x":[1,{"a/b~":[0,1e999]}]}`, 19, "/x/1/a~1b~0/1", "too large"},
	}
	for _, test := range tests {
		v, err := ParseValue([]byte(test.text), Limits{})
		var bad *ValueError
		if !errors.As(err, &bad) {
			t.Errorf("%q: got %v and error %v, want a *ValueError", test.text, v, err)
			continue
		}
		if !strings.Contains(bad.Message, test.want) || !strings.HasSuffix(bad.Message, ".") && !strings.HasSuffix(bad.Message, ".\n") {
			t.Errorf("%q: message %q, want a sentence with %q", test.text, bad.Message, test.want)
		}
		if test.path == "/" {
			test.path = bad.Path // in an object, before its first key
		}
		if bad.Offset != test.offset || bad.Path != test.path {
			t.Errorf("%q: at %d %q, want %d %q", test.text, bad.Offset, bad.Path, test.offset, test.path)
		}
	}
}

// TestParseValue_Limits tries each bound at it and one above.
func TestParseValue_Limits(t *testing.T) {
	nested := func(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }
	objects := func(depth int) string {
		return strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth)
	}
	numbers := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }
	tests := []struct {
		name         string
		limits       Limits
		at, above    string
		wantMistaken string
	}{
		{"bytes", Limits{Bytes: 5}, `"abc"`, `"abcd"`, "bytes long"},
		{"bytes by default", Limits{}, "1" + strings.Repeat(" ", 1<<20-1), "1" + strings.Repeat(" ", 1<<20), "bytes long"},
		{"depth", Limits{Depth: 2}, `[[1]]`, `[[[]]]`, "nested"},
		{"depth by default", Limits{}, nested(32), nested(33), "nested"},
		{"depth of objects", Limits{}, objects(32), objects(33), "nested"},
		{"nodes", Limits{Nodes: 3}, `[1,2]`, `[1,2,3]`, "values and keys"},
		{"nodes count keys", Limits{Nodes: 5}, `{"a":1,"b":2}`, `{"a":1,"b":[2]}`, "values and keys"},
		{"nodes by default", Limits{}, numbers(99_999), numbers(100_000), "values and keys"},
		{"string", Limits{String: 4}, `"abcd"`, `"abcde"`, "longer than"},
		{"string with escapes", Limits{String: 4}, `"a\nbc"`, `"a\nbcd"`, "longer than"},
		{"string counts bytes", Limits{String: 4}, `"éé"`, `"ééa"`, "longer than"},
		{"string as a key", Limits{String: 4}, `{"abcd":1}`, `{"abcde":1}`, "longer than"},
		{"string of an escape", Limits{String: 4}, `"a\u20ac"`, `"ab\u20ac"`, "longer than"},
		{"string by default", Limits{}, `"` + strings.Repeat("a", 256<<10) + `"`, `"` + strings.Repeat("a", 256<<10+1) + `"`, "longer than"},
	}
	for _, test := range tests {
		if _, err := ParseValue([]byte(test.at), test.limits); err != nil {
			t.Errorf("%s: at the bound: %v", test.name, err)
		}
		_, err := ParseValue([]byte(test.above), test.limits)
		if err == nil || !strings.Contains(err.Error(), test.wantMistaken) {
			t.Errorf("%s: above the bound: error %v, want one with %q", test.name, err, test.wantMistaken)
		}
	}
}

// TestParseValue_Hostile gives texts that cost a careless reader time or memory.
func TestParseValue_Hostile(t *testing.T) {
	for name, unit := range map[string]string{
		"brackets": "[", "braces": `{"a":`, "escapes": `"\u0041`, "digits": "9", "minus": "-", "quotes": `"`, "keys": `{"a":1,`,
	} {
		text := bytes.Repeat([]byte(unit), 1<<20/len(unit))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := ParseValue(text, Limits{}); err == nil {
			t.Errorf("%s: no error", name)
		}
		runtime.ReadMemStats(&after)
		allocated := after.TotalAlloc - before.TotalAlloc
		if allocated > 8*uint64(len(text)) {
			t.Errorf("%s: %d bytes allocated for %d", name, allocated, len(text))
		}
	}
}

// TestParseValue_RealFiles reads published schemas and the JSON Schema test suite as
// encoding/json does. What it refuses of them it refuses for a number or a key.
func TestParseValue_RealFiles(t *testing.T) {
	suite, _ := filepath.Glob(filepath.Join(dataFolder(), "json-schema-suite", "draft2020-12", "*.json"))
	schemas, _ := filepath.Glob(filepath.Join(dataFolder(), "schemas", "*.json"))
	if len(suite)+len(schemas) == 0 {
		t.Skip("the data folder is not here: put it at ../shared/data or set FIELDSTACK_DATA")
	}
	for _, file := range append(suite, schemas...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		agreesWithStandard(t, text)
		if _, err := ParseValue(text, Limits{}); err != nil {
			if m := err.Error(); !strings.Contains(m, "exact") && !strings.Contains(m, "__proto__") && !strings.Contains(m, "long") {
				t.Errorf("%s: %v", filepath.Base(file), err)
			}
			t.Logf("%s: %v", filepath.Base(file), err)
		}
	}
}

func dataFolder() string {
	if folder := os.Getenv("FIELDSTACK_DATA"); folder != "" {
		return folder
	}
	return filepath.Join("..", "..", "shared", "data")
}

// agreesWithStandard wants of ParseValue what encoding/json gives, if both accept,
// and that what it accepts it accepts in canonical form, as the same value.
func agreesWithStandard(t *testing.T, text []byte) {
	t.Helper()
	got, err := ParseValue(text, Limits{})
	if err != nil {
		return
	}
	var want any
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatalf("%q: accepted, but not by encoding/json: %v", text, err)
	}
	if !EqualValues(want, got) {
		t.Fatalf("%q: got %#v, want %#v", text, got, want)
	}
	canonical := AppendValue(nil, got)
	again, err := ParseValue(canonical, Limits{Bytes: 7 * len(text)})
	if err != nil || !EqualValues(got, again) {
		t.Fatalf("%q: its canonical form %q reads as %#v, %v", text, canonical, again, err)
	}
	if !bytes.Equal(AppendValue(nil, again), canonical) {
		t.Fatalf("%q: its canonical form %q is not stable", text, canonical)
	}
	if !json.Valid(canonical) {
		t.Fatalf("%q: its canonical form %q is not JSON", text, canonical)
	}
}

// FuzzParseValue holds ParseValue against encoding/json.
func FuzzParseValue(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-2.5e-7,"x\u00e9\ud83c\udf89\n"],"b":null}`, `[true,false,{},[]]`, `"\ud800"`, `1e21`,
		`9007199254740993`, `{"a":1,"a":2}`, `{"__proto__":{}}`, "\"\xff\"", `[[[[`, `-0`, `123456789012e-12`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(agreesWithStandard)
}

func BenchmarkParseValue(b *testing.B) {
	text := []byte(`{"title":"Replace the filter","done":false,"hours":2.5,"tags":["air","roof"],"parts":[{"name":"Filter F7","qty":2},{"name":"Belt","qty":1}],"notes":"Ring at the back door.\nThe key is with the caretaker."}`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseValue(text, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
