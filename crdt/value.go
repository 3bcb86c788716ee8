package crdt

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits bound what ParseValue and ParseChange accept. A zero limit means the default.
type Limits struct {
	Bytes  int // length of the text; default 1 MiB
	Depth  int // nesting of arrays and objects in a value; default 32
	Nodes  int // values and keys together; default 100,000
	String int // bytes of one string; default 256 KiB
	Ops    int // operations of one change; default 10,000
}

// orDefault fills in what is zero.
func (l Limits) orDefault() Limits {
	fill := func(limit *int, standard int) {
		if *limit == 0 {
			*limit = standard
		}
	}
	fill(&l.Bytes, 1<<20)
	fill(&l.Depth, maxDepth)
	fill(&l.Nodes, 100_000)
	fill(&l.String, 256<<10)
	fill(&l.Ops, 10_000)
	return l
}

// ValueError says where in a JSON text what is wrong.
type ValueError struct {
	Offset  int    // in bytes; -1 where a value was read, not a text
	Path    string // JSON Pointer to the place, "" for the top
	Message string // a sentence
	Format  string // what Message was made of, for who says it in another language; may be ""
	Args    []any  // of Format
}

func (e *ValueError) Error() string { return e.Message }

// ParseValue reads one JSON text strictly: valid UTF-8, no lone surrogates, no
// duplicate keys, no key "__proto__" (which does things to JavaScript objects),
// nothing after the value, within the limits. Numbers are those that a double and
// JavaScript hold alike: an overflow and everything from 2^53 up to 1e21, which is
// written as a whole number whose last digits a double does not have, are refused;
// -0 becomes 0. What ParseValue accepts it also accepts in canonical form. Objects
// become map[string]any, arrays []any, numbers float64. The error is a *ValueError.
func ParseValue(text []byte, limits Limits) (any, error) {
	p := newValueParser(text, limits.orDefault())
	if len(text) > p.limits.Bytes {
		p.fail("The JSON text is %d bytes long; the most is %d.", len(text), p.limits.Bytes)
		return nil, p.err
	}
	v := p.value()
	p.space()
	if p.err == nil && p.at < len(text) {
		p.fail("There is something after the end of the JSON value; remove it.")
	}
	if p.err != nil {
		return nil, p.err
	}
	return v, nil
}

// valueParser reads a JSON text by recursive descent. The first mistake is kept in
// err; from then on nothing more is read.
type valueParser struct {
	text   []byte
	copied string // a copy of the text that strings are parts of; "" if each is copied
	at     int
	limits Limits
	nodes  int
	path   []pathStep // the arrays and objects that the parser is in
	err    *ValueError
}

// maxShared is the longest text that is copied as a whole, once for all strings in
// it. Of a longer one each string is copied for itself, so that whoever keeps one
// does not keep the text.
const maxShared = 4 << 10

func newValueParser(text []byte, limits Limits) valueParser {
	p := valueParser{text: text, limits: limits, path: make([]pathStep, 0, 8)}
	if len(text) <= maxShared {
		p.copied = string(text)
	}
	return p
}

// part is the text from start to end as a string.
func (p *valueParser) part(start, end int) string {
	if p.copied != "" {
		return p.copied[start:end]
	}
	return string(p.text[start:end])
}

// pathStep is where in an array or an object the parser is.
type pathStep struct {
	key   string
	index int // in an array; -1: in an object
}

// fail notes a mistake at the current place.
func (p *valueParser) fail(format string, args ...any) { p.failAt(p.at, format, args...) }

func (p *valueParser) failAt(offset int, format string, args ...any) {
	if p.err == nil {
		p.err = &ValueError{Offset: offset, Path: p.pointer(), Message: fmt.Sprintf(format, args...), Format: format, Args: args}
	}
}

// pointer is the place as a JSON Pointer (RFC 6901).
func (p *valueParser) pointer() string {
	var b strings.Builder
	for _, step := range p.path {
		b.WriteByte('/')
		if step.index >= 0 {
			b.WriteString(strconv.Itoa(step.index))
			continue
		}
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(step.key))
	}
	return b.String()
}

