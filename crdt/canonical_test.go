package crdt

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// TestCanonical_Numbers has the samples of RFC 8785, appendix B, by their bits, and
// the places where the notation changes.
func TestCanonical_Numbers(t *testing.T) {
	tests := map[uint64]string{
		0x0000000000000000: "0",
		0x8000000000000000: "0",
		0x0000000000000001: "5e-324",
		0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308",
		0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992",
		0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22",
		0x44b52d02c7e14af6: "1e+23",
		0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000",
		0x444b1ae4d6e2ef4f: "999999999999999900000",
		0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7",
		0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332",
		0x41b3de4355555554: "333333333.33333325",
		0x41b3de4355555555: "333333333.3333333",
		0x41b3de4355555556: "333333333.3333334",
		0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333",
		0x43143ff3c1cb0959: "1424953923781206.2",
	}
	for bits, want := range tests {
		if got := Canonical(math.Float64frombits(bits)); got != want {
			t.Errorf("%#016x is %s, want %s", bits, got, want)
		}
	}
	for f, want := range map[float64]string{1e-7: "1e-7", 1.5e-10: "1.5e-10", 1e100: "1e+100", -2.5e-300: "-2.5e-300", 100: "100"} {
		if got := Canonical(f); got != want {
			t.Errorf("%v is %s, want %s", f, got, want)
		}
	}
}

// TestCanonical_NumbersModel writes doubles of random bits, and random decimals as
// people write them: they read back as themselves, and encoding/json, which follows
// the same rules, writes them alike.
func TestCanonical_NumbersModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 4))
	for i := range 100_000 {
		f := math.Float64frombits(rng.Uint64())
		if i%2 == 0 {
			f = float64(rng.IntN(1_000_000)) / math.Pow10(rng.IntN(12))
		}
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		text := Canonical(f)
		if back, err := strconv.ParseFloat(text, 64); err != nil || back != f {
			t.Fatalf("%x is written %s, which reads back as %x", f, text, back)
		}
		if want, _ := json.Marshal(f); text != string(want) {
			t.Fatalf("%s, want %s", text, want)
		}
	}
}

func TestCanonical_Strings(t *testing.T) {
	tests := map[string]string{
		"":                     `""`,
		"a\"b\\c/d":            `"a\"b\\c/d"`,
		"\b\f\n\r\t":           `"\b\f\n\r\t"`,
		"\x00\x01\x0f\x1f\x7f": "\"\\u0000\\u0001\\u000f\\u001f\x7f\"",
		"<a & b>":              `"<a & b>"`,
		"é\u2028世🎉":            "\"é\u2028世🎉\"",
	}
	for s, want := range tests {
		if got := Canonical(s); got != want {
			t.Errorf("%q is %s, want %s", s, got, want)
		}
	}
}

// TestCanonical_Structures has the sample of RFC 8785, section 3.2, and its example
// of how keys are sorted.
func TestCanonical_Structures(t *testing.T) {
	tests := map[string]string{
		`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
		  "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
		  "literals":[null,true,false]}`: `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
		  "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`: "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
		` [ { } , [ ] ] `:                         `[{},[]]`,
		`{"b":{"d":1,"c":2},"a":[{"z":1,"y":2}]}`: `{"a":[{"y":2,"z":1}],"b":{"c":2,"d":1}}`,
	}
	for text, want := range tests {
		v, err := ParseValue([]byte(text), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := Canonical(v); got != want {
			t.Errorf("%s\n is %s\nwant %s", text, got, want)
		}
	}
}

func TestCanonical_PanicsOnWhatIsNotPlain(t *testing.T) {
	for _, v := range []any{1, int64(1), json.RawMessage("1"), math.NaN(), math.Inf(1), []string{"a"}, []any{1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%#v did not panic", v)
				}
			}()
			AppendValue(nil, v)
		}()
	}
}

// TestCompareKeys_Model compares strings of awkward characters as JavaScript does.
func TestCompareKeys_Model(t *testing.T) {
	alphabet := []rune("aZ09é\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff")
	rng := rand.New(rand.NewPCG(2, 4))
	word := func() string {
		var b strings.Builder
		for range rng.IntN(4) {
			b.WriteRune(alphabet[rng.IntN(len(alphabet))])
		}
		return b.String()
	}
	for range 100_000 {
		a, b := word(), word()
		want := slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		if got := compareKeys(a, b); got != want {
			t.Fatalf("compareKeys(%+q, %+q) = %d, want %d", a, b, got, want)
		}
	}
}

func TestCompareScalars(t *testing.T) {
	ascending := []any{nil, false, true, -1e300, -1.0, 0.0, 5e-324, 2.0, 10.0, "", "10", "2", "a", "\U00010000", "\uffff"}
	for i, a := range ascending {
		for j, b := range ascending {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := compareScalars(a, b); got != want {
				t.Errorf("compareScalars(%#v, %#v) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestEqualValues(t *testing.T) {
	different := []string{
		`null`, `false`, `true`, `0`, `1`, `""`, `"a"`, `"1"`, `[]`, `{}`, `[null]`, `{"a":null}`, `{"b":null}`,
		`[1]`, `[1,2]`, `[2,1]`, `{"a":1}`, `{"a":1,"b":null}`, `{"a":[1]}`, `[[]]`, `[{}]`, `{"a":{}}`,
	}
	for i, a := range different {
		for j, b := range different {
			va, _ := ParseValue([]byte(a), Limits{})
			vb, _ := ParseValue([]byte(b), Limits{})
			if got := EqualValues(va, vb); got != (i == j) {
				t.Errorf("EqualValues(%s, %s) = %v", a, b, got)
			}
		}
	}
	if !EqualValues(0.0, math.Copysign(0, -1)) {
		t.Error("0 and -0 are two values")
	}
	if !EqualValues([]any(nil), []any{}) {
		t.Error("an empty list is two values")
	}
}
