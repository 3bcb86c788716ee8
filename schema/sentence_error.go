package schema

import "slices"

// OfError is what an error says: an error whose method Says gives a Sentence can be said
// in other languages, and so can those of this package; any other stands as it is.
func OfError(err error) Sentence {
	switch e := err.(type) {
	case nil:
		return Sentence{}
	case interface{ Says() Sentence }:
		return e.Says()
	case *SchemaError:
		return Join(e.Message, e.Fix)
	case *ConditionError:
		return e.Message
	case *CellError:
		return e.Message
	case interface{ Unwrap() []error }:
		var all Sentence
		for _, one := range e.Unwrap() {
			all = Join(all, OfError(one))
		}
		return all
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