func (p *valueParser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// peek gives the next byte that is not space, zero at the end.
func (p *valueParser) peek() byte {
	if p.at < len(p.text) && p.text[p.at] > ' ' {
		return p.text[p.at]
	}
	p.space()
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

// unexpected fails with what is there and what should be.
func (p *valueParser) unexpected(want string) {
	if p.at >= len(p.text) {
		p.fail("The JSON text ends too early; %s is missing.", want)
		return
	}
	r, _ := utf8.DecodeRune(p.text[p.at:])
	p.fail("%q is not JSON here; %s is missing.", r, want)
}

// count counts a value or a key.
func (p *valueParser) count() bool {
	p.nodes++
	if p.nodes > p.limits.Nodes {
		p.fail("The JSON text has more than %d values and keys; split it up.", p.limits.Nodes)
		return false
	}
	return true
}

// value reads any value.
func (p *valueParser) value() any {
	c := p.peek()
	if p.err != nil || !p.count() {
		return nil
	}
	switch {
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '"':
		return p.string()
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	case p.word("true"):
		return true
	case p.word("false"):
		return false
	case p.word("null"):
		return nil
	}
	p.unexpected("a value")
	return nil
}

// word skips w if it is next.
func (p *valueParser) word(w string) bool {
	if len(p.text)-p.at < len(w) || string(p.text[p.at:p.at+len(w)]) != w {
		return false
	}
	p.at += len(w)
	return true
}

// enter begins an array or an object: its bracket, and the check of the depth.
func (p *valueParser) enter(index int) bool {
	if len(p.path) == p.limits.Depth {
		p.fail("Arrays and objects are nested more than %d deep; make the value flatter.", p.limits.Depth)
		return false
	}
	p.at++
	p.path = append(p.path, pathStep{index: index})
	return true
}

func (p *valueParser) leave() { p.path = p.path[:len(p.path)-1] }

// more reads what follows an element of an array or an object: whether a comma and
// so another one, or the bracket that ends it.
func (p *valueParser) more(end byte, want string) bool {
	c := p.peek()
	if p.err != nil {
		return false
	}
	if c != ',' && c != end {
		p.unexpected(want)
		return false
	}
	p.at++
	return c == ','
}

func (p *valueParser) array() []any {
	if !p.enter(0) {
		return nil
	}
	list := []any{}
	if p.peek() == ']' {
		p.at++
		p.leave()
		return list
	}
	for {
		list = append(list, p.value())
		if !p.more(']', `"," or "]"`) {
			break
		}
		p.path[len(p.path)-1].index++
	}
	if p.err == nil {
		p.leave()
	}
	return list
}

func (p *valueParser) object() map[string]any {
	if !p.enter(-1) {
		return nil
	}
	object := map[string]any{}
	if p.peek() == '}' {
		p.at++
		p.leave()
		return object
	}
	for {
		key, ok := p.key(object)
		if !ok {
			return nil
		}
		object[key] = p.value()
		if !p.more('}', `"," or "}"`) {
			break
		}
	}
	if p.err == nil {
		p.leave()
	}
	return object
}

// key reads a key and its colon.
func (p *valueParser) key(object map[string]any) (string, bool) {
	if p.peek() != '"' {
		p.unexpected("a key in double quotes")
		return "", false
	}
	start := p.at
	if !p.count() {
		return "", false
	}
	key := p.string()
	if p.err != nil {
		return "", false
	}
	if _, twice := object[key]; twice {
		p.failAt(start, "The key %s occurs twice in one object; keep one.", quoted(key))
		return "", false
	}
	if key == "__proto__" {
		p.failAt(start, `The key "__proto__" cannot be used; choose another.`)
		return "", false
	}
	if p.peek() != ':' {
		p.unexpected(`":"`)
		return "", false
	}
	p.at++
	p.path[len(p.path)-1].key = key
	return key, true
}

// quoted shows a text in a message, cut short if it is long.
func quoted(s string) string { return fmt.Sprintf("%.60q", s) }

// number reads a number in JSON's grammar.
func (p *valueParser) number() any {
	f, ok := p.float()
	if !ok {
		return nil
	}
	return f
}

func (p *valueParser) float() (float64, bool) {
	start := p.at
	negative := p.skip('-')
	digits := p.at
	if !p.skip('0') && !p.digits() {
		p.unexpected("a digit")
		return 0, false
	}
	if n := p.at - digits; n <= shortDigits && (p.at == len(p.text) || !continuesNumber(p.text[p.at])) {
		return p.short(digits, negative), true
	}
	if p.skip('.') && !p.digits() {
		p.unexpected("a digit after the point")
		return 0, false
	}
	if p.skip('e') || p.skip('E') {
		if !p.skip('+') {
			p.skip('-')
		}
		if !p.digits() {
			p.unexpected("a digit of the exponent")
			return 0, false
		}
	}
	return p.double(start)
}

// shortDigits is how many digits a whole number has at most that surely is exact.
const shortDigits = 15

func continuesNumber(c byte) bool { return c == '.' || c == 'e' || c == 'E' }

// short is the whole number of few digits that was read from start on.
func (p *valueParser) short(start int, negative bool) float64 {
	n := int64(0)
	for _, c := range p.text[start:p.at] {
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return float64(n)
}

// double is the number that was read from start on.
func (p *valueParser) double(start int) (float64, bool) {
	token := p.part(start, p.at)
	f, err := strconv.ParseFloat(token, 64)
	switch {
	case err != nil:
		p.failAt(start, "The number %.40s is too large; the largest is about 1.8e308.", token)
		return 0, false
	case !isExact(f):
		p.failAt(start, "The number %.40s is too large to be exact; use at most 9007199254740991, or text.", token)
		return 0, false
	case f == 0:
		return 0, true // -0 too
	}
	return f, true
}

// isExact reports whether canonical JSON can hold f so that ParseValue reads it:
// numbers from 2^53 up to 1e21 are written as whole numbers that look exact and are
// not.
func isExact(f float64) bool {
	size := math.Abs(f)
	return size <= MaxSeq || size >= 1e21
}

// skip skips c if it is next.
func (p *valueParser) skip(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// digits skips digits and reports whether there were any.
func (p *valueParser) digits() bool {
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}
