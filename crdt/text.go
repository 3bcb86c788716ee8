package crdt

import (
	"fmt"
	"unicode/utf8"
)

// textField is a text that several people type into. The sequence knows the order of
// its code points and which are removed; what was removed costs no characters. As
// long as nobody types, the text is held as it is read; from the first change on the
// sequence holds it in pieces, and it is put together when it is asked for.
type textField struct {
	seq    sequence
	text   string // the text, unless stale
	stale  bool   // the sequence has changed since
	filled bool   // the sequence has the content
	ensured
}

func (f *textField) strategy() Strategy { return Text }

func (f *textField) value() (any, bool) {
	text := f.string()
	if text == "" && f.hidden {
		return nil, false
	}
	return text, true
}

// string is the text as it is now.
func (f *textField) string() string {
	if f.stale {
		f.text, f.stale = f.seq.content(), false
	}
	return f.text
}

// open gets the field ready for a change of what is visible.
func (f *textField) open() {
	if !f.filled {
		f.seq.fill(f.text)
		f.filled = true
	}
	f.stale = true
}

func (f *textField) clone() node {
	c := *f
	c.seq = f.seq.clone()
	return &c
}

func (f *textField) apply(op *Op, by *author) {
	switch op.Kind {
	case OpEnsure:
		f.ensure(op, by)
	case OpInsert:
		f.insertRun(Dot{by.stamp.Replica, op.ID}, op.Text, op.After, op.Before)
	case OpCut:
		f.cutRun(op.Spans)
	}
}

// insertRun takes in what somebody typed, whose first code point is id.
func (f *textField) insertRun(id Dot, text string, after, before Dot) {
	f.open()
	f.seq.insert(id, utf8.RuneCountInString(text), after, before, text)
}

// cutRun removes code points.
func (f *textField) cutRun(spans []Span) {
	f.open()
	f.seq.cut(spans)
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

func (f *textField) merge(other node, j *join) {
	o := other.(*textField)
	if news := f.seq.newsFrom(&o.seq, o.string()); len(news.runs)+len(news.removed) > 0 {
		f.open()
		f.seq.merge(news)
	}
	f.mergeEnsured(&o.ensured, j)
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
		return f.string()
	}
	return ""
}
