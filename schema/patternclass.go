package schema

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The parts of patterns that stand for characters: classes, sets, escapes.

// class reads [ … ].
func (t *translator) class() {
	negated := t.skip("^")
	var set strings.Builder
	for t.bad == nil && t.peek(0) != ']' {
		if t.i >= len(t.in) {
			t.fail(Says(`it has a "[" with no "]"`), Says(`Close the set, or write "\\[" for the sign.`))
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
		t.fail(Says("it has a range whose ends are no characters in order"), Says(`Put "-" last in the set, or write "\\-".`))
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
	t.fail(Says(`it uses \%s`, string(p)+"{"+name.String()+"}"), Says(`Use a general category such as \p{L} or \p{Nd}, or \p{Script=Greek}.`))
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
		t.fail(Says("it ends in a backslash"), Says(`Write "\\\\" for the sign.`))
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
		t.fail(Says(`browsers do not know \%s`, string(c)), Says(`Use ^ and $ for the ends of the text, [A-Za-z] and the like for letters.`))
	default:
		t.fail(Says("browsers refuse the backslash before %s", fmt.Sprintf("%q", c)), Says("Write %s without it.", fmt.Sprintf("%q", c)))
	}
	return c
}

func (t *translator) hex(digits int) rune {
	var n rune
	for range digits {
		d := strings.IndexRune("0123456789abcdef", unicode.ToLower(t.next()))
		if d < 0 {
			t.fail(Says("it has an unfinished \\x or \\u"), Says(`Write \x41, \u0041 or \u{41}.`))
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
		if low < 0xDC00 || low > 0xDFFF {
			return t.scalar(high)
		}
		return t.scalar(0x10000 + (high-0xD800)<<10 + (low - 0xDC00))
	}
	return t.scalar(high)
}

func (t *translator) scalar(c rune) rune {
	if !utf8.ValidRune(c) {
		t.fail(Says("it has half a character or none (\\u)"), Says("Write the character itself."))
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
