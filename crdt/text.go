package crdt

import (
	"fmt"
	"unicode/utf8"
)

// textField is a text that several people type into. The sequence knows the order of
// its code points and which are removed; the text itself holds the visible ones
// only, so what was removed costs no characters.
type textField struct {
	seq  sequence
	text string
	ensured
}

func (f *textField) strategy() Strategy { return Text }

func (f *textField) value() (any, bool) {
	if f.text == "" && f.hidden {
		return nil, false
	}
	return f.text, true
}

func (f *textField) clone() node {
	return &textField{*f.seq.clone(), f.text, f.ensured}
}

func (f *textField) apply(op *Op, by *author) {
	switch op.Kind {
	case OpEnsure:
		f.ensure(op, by)
	case OpInsert:
		n := utf8.RuneCountInString(op.Text)
		pos := f.seq.insert(Dot{by.stamp.Replica, op.ID}, n, op.After, op.Before)
		f.splice(pos, 0, op.Text)
	case OpCut:
		f.seq.cut(op.Spans, f.removed)
	}
}

// typing checks the operations of a text.
func (k *checker) typing(op *Op, field node) string {
	var seq *sequence
	if f, ok := field.(*textField); ok {
		seq = &f.seq
	}
	if op.Kind == OpInsert {
		if op.Text == "" || !utf8.ValidString(op.Text) {
			return fmt.Sprintf("What is typed into %q must be valid text and not empty.", pathName(op.Path))
		}
		return k.place(op, seq)
	}
	for _, s := range op.Spans {
		if s.Start.Seq == 0 || s.Start.Seq > MaxSeq || s.Len == 0 || s.Len > MaxSeq {
			return "A stretch of text has a first element and a length from 1 on."
		}
		for _, e := range []Dot{s.Start, s.last()} {
			if message := k.element(op, seq, e); message != "" {
				return message
			}
		}
	}
	return ""
}

func (f *textField) removed(pos, n int) { f.splice(pos, n, "") }

func (f *textField) merge(other node, j *join) {
	o := other.(*textField)
	added := func(pos, from, n int) { f.splice(pos, 0, substring(o.text, from, n)) }
	f.seq.merge(&o.seq, added, f.removed)
	f.mergeEnsured(&o.ensured, j)
}

// splice replaces n code points of the visible text at pos.
func (f *textField) splice(pos, n int, text string) {
	start := byteOffset(f.text, pos)
	end := start + byteOffset(f.text[start:], n)
	f.text = f.text[:start] + text + f.text[end:]
}

// substring is the n code points of s from pos on.
func substring(s string, pos, n int) string {
	s = s[byteOffset(s, pos):]
	return s[:byteOffset(s, n)]
}

// byteOffset is where the code point at pos begins.
func byteOffset(s string, pos int) int {
	for i := range s {
		if pos == 0 {
			return i
		}
		pos--
	}
	return len(s)
}

// Text is the text at path, "" if there is none.
func (d *Document) Text(path ...string) string {
	if f, ok := d.find(path).(*textField); ok {
		return f.text
	}
	return ""
}
