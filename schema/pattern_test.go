package schema

import (
	"strings"
	"testing"
)

// What a pattern of ECMA 262 matches, where Go's RE2 would differ or refuse.
func TestPatternMeansWhatBrowsersSay(t *testing.T) {
	for _, c := range []struct {
		pattern  string
		yes, not []string
	}{
		{`^.$`, []string{"a", "é", "👍", "\u0085"}, []string{"\n", "\r", "\u2028", "\u2029", "ab"}},
		{`^\s$`, []string{" ", "\t", "\v", "\u00a0", "\u2003", "\u3000", "\ufeff", "\u2028"}, []string{"x", "\u0085", "\u180e", "\u200b"}},
		{`^\S$`, []string{"x", "\u200b", "👍"}, []string{" ", "\u00a0", "\ufeff"}},
		{`^[\s]$`, []string{"\u00a0"}, []string{"x"}},
		{`^[^\s]$`, []string{"x"}, []string{"\u00a0", " "}},
		{`^[\S]$`, []string{"x"}, []string{"\u3000"}},
		{`^\d$`, []string{"7"}, []string{"٧"}},
		{`^\w$`, []string{"_", "Z"}, []string{"é", "-"}},
		{`a$`, []string{"a"}, []string{"a\n"}},
		{`^\u00e9\u{1F44D}\uD83D\uDC4D$`, []string{"é👍👍"}, []string{"é"}},
		{`^\cA\x41\0\/$`, []string{"\x01A\x00/"}, nil},
		{`^[\b]$`, []string{"\b"}, []string{"b"}},
		{`\bcat\b`, []string{"a cat."}, []string{"cats"}},
		{`^(?<year>\d{4})-(?:\d\d)$`, []string{"2026-03"}, []string{"26-03"}},
		{`^[]$`, nil, []string{"", "]", "a"}},
		{`^[^]$`, []string{"\n", "]"}, []string{""}},
		{`^[[:alpha:]+$`, []string{"[:alph"}, []string{"bcd"}},
		{`^[a&&b~^|-]$`, []string{"&", "~", "^", "-", "|"}, []string{"c"}},
		{`^a{2,3}?$`, []string{"aa", "aaa"}, []string{"a", "aaaa"}},
		{`^\p{Lu}\p{Script=Greek}\p{Letter}$`, []string{"Éωx"}, []string{"éωx", "Exx"}},
		{`^[\p{L}\d]+$`, []string{"é7"}, []string{"-"}},
		{`^\P{L}$`, []string{"1"}, []string{"a"}},
		{`^(a|b|)$`, []string{"", "a"}, []string{"c"}},
		{`^[\w.-]+@[\w.-]+$`, []string{"a.b-c@d.e"}, []string{"a b@c"}},
		{`^\$\{x\}\.\*\^\|\(\)\[\]\+\?\\$`, []string{`${x}.*^|()[]+?\`}, nil},
	} {
		p, err := compilePattern(c.pattern)
		if err != nil {
			t.Errorf("%s: %s", c.pattern, err.problem)
			continue
		}
		for _, text := range c.yes {
			if !p.exp.MatchString(text) {
				t.Errorf("%s (%s) does not match %q", c.pattern, p.re2, text)
			}
		}
		for _, text := range c.not {
			if p.exp.MatchString(text) {
				t.Errorf("%s (%s) matches %q", c.pattern, p.re2, text)
			}
		}
	}
}

// What browsers refuse with the flag u, or RE2 can not do.
func TestPatternRefused(t *testing.T) {
	for _, pattern := range []string{
		`(?=a)b`, `(?!a)b`, `(?<=a)b`, `(?<!a)b`, `(a)\1`, `(?<n>a)\k<n>`, `(?i)a`, `(?P<n>a)`, `(?>a)`,
		`\A`, `\Z`, `\z`, `\a`, `\e`, `\Q`, `\-`, `\_`, `\"`, `\ `, `\c1`, `\x4`, `\u12`, `\u{110000}`, `\uD800`, `\uDC00\uD800`, `\uD83D\uD83D`, `\07`,
		`*a`, `a**`, `a++`, `a{2}{3}`, `^*`, `$+`, `\b?`, `{`, `}`, `]`, `a{`, `a{x}`, `a{,3}`, `a{3,2}`, `a{1,1001}`, `x{2`,
		`(`, `)`, `(a`, `a)`, `[a`, `[z-a]`, `[\w-z]`, `[a-\d]`, `[\q]`, `\`, `[\`, `\p`, `\p{}`, `\pL`, `\p{Nope}`, `\p{Script=Nope}`, `\p{C}`,
		`(?`, `(?<n`, `[a-`, `(?<>a)`, `(?<1n>a)`, `(?<é>a)`, `(?<n>a)(?<n>b)`, `a\Bb`,
	} {
		p, err := compilePattern(pattern)
		if err == nil {
			t.Errorf("%s: accepted as %s", pattern, p.re2)
			continue
		}
		if err.problem.IsEmpty() || err.fix.IsEmpty() || !strings.HasSuffix(err.fix.String(), ".") {
			t.Errorf("%s: %+v", pattern, err)
		}
	}
}

// What Import mends, and what it can not.
func TestMendPattern(t *testing.T) {
	for pattern, want := range map[string]string{
		`^[a-z]+$`: `^[a-z]+$`, `^\w+\-\d$`: `^\w+-\d$`, `\"\'\:\@\_`: `"':@_`, `^[\w\-\.]+$`: `^[\w\-\.]+$`,
		`\Aa\Z`: `^a$`, `^{x}$`: `^\{x\}$`, `a{2}b}`: `a{2}b\}`, `a]`: `a\]`, `[[]`: `[[]`,
		`(?=a)`: "", `(a)\1`: "", `(`: "",
	} {
		got, changed, err := mendPattern(pattern)
		if got != want || (err != nil) != (want == "") || changed != (want != pattern && want != "") {
			t.Errorf("%s: %q %v %v, want %q", pattern, got, changed, err, want)
		}
	}
}
