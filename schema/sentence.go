package schema

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Sentence is something said to a person in a way that can be said in other languages
// too: its English text, as [fmt.Sprintf] takes it, and what is put into it. String and
// the JSON form are the English sentence; who has a catalogue of another language finds
// the text there and puts the arguments in with [Sentence.In]. It is not changed once it
// is made.
type Sentence struct {
	Text string
	// One is Text where the first argument is the number 1, "" where Text does for
	// every number.
	One string
	// Args go into Text: texts and numbers as they are, Sentences and Lists in the
	// language of the whole.
	Args []any
}

// List is an argument of a Sentence: its parts, Sentences or plain values, one after
// the other with commas between.
type List []any

// Says makes a Sentence. A text that is to stand as it is, whatever is in it, is
// Verbatim.
func Says(text string, args ...any) Sentence { return Sentence{Text: text, Args: args} }

// SaysOf makes a Sentence about n things: one is its text where n is 1, many for every
// other number, and n is the first argument of both.
func SaysOf(n int, one, many string, args ...any) Sentence {
	return Sentence{Text: many, One: one, Args: append([]any{n}, args...)}
}

// Verbatim is a Sentence that reads the same in every language, such as one that
// somebody wrote into their type. For "" it says nothing.
func Verbatim(text string) Sentence {
	if text == "" {
		return Sentence{}
	}
	return Sentence{Text: "%s", Args: []any{text}}
}

// IsEmpty reports whether nothing is said.
func (s Sentence) IsEmpty() bool { return s.Text == "" }

// String is the sentence in English.
func (s Sentence) String() string {
	return s.In(func(s Sentence, args []any) string {
		text := s.Text
		if s.One != "" && len(args) > 0 && args[0] == any(1) {
			text = s.One
		}
		return fmt.Sprintf(text, args...)
	})
}

// Equal reports whether both say the same in English.
func (s Sentence) Equal(other Sentence) bool { return s.String() == other.String() }

// In is the sentence as say says it, which is given each Sentence, the inner ones
// first, with its arguments said already. It is "" for a Sentence that says nothing.
func (s Sentence) In(say func(s Sentence, args []any) string) string {
	if s.IsEmpty() {
		return ""
	}
	args := make([]any, len(s.Args))
	for i, arg := range s.Args {
		args[i] = said(arg, say)
	}
	return say(s, args)
}

// said is an argument as it goes into its sentence.
func said(arg any, say func(s Sentence, args []any) string) any {
	switch arg := arg.(type) {
	case Sentence:
		return arg.In(say)
	case List:
		parts := make([]string, len(arg))
		for i, part := range arg {
			parts[i] = fmt.Sprint(said(part, say))
		}
		return strings.Join(parts, ", ")
	}
	return arg
}

// MarshalJSON gives the English sentence.
func (s Sentence) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// UnmarshalJSON takes a sentence as Keep gives it, or as MarshalJSON does: then it is
// Verbatim from there on.
func (s *Sentence) UnmarshalJSON(data []byte) error {
	if says, is, err := readKept(data); is {
		*s = says
		return err
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	*s = Verbatim(text)
	return nil
}
