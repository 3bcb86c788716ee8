package schema

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// A pattern of JSON Schema is a regular expression of ECMA 262 with the flag u
// (https://tc39.es/ecma262/#sec-patterns). Browsers run it as it stands. Go's RE2
// reads some of it differently (. \s), writes some of it differently (\u00e9) and
// has no look-around and no back-references. So a pattern is read here by the
// grammar of ECMA 262 and written anew for RE2 with the very same meaning, and what
// has none there is refused.

const (
	maxPattern = 500   // bytes of a pattern
	maxProgram = 1_500 // instructions it may compile to; ([a-z]{1,500}){1,2} has 2,000 and takes 24 s on a megabyte
)

// patternError is why a pattern cannot be used, to go inside a sentence.
type patternError struct{ problem, fix Sentence }

// compilePattern reads a pattern and compiles what Go runs in its place.
func compilePattern(source string) (*ecmaPattern, *patternError) {
	if len(source) > maxPattern {
		return nil, &patternError{Says("it is longer than %d bytes", maxPattern), Says(`Say it shorter, or use "enum" or "maxLength".`)}
	}
	re2, bad := translate(source)
	if bad != nil {
		return nil, bad
	}
	parsed, err := syntax.Parse(re2, syntax.Perl)
	if err != nil {
		return nil, &patternError{Says("it repeats more than 1,000 times"), Says(`Use "maxLength" for the length.`)}
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > maxProgram {
		return nil, &patternError{Says("its repetitions multiply to too much work"), Says(`Use "maxLength" for the length and smaller counts.`)}
	}
	exp, err := regexp.Compile(re2)
	if err != nil {
		return nil, &patternError{Says("it can not be compiled"), Says("Say it in a simpler way.")}
	}
	return &ecmaPattern{source, re2, exp, len(program.Inst)}, nil
}

// translator reads ECMA 262 and writes RE2.
type translator struct {
	in   []rune
	i    int
	out  strings.Builder
	open int // groups
	bad  *patternError
	// names of groups, each once
	names []string
}

func translate(source string) (string, *patternError) {
	t := &translator{in: []rune(source)}
	for t.bad == nil && t.i < len(t.in) {
		t.term()
	}
	if t.bad == nil && t.open > 0 {
		t.fail(Says(`it has a "(" with no ")"`), Says(`Close the group, or write "\\(" for the sign.`))
	}
	return t.out.String(), t.bad
}

func (t *translator) fail(problem, fix Sentence) {
	if t.bad == nil {
		t.bad = &patternError{problem, fix}
	}
}

// peek is the next character but n, utf8.RuneError at the end.
func (t *translator) peek(n int) rune {
	if t.i+n < len(t.in) {
		return t.in[t.i+n]
	}
	return utf8.RuneError
}

func (t *translator) next() rune {
	c := t.peek(0)
	t.i++
	return c
}

// skip goes past s if it is next.
func (t *translator) skip(s string) bool {
	if !strings.HasPrefix(string(t.in[t.i:min(len(t.in), t.i+len(s))]), s) {
		return false
	}
	t.i += len([]rune(s))
	return true
}

// term reads an assertion, an atom with its quantifier, or a sign of structure.
func (t *translator) term() {
	switch c := t.next(); c {
	case '|':
		t.out.WriteByte('|')
	case '^', '$':
		t.out.WriteRune(c)
		t.unrepeated()
	case '(':
		t.group()
	case ')':
		if t.open--; t.open < 0 {
			t.fail(Says(`it has a ")" with no "("`), Says(`Write "\\)" for the sign.`))
		}
		t.out.WriteByte(')')
		t.quantifier()
	case '.':
		t.out.WriteString(`[^\n\r\x{2028}\x{2029}]`)
		t.quantifier()
	case '[':
		t.class()
		t.quantifier()
	case '\\':
		t.escape()
	case '*', '+', '?', '{', '}', ']':
		t.fail(Says("the %s stands where there is nothing for it", fmt.Sprintf("%q", c)), Says(`Write "\\%s" for the sign.`, string(c)))
	default:
		t.out.WriteString(literal(c))
		t.quantifier()
	}
}

// unrepeated makes sure that no quantifier follows an assertion.
func (t *translator) unrepeated() {
	if strings.ContainsRune("*+?{", t.peek(0)) {
		t.fail(Says("it repeats a place instead of a character"), Says("Take the repetition out."))
	}
}

func (t *translator) group() {
	t.open++
	switch {
	case t.skip("?:"):
	case t.skip("?="), t.skip("?!"), t.skip("?<="), t.skip("?<!"):
		t.fail(Says("it looks ahead or behind"), Says(`Use several patterns in "allOf", or "not" with a pattern.`))
	case t.skip("?<"):
		t.name()
	case t.peek(0) == '?':
		t.fail(Says("it has a group of a kind that only some languages know"), Says(`Write "(" or "(?:".`))
	}
	t.out.WriteString("(?:")
}

// name reads the name of a group, which must be one to browsers as well, though nothing
// here can refer to it.
func (t *translator) name() {
	var name strings.Builder
	for t.i < len(t.in) && t.peek(0) != '>' {
		name.WriteRune(t.next())
	}
	t.i++
	if !groupName.MatchString(name.String()) || slices.Contains(t.names, name.String()) {
		t.fail(Says("it has a group whose name is none, or there twice"), Says(`Write "(" or "(?:".`))
	}
	t.names = append(t.names, name.String())
}

var groupName = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// quantifier copies *, +, ?, {n}, {n,}, {n,m} and a lazy ? after them: which match is
// found makes no difference to whether there is one.
func (t *translator) quantifier() {
	switch c := t.peek(0); c {
	case '*', '+', '?':
		t.i++
		t.out.WriteRune(c)
	case '{':
		t.i++
		t.counts()
	default:
		return
	}
	t.skip("?")
	t.unrepeated()
}

func (t *translator) counts() {
	least, ok := t.number()
	most := least
	if ok && t.skip(",") {
		most = -1
		if t.peek(0) != '}' {
			most, ok = t.number()
		}
	}
	if !ok || !t.skip("}") || most >= 0 && most < least {
		t.fail(Says(`it has a "{" that is no repetition`), Says(`Write {2}, {2,} or {2,5}, or "\\{" for the sign.`))
		return
	}
	if max(least, most) > 1000 {
		t.fail(Says("it repeats more than 1,000 times"), Says(`Use "maxLength" or "minLength" for the length.`))
	}
	switch most {
	case least:
		fmt.Fprintf(&t.out, "{%d}", least)
	case -1:
		fmt.Fprintf(&t.out, "{%d,}", least)
	default:
		fmt.Fprintf(&t.out, "{%d,%d}", least, most)
	}
}

func (t *translator) number() (int, bool) {
	n, start := 0, t.i
	for c := t.peek(0); c >= '0' && c <= '9'; c = t.peek(0) {
		n = min(n*10+int(c-'0'), 1_000_000)
		t.i++
	}
	return n, t.i > start
}

// escape reads what follows a backslash outside a class.
func (t *translator) escape() {
	switch c := t.peek(0); {
	case c == 'b':
		t.i++
		t.out.WriteString(`\b`)
		t.unrepeated()
		return
	case c == 'B':
		// Browsers (V8) find one inside a character beyond 16 bits too.
		t.fail(Says(`it uses \B, which browsers find in other places`), Says("Say what stands there instead."))
		return
	case c >= '1' && c <= '9' || c == 'k':
		t.fail(Says("it refers back to what a group matched"), Says("Say both parts in full."))
		return
	}
	if set, ok := t.set(); ok {
		t.out.WriteString("[" + set + "]")
	} else {
		t.out.WriteString(literal(t.character("")))
	}
	t.quantifier()
}
