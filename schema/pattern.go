package schema

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
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
type patternError struct{ problem, fix string }

// compilePattern reads a pattern and compiles what Go runs in its place.
func compilePattern(source string) (*ecmaPattern, *patternError) {
	if len(source) > maxPattern {
		return nil, &patternError{fmt.Sprintf("it is longer than %d bytes", maxPattern), `Say it shorter, or use "enum" or "maxLength".`}
	}
	re2, bad := translate(source)
	if bad != nil {
		return nil, bad
	}
	parsed, err := syntax.Parse(re2, syntax.Perl)
	if err != nil {
		return nil, &patternError{"it repeats more than 1,000 times", `Use "maxLength" for the length.`}
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > maxProgram {
		return nil, &patternError{"its repetitions multiply to too much work", `Use "maxLength" for the length and smaller counts.`}
	}
	exp, err := regexp.Compile(re2)
	if err != nil {
		return nil, &patternError{"it can not be compiled", "Say it in a simpler way."}
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
}

func translate(source string) (string, *patternError) {
	t := &translator{in: []rune(source)}
	for t.bad == nil && t.i < len(t.in) {
		t.term()
	}
	if t.bad == nil && t.open > 0 {
		t.fail(`it has a "(" with no ")"`, `Close the group, or write "\\(" for the sign.`)
	}
	return t.out.String(), t.bad
}

func (t *translator) fail(problem, fix string) {
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
			t.fail(`it has a ")" with no "("`, `Write "\\)" for the sign.`)
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
		t.fail(fmt.Sprintf("the %q stands where there is nothing for it", c), fmt.Sprintf(`Write "\\%c" for the sign.`, c))
	default:
		t.out.WriteString(literal(c))
		t.quantifier()
	}
}

// unrepeated makes sure that no quantifier follows an assertion.
func (t *translator) unrepeated() {
	if strings.ContainsRune("*+?{", t.peek(0)) {
		t.fail("it repeats a place instead of a character", "Take the repetition out.")
	}
}

func (t *translator) group() {
	t.open++
	switch {
	case t.skip("?:"):
	case t.skip("?="), t.skip("?!"), t.skip("?<="), t.skip("?<!"):
		t.fail("it looks ahead or behind", `Use several patterns in "allOf", or "not" with a pattern.`)
	case t.skip("?<"):
		for t.i < len(t.in) && t.peek(0) != '>' {
			t.i++
		}
		t.i++
	case t.peek(0) == '?':
		t.fail("it has a group of a kind that only some languages know", `Write "(" or "(?:".`)
	}
	t.out.WriteString("(?:")
}

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
		t.fail(`it has a "{" that is no repetition`, `Write {2}, {2,} or {2,5}, or "\\{" for the sign.`)
		return
	}
	if max(least, most) > 1000 {
		t.fail("it repeats more than 1,000 times", `Use "maxLength" or "minLength" for the length.`)
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
	case c == 'b' || c == 'B':
		t.i++
		t.out.WriteByte('\\')
		t.out.WriteRune(c)
		t.unrepeated()
		return
	case c >= '1' && c <= '9' || c == 'k':
		t.fail("it refers back to what a group matched", "Say both parts in full.")
		return
	}
	if set, ok := t.set(); ok {
		t.out.WriteString("[" + set + "]")
	} else {
		t.out.WriteString(literal(t.character("")))
	}
	t.quantifier()
}

// class reads [ … ].
func (t *translator) class() {
	negated := t.skip("^")
	var set strings.Builder
	for t.bad == nil && t.peek(0) != ']' {
		if t.i >= len(t.in) {
			t.fail(`it has a "[" with no "]"`, `Close the set, or write "\\[" for the sign.`)
			return
		}
		set.WriteString(t.classPart())
	}
	t.i++
	switch {
	case set.Len() == 0 && negated:
		t.out.WriteString(`[\x{0}-\x{10FFFF}]`)
	case set.Len() == 0:
		t.out.WriteString(`[^\x{0}-\x{10FFFF}]`)
	case negated:
		t.out.WriteString("[^" + set.String() + "]")
	default:
		t.out.WriteString("[" + set.String() + "]")
	}
}

// classPart reads one character, set or range of a class.
func (t *translator) classPart() string {
	low, set := t.classAtom()
	if t.peek(0) != '-' || t.peek(1) == ']' || t.peek(1) == utf8.RuneError {
		return set
	}
	t.i++
	high, _ := t.classAtom()
	if low < 0 || high < 0 || high < low {
		t.fail("it has a range whose ends are no characters in order", `Put "-" last in the set, or write "\\-".`)
	}
	return inClass(low) + "-" + inClass(high)
}

