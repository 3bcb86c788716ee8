package crdt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Splice replaces n code points at position at of a text. Positions count code points.
func (e *Editor) Splice(path []string, at, n int, text string) error {
	field, err := e.field(path, Text)
	if err != nil {
		return err
	}
	seq := &sequence{}
	if f, ok := field.(*textField); ok {
		seq = &f.seq
	}
	if at < 0 || n < 0 || at > seq.length() || n > seq.length()-at {
		return refuse(path, "The text %q has %d characters, so %d at %d cannot be replaced.", pathName(path), seq.length(), n, at)
	}
	if !utf8.ValidString(text) {
		return refuse(path, "What is typed into %q must be valid text.", pathName(path))
	}
	after, before := seq.neighbours(at)
	if n > 0 {
		if err := e.add(Op{Kind: OpCut, Path: path, Spans: seq.spans(nil, at, n)}); err != nil {
			return err
		}
	}
	if text == "" {
		return nil
	}
	return e.typed(Op{Kind: OpInsert, Path: path, ID: e.nextID(), After: after, Before: before, Text: text})
}

// typed adds an insertion. One that goes on where the last operation ended becomes
// part of it, so that typing letter by letter makes one run.
func (e *Editor) typed(op Op) error {
	if len(e.ops) > 0 {
		last := &e.ops[len(e.ops)-1]
		end := last.ID + last.Makes()
		if last.Kind == OpInsert && pathKey(last.Path) == pathKey(op.Path) && op.ID == end &&
			op.After == (Dot{e.by.stamp.Replica, end - 1}) && op.Before == last.Before {
			if err := e.run(op); err != nil {
				return err
			}
			last.Text += op.Text
			return nil
		}
	}
	return e.add(op)
}

func (e *Editor) putText(path []string, value any) error {
	text, ok := value.(string)
	if !ok {
		return refuse(path, "The field %q takes a text.", pathName(path))
	}
	shift := 0
	for _, h := range diffTexts(e.work.Text(path...), text) {
		if err := e.Splice(path, h.at+shift, h.n, h.text); err != nil {
			return err
		}
		shift += utf8.RuneCountInString(h.text) - h.n
	}
	return e.show(path, Text)
}

// hunk is one difference of two texts: n code points of the old at a position give
// way to text.
type hunk struct {
	at, n int
	text  string
}

// diffTexts gives the hunks, in order, that turn one text into another. It compares
// word by word, because a person rewrites words: two that happen to share letters
// should not come out interwoven when somebody else edits them too. Within a changed
// stretch the characters that its ends share stay.
func diffTexts(old, new string) []hunk {
	if old == new {
		return nil
	}
	if old == "" || new == "" {
		return []hunk{{n: utf8.RuneCountInString(old), text: new}}
	}
	a, b := words(old), words(new)
	var hunks []hunk
	pos, done := 0, 0 // code points of a[:done]
	for _, s := range diff(len(a), len(b), func(i, j int) bool { return a[i] == b[j] }) {
		pos += utf8.RuneCountInString(strings.Join(a[done:s.a], ""))
		h := trim(strings.Join(a[s.a:s.aEnd], ""), strings.Join(b[s.b:s.bEnd], ""))
		h.at += pos
		hunks = append(hunks, h)
		pos += utf8.RuneCountInString(strings.Join(a[s.a:s.aEnd], ""))
		done = s.aEnd
	}
	return hunks
}

// trim is the hunk that turns one text into another, less what their ends share.
func trim(old, new string) hunk {
	a, b := clusters(old), clusters(new)
	p := 0
	for p < len(a) && p < len(b) && a[p] == b[p] {
		p++
	}
	q := 0
	for q < len(a)-p && q < len(b)-p && a[len(a)-1-q] == b[len(b)-1-q] {
		q++
	}
	return hunk{
		at:   utf8.RuneCountInString(strings.Join(a[:p], "")),
		n:    utf8.RuneCountInString(strings.Join(a[p:len(a)-q], "")),
		text: strings.Join(b[p:len(b)-q], ""),
	}
}

// words cuts a text into words, stretches of space, and characters on their own.
func words(s string) []string {
	var words []string
	class := 0        // of the last: 1 a word, 2 space, 0 neither
	start, at := 0, 0 // of the last, and of the character, in s
	for _, c := range clusters(s) {
		r, _ := utf8.DecodeRuneInString(c)
		is := 0
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			is = 1
		case unicode.IsSpace(r) && r != '\n':
			is = 2
		}
		if is == 0 || is != class {
			words = append(words, c)
			start = at
		}
		at += len(c)
		words[len(words)-1] = s[start:at]
		class = is
	}
	return words
}

// clusters cuts a text into what people take for one character: a code point with
// the marks on it, emoji joined or coloured, a flag. It is the part of Unicode's
// grapheme clusters (UAX #29) that needs no tables.
func clusters(s string) []string {
	var clusters []string
	start, flags := 0, 0 // where the current one starts, regional indicators in it
	last := rune(-1)
	for i, r := range s {
		goesOn := last >= 0 && (extends(r) || last == joiner || last == '\r' && r == '\n' || isFlag(r) && flags == 1)
		if last >= 0 && !goesOn {
			clusters = append(clusters, s[start:i])
			start, flags = i, 0
		}
		if isFlag(r) {
			flags++
		}
		last = r
	}
	if start < len(s) {
		clusters = append(clusters, s[start:])
	}
	return clusters
}

const joiner = '\u200d' // zero width joiner

// extends reports whether r belongs to the character before it.
func extends(r rune) bool {
	return unicode.IsMark(r) || r == joiner || r >= 0x1f3fb && r <= 0x1f3ff // skin tones
}

// isFlag reports whether r is one of the letters of which two make a flag.
func isFlag(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }
