package schema

import (
	"slices"
	"strings"
)

// oldFormats are formats that had another name.
var oldFormats = map[string]string{
	"ip-address": "ipv4", "host-name": "hostname", "uriref": "uri-reference", "url": "uri", "guid": "uuid",
	"datetime": "date-time",
}

// repaired handles the words whose value may not be usable as it stands, and the
// words that JSON Schema does not know.
func (w *wordIn) repaired() bool {
	text, isText := w.value.(string)
	switch {
	case w.word == "type" && (text == "any" || isAny(w.value)):
		w.noteEach(w.at(), `The type "any" says nothing, so it was left out%s.`)
	case w.word == "format" && isText:
		w.format(text)
	case w.word == "pattern" && isText:
		w.pattern(text)
	case w.word == "enum":
		return w.values()
	case isRemark(w.word) && !plainMistake(keywords[w.word], plain(w.value)).IsEmpty():
		w.noteEach(w.at(), "The %s was not %s, so it was left out%s.", w.word, plainMistake(keywords[w.word], plain(w.value)))
	case !known(w.word) && !strings.HasPrefix(w.word, "x-"):
		w.unknown()
	default:
		return false
	}
	return true
}

// plain is what plainMistake needs to know of a value.
func plain(v any) any {
	if _, ok := v.(*object); ok {
		return map[string]any{}
	}
	return v
}

func isAny(v any) bool {
	list, _ := v.([]any)
	return slices.Contains(list, any("any"))
}

// isRemark reports whether a word only speaks to people: a mistake in it changes
// nothing about which values are valid.
func isRemark(word string) bool {
	switch word {
	case "$comment", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples",
		"contentEncoding", "contentMediaType":
		return true
	}
	return false
}

// unknown leaves a word out, unless it looks like one that would have checked
// something: then the schema does not do what its author thinks.
func (w *wordIn) unknown() {
	meant := nearest(w.word)
	if meant != "" && !isRemark(meant) && !strings.HasPrefix(meant, "x-") && !strings.HasPrefix(meant, "$") {
		w.errs = append(w.errs, &SchemaError{
			Path:    w.at(),
			Message: Says("%s has the word %q, which looks like a misspelt %q.", place(w.old), w.word, meant),
			Fix:     Says(`Write %q, or take it out.`, meant),
		})
		return
	}
	w.noteEach(w.at(), "JSON Schema does not know the word %q, so it was left out%s.", w.word)
}

func (w *wordIn) format(name string) {
	if better, ok := oldFormats[name]; ok {
		w.noteEach(w.at(), "The format %q is called %q%s.", name, better)
		name = better
	}
	if formats[name] == nil {
		w.noteEach(w.at(), "Not every device checks the format %q, so it was left out%s.", name)
		return
	}
	w.out.set("format", name)
}

// values leaves out repetitions in enum.
func (w *wordIn) values() bool {
	list, ok := w.value.([]any)
	if !ok || len(list) > 0 {
		return false
	}
	w.noteEach(w.at(), "A choice of nothing was left out%s.")
	return true
}

// pattern takes over a pattern, mended where that is plainly what was meant.
func (w *wordIn) pattern(source string) {
	mended, changed, err := mendPattern(source)
	switch {
	case err != nil:
		w.note(w.at(), Says("%s had the pattern %q, which not every device can run (%s); it was left out, so the field takes any text.", place(w.old), source, err.problem))
		return
	case changed:
		w.note(w.at(), Says("The pattern %q was written as %q, which every device reads alike.", source, mended))
	}
	w.out.set("pattern", mended)
}

// repairKey mends a key of patternProperties; one that can not be mended is left for
// Parse to refuse, because what its keys hold would go unchecked.
func (w *wordIn) repairKey(source string) string {
	mended, changed, err := mendPattern(source)
	if err != nil || !changed {
		return source
	}
	w.note(w.at()+"/"+escape(source), Says("The pattern %q was written as %q, which every device reads alike.", source, mended))
	return mended
}

// mendPattern rewrites what browsers only read without the flag u, with which JSON
// Schema asks them to: needless backslashes, signs of structure that stand for
// themselves, and the anchors \A \Z of other languages.
func mendPattern(source string) (mended string, changed bool, err *patternError) {
	if _, err := compilePattern(source); err == nil {
		return source, false, nil
	}
	var b strings.Builder
	in := []rune(source)
	class := false
	for i := 0; i < len(in); i++ {
		c := in[i]
		switch {
		case c == '\\' && i+1 < len(in):
			i++
			b.WriteString(mendEscape(in[i], class))
			continue
		case c == '[' && class:
			b.WriteString(`\[`)
			continue
		case c == '[':
			class = true
			if i+1 < len(in) && in[i+1] == '^' {
				b.WriteRune(c)
				i++
				c = '^'
			}
		case c == ']' && class:
			class = false
		case c == ']' || c == '}' && !closesCount(in[:i]) || c == '{' && !class && !opensCount(in[i:]):
			b.WriteRune('\\')
		}
		b.WriteRune(c)
	}
	if _, err := compilePattern(b.String()); err != nil {
		return "", false, err
	}
	return b.String(), true, nil
}

func mendEscape(c rune, class bool) string {
	switch {
	case c == 'A' && !class:
		return "^"
	case (c == 'Z' || c == 'z') && !class:
		return "$"
	case strings.ContainsRune(`^$\.*+?()[]{}|/`, c), c == '-' && class,
		c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return `\` + string(c)
	}
	return string(c)
}

// opensCount reports whether in begins with {n}, {n,} or {n,m}; closesCount whether
// in ends in one but for the brace.
func opensCount(in []rune) bool { return countForm.MatchString(string(in)) }
func closesCount(in []rune) bool {
	text := string(in)
	at := strings.LastIndexByte(text, '{')
	return at >= 0 && countForm.FindString(text[at:]+"}") == text[at:]+"}"
}
