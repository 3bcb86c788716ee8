package xlsform

import (
	"strconv"
	"strings"
)

// expression is a part of what stands under relevant or constraint, in the part of XPath
// that people write there.
type expression struct {
	op   string // a comparison, "and", "or", "call", "ref" (${name}), "self" (.), "text", "number"
	text string // of a ref, a text, or the name of a function
	n    float64
	args []*expression
}

// The bounds of one expression.
const (
	maxExpression = 5_000 // bytes
	maxDepth      = 16
)

// parseExpression reads an expression. The error is a sentence part: what is not
// understood.
func parseExpression(text string) (*expression, error) {
	if len(text) > maxExpression {
		return nil, cannot("it is longer than %d bytes", maxExpression)
	}
	p := &parser{in: text}
	p.next()
	e, err := p.either(0)
	if err == nil && p.token != "" {
		err = p.unexpected()
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// parser reads from left to right, one token ahead.
type parser struct {
	in    string
	at    int
	kind  string // of the token: "name", "ref", "text", "number", or "" for a sign
	token string // "" at the end
	bad   error
}

func (p *parser) unexpected() error {
	if p.bad != nil {
		return p.bad
	}
	if p.token == "" {
		return cannot("it ends too early")
	}
	return cannot("%q is not understood", p.token)
}

// next goes to the next token.
func (p *parser) next() {
	for p.at < len(p.in) && strings.IndexByte(" \t\r\n", p.in[p.at]) >= 0 {
		p.at++
	}
	p.kind, p.token = "", ""
	if p.at == len(p.in) {
		return
	}
	rest := p.in[p.at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "${"):
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			p.fail(rest, cannot("%s is not closed", "${"))
			return
		}
		p.kind, p.token = "ref", strings.TrimSpace(rest[2:end])
		p.at += end + 1
		if p.token == "" {
			p.fail("", cannot("%s names nothing", "${}"))
		}
	case c == '\'' || c == '"':
		end := strings.IndexByte(rest[1:], c)
		if end < 0 {
			p.fail(rest, cannot("a quote is not closed"))
			return
		}
		p.kind, p.token = "text", rest[:end+2]
		p.at += end + 2
	case c >= '0' && c <= '9' || c == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		p.take("number", func(c byte) bool { return c >= '0' && c <= '9' || c == '.' })
	case isLetter(c):
		p.take("name", func(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' || c == '-' || c == '_' })
	case strings.HasPrefix(rest, "!=") || strings.HasPrefix(rest, "<=") || strings.HasPrefix(rest, ">="):
		p.token = rest[:2]
		p.at += 2
	default:
		p.token = rest[:1]
		p.at++
	}
}

func (p *parser) fail(token string, why error) {
	p.kind, p.token, p.at, p.bad = "", token+" ", len(p.in), why
}

func (p *parser) take(kind string, is func(byte) bool) {
	begin := p.at
	for p.at < len(p.in) && is(p.in[p.at]) {
		p.at++
	}
	p.kind, p.token = kind, p.in[begin:p.at]
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// word reports whether the token is a word between expressions.
func (p *parser) word(word string) bool { return p.kind == "name" && strings.EqualFold(p.token, word) }

// either reads parts joined by "or", both those joined by "and".
func (p *parser) either(depth int) (*expression, error) { return p.joined("or", p.both, depth) }

func (p *parser) both(depth int) (*expression, error) { return p.joined("and", p.comparison, depth) }

func (p *parser) joined(word string, part func(int) (*expression, error), depth int) (*expression, error) {
	if depth > maxDepth {
		return nil, cannot("it goes more than %d levels deep", maxDepth)
	}
	first, err := part(depth)
	if err != nil || !p.word(word) {
		return first, err
	}
	e := &expression{op: word, args: []*expression{first}}
	for p.word(word) {
		p.next()
		more, err := part(depth)
		if err != nil {
			return nil, err
		}
		e.args = append(e.args, more)
	}
	return e, nil
}

var comparisons = map[string]string{"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

func (p *parser) comparison(depth int) (*expression, error) {
	left, err := p.value(depth)
	if err != nil {
		return nil, err
	}
	op := comparisons[p.token]
	if p.kind != "" || op == "" {
		return left, nil
	}
	p.next()
	right, err := p.value(depth)
	if err != nil {
		return nil, err
	}
	return &expression{op: op, args: []*expression{left, right}}, nil
}

// value reads what can be compared, or an expression in brackets.
func (p *parser) value(depth int) (*expression, error) {
	kind, token := p.kind, p.token
	switch {
	case p.bad != nil || token == "":
		return nil, p.unexpected()
	case kind == "ref":
		p.next()
		return &expression{op: "ref", text: token}, nil
	case kind == "text":
		p.next()
		return &expression{op: "text", text: token[1 : len(token)-1]}, nil
	case kind == "number":
		return p.number(1)
	case kind == "name":
		return p.call(depth)
	case token == ".":
		p.next()
		return &expression{op: "self"}, nil
	case token == "-":
		p.next()
		if p.kind == "number" {
			return p.number(-1)
		}
	case token == "(":
		p.next()
		e, err := p.either(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.token != ")" {
			return nil, p.unexpected()
		}
		p.next()
		return e, nil
	}
	return nil, p.unexpected()
}

func (p *parser) number(sign float64) (*expression, error) {
	n, err := strconv.ParseFloat(p.token, 64)
	if err != nil {
		return nil, p.unexpected()
	}
	p.next()
	return &expression{op: "number", n: sign * n}, nil
}

// call reads a function and what it is given.
func (p *parser) call(depth int) (*expression, error) {
	e := &expression{op: "call", text: strings.ToLower(p.token)}
	p.next()
	if p.token != "(" || p.kind != "" {
		return nil, cannot("%q is no function and no text in quotes", e.text)
	}
	p.next()
	for p.token != ")" || p.kind != "" {
		if len(e.args) > 0 {
			if p.token != "," {
				return nil, p.unexpected()
			}
			p.next()
		}
		arg, err := p.either(depth + 1)
		if err != nil {
			return nil, err
		}
		e.args = append(e.args, arg)
	}
	p.next()
	return e, nil
}