// classAtom reads one character (and its form in a class) or a set (-1 and the set).
func (t *translator) classAtom() (rune, string) {
	c := t.next()
	if c != '\\' {
		return c, inClass(c)
	}
	if set, ok := t.set(); ok {
		return -1, set
	}
	if t.skip("b") {
		return '\b', inClass('\b')
	}
	c = t.character("-")
	return c, inClass(c)
}

// ECMA 262 counts these as white space; RE2 only the first line.
const (
	space = `\t\n\v\f\r ` +
		`\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`
	notSpace = `\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}` +
		`\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`
)

// set reads the rest of \d \D \w \W \s \S \p{…} \P{…}, in the form it has in a class.
func (t *translator) set() (string, bool) {
	c := t.peek(0)
	switch c {
	case 'd', 'D', 'w', 'W':
		t.i++
		return `\` + string(c), true
	case 's':
		t.i++
		return space, true
	case 'S':
		t.i++
		return notSpace, true
	case 'p', 'P':
		t.i++
		return t.property(c), true
	}
	return "", false
}

// property reads {L} or {Script=Greek} after \p or \P.
func (t *translator) property(p rune) string {
	var name strings.Builder
	if t.skip("{") {
		for t.i < len(t.in) && t.peek(0) != '}' {
			name.WriteRune(t.next())
		}
		t.i++
	}
	script, isScript := strings.CutPrefix(strings.Replace(name.String(), "sc=", "Script=", 1), "Script=")
	category := name.String()
	if short, ok := unicode.CategoryAliases[category]; ok {
		category = short
	}
	switch {
	case isScript && unicode.Scripts[script] != nil:
		return `\` + string(p) + "{" + script + "}"
	case strings.Contains(" C Cs Cn LC ", " "+category+" "):
		// What belongs to these differs between the versions of Unicode, or is no text.
	case unicode.Categories[category] != nil:
		return `\` + string(p) + "{" + category + "}"
	}
	t.fail(fmt.Sprintf(`it uses \%c{%s}`, p, name.String()), `Use a general category such as \p{L} or \p{Nd}, or \p{Script=Greek}.`)
	return ""
}

// character reads the rest of an escape that stands for one character. also lists
// signs that may be escaped here beside those that may anywhere.
func (t *translator) character(also string) rune {
	c := t.next()
	if at := strings.IndexRune("tnvfr", c); at >= 0 {
		return []rune("\t\n\v\f\r")[at]
	}
	switch {
	case c == '0' && !(t.peek(0) >= '0' && t.peek(0) <= '9'):
		return 0
	case c == 'c' && (t.peek(0) >= 'a' && t.peek(0) <= 'z' || t.peek(0) >= 'A' && t.peek(0) <= 'Z'):
		return t.next() % 32
	case c == 'x':
		return t.hex(2)
	case c == 'u':
		return t.unicode()
	case strings.ContainsRune(`^$\.*+?()[]{}|/`+also, c) && c != utf8.RuneError:
		return c
	case t.i > len(t.in):
		t.fail("it ends in a backslash", `Write "\\\\" for the sign.`)
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
		t.fail(fmt.Sprintf(`browsers do not know \%c`, c), `Use ^ and $ for the ends of the text, [A-Za-z] and the like for letters.`)
	default:
		t.fail(fmt.Sprintf(`browsers refuse the backslash before %q`, c), fmt.Sprintf("Write %q without it.", c))
	}
	return c
}

func (t *translator) hex(digits int) rune {
	var n rune
	for range digits {
		d := strings.IndexRune("0123456789abcdef", unicode.ToLower(t.next()))
		if d < 0 {
			t.fail("it has an unfinished \\x or \\u", `Write \x41, \u0041 or \u{41}.`)
			return 0
		}
		n = n<<4 | rune(d)
	}
	return n
}

// unicode reads the rest of \u0041, \u{1F600} or a pair of surrogates.
func (t *translator) unicode() rune {
	if t.skip("{") {
		var n rune
		for t.bad == nil && t.peek(0) != '}' {
			n = min(n<<4|t.hex(1), 0x200000)
		}
		t.i++
		return t.scalar(n)
	}
	high := t.hex(4)
	if high >= 0xD800 && high < 0xDC00 && t.skip(`\u`) {
		low := t.hex(4)
		return t.scalar(0x10000 + (high-0xD800)<<10 + (low - 0xDC00))
	}
	return t.scalar(high)
}

func (t *translator) scalar(c rune) rune {
	if !utf8.ValidRune(c) {
		t.fail("it has half a character or none (\\u)", "Write the character itself.")
	}
	return c
}

// literal writes a character for RE2 outside a class, inClass inside one.
func literal(c rune) string { return regexp.QuoteMeta(string(c)) }

func inClass(c rune) string {
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
		return string(c)
	}
	return fmt.Sprintf(`\x{%x}`, c)
}
