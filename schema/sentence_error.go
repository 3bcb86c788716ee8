package schema

import "slices"

// OfError is what an error says: an error whose method Says gives a Sentence can be said
// in other languages; any other stands as it is.
func OfError(err error) Sentence {
	if err == nil {
		return Sentence{}
	}
	if sayer, is := err.(interface{ Says() Sentence }); is {
		return sayer.Says()
	}
	return Verbatim(err.Error())
}

// WithErrors makes a Sentence of a text as Says takes it, in which errors among args say
// what OfError says of them.
func WithErrors(text string, args ...any) Sentence {
	args = slices.Clone(args)
	for i, arg := range args {
		if err, is := arg.(error); is {
			args[i] = OfError(err)
		}
	}
	return Sentence{Text: text, Args: args}
}

// Join puts one sentence after another; either may be empty.
func Join(first, second Sentence) Sentence {
	switch {
	case first.IsEmpty():
		return second
	case second.IsEmpty():
		return first
	}
	return Says("%s %s", first, second)
}
