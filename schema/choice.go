package schema

import (
	"regexp"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// Choices lists the values that a field, or an element of a set, can be, each with what
// people call it: its label, or the value in words. Nil where it is free. The caller
// owns the list.
func (f Field) Choices() []Option {
	choices := slices.Clone(f.Options)
	if choices == nil {
		for _, v := range f.Enum {
			choices = append(choices, Option{Value: v})
		}
	}
	for i, c := range choices {
		if c.Title == "" {
			choices[i].Title = ChoiceWords(c.Value)
		}
	}
	return choices
}

// Choice is what people call a value of the field, and whether it is one to choose.
func (f Field) Choice(value any) (title string, is bool) {
	for _, c := range f.Choices() {
		if crdt.EqualValues(c.Value, value) {
			return c.Title, true
		}
	}
	return "", false
}

// name is a text that programs write: in_progress.
var name = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)

// ChoiceWords says a value that has no label: in_progress is "In progress", any other
// text is itself. The field app says the same (choiceWords).
func ChoiceWords(value any) string {
	text, ok := value.(string)
	if !ok {
		return crdt.Canonical(value)
	}
	if !name.MatchString(text) {
		return text
	}
	words := strings.NewReplacer("_", " ", "-", " ").Replace(text)
	return strings.ToUpper(words[:1]) + words[1:]
}
