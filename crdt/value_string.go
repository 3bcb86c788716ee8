package crdt

import (
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string, whose opening quote is next. Most strings are a stretch of
// the text as it stands; only those with escapes are put together piece by piece.
func (p *valueParser) string() string {
	start := p.at
	p.at++
	var built []byte
	for {
		from := p.at
		piece := p.plain()
		if p.err != nil {
			return ""
		}
		if len(built)+len(piece) > p.limits.String {
			p.failAt(start, "A text is longer than %d bytes; shorten it.", p.limits.String)
			return ""
		}
		if p.at == len(p.text) {
			p.unexpected("the quote that ends the text")
			return ""
		}
		if p.skip('"') {
			if built == nil {
				return p.part(from, from+len(piece))
			}
			return string(append(built, piece...))
		}
		built = utf8.AppendRune(append(built, piece...), p.escape())
	}
}

// plain reads up to the next quote, escape or the end of the text.
func (p *valueParser) plain() []byte {
	start, at, bits := p.at, p.at, byte(0)
	for at < len(p.text) && p.text[at] != '"' && p.text[at] != '\\' && p.text[at] >= ' ' {
		bits |= p.text[at]
		at++
	}
	p.at = at
	if at < len(p.text) && p.text[at] < ' ' {
		p.fail("A control character stands in a text; write it as \\u%04x.", p.text[at])
		return nil
	}
	piece := p.text[start:at]
	if bits >= utf8.RuneSelf && !utf8.Valid(piece) {
		p.failAt(start+invalidAt(piece), "A text is not valid UTF-8; send it as UTF-8.")
		return nil
	}
	return piece
}

// invalidAt is the offset of the first byte that is not valid UTF-8.
func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// escape reads an escape, whose backslash is next.
func (p *valueParser) escape() rune {
	start := p.at
	p.at++
	if p.at == len(p.text) {
		p.unexpected("the rest of an escape")
		return 0
	}
	c := p.text[p.at]
	p.at++
	switch c {
	case '"', '\\', '/':
		return rune(c)
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'u':
		return p.unicodeEscape(start)
	}
	p.failAt(start, "The escape \\%c is none of JSON's; write \\\\ for a backslash.", c)
	return 0
}

// unicodeEscape reads the digits of \uXXXX and, for the first half of a surrogate
// pair, the second half.
func (p *valueParser) unicodeEscape(start int) rune {
	r := p.hex4(start)
	if !utf16.IsSurrogate(r) {
		return r
	}
	if p.word(`\u`) {
		if pair := utf16.DecodeRune(r, p.hex4(start)); pair != utf8.RuneError {
			return pair
		}
	}
	p.failAt(start, "An escape is half of a surrogate pair; write both halves or the character itself.")
	return 0
}

// hex4 reads four hexadecimal digits.
func (p *valueParser) hex4(start int) rune {
	var r rune
	for range 4 {
		digit := rune(-1)
		if p.at < len(p.text) {
			digit = hexDigit(p.text[p.at])
		}
		if digit < 0 {
			p.failAt(start, "An escape \\u needs four hexadecimal digits.")
			return 0
		}
		r = r<<4 | digit
		p.at++
	}
	return r
}

func hexDigit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}
