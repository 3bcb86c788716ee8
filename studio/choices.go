package studio

import "github.com/fieldstack/fieldstack/schema"

// Choice is one of the values that a choice can have. The value is what records hold
// and never changes; the label is what people read and changes freely.
type Choice struct {
	Value any    // a text, a number, true, false or null
	Label string // "" where it was never given one: the value speaks for itself
	// Published: a version has it, so records may hold it.
	Published bool
}

// Words is what people read: the label, or the value in words.
func (c Choice) Words() string {
	if c.Label != "" {
		return c.Label
	}
	return schema.ChoiceWords(c.Value)
}

// choicesOf reads the choices of a schema: an enum, or a oneOf or anyOf of nothing but
// const, which may have titles. Nil where it has none.
func choicesOf(o *object) []Choice {
	if o.has("enum") {
		var list []Choice
		for _, v := range o.list("enum") {
			if !isScalar(v) {
				return nil
			}
			list = append(list, Choice{Value: plain(v)})
		}
		return list
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		if list := branchChoices(o.list(word)); list != nil {
			return list
		}
	}
	return nil
}

func branchChoices(branches []any) []Choice {
	var list []Choice
	for _, v := range branches {
		branch, _ := v.(*object)
		if !branch.has("const") || !isScalar(branch.get("const")) {
			return nil
		}
		list = append(list, Choice{Value: plain(branch.get("const")), Label: branch.text("title")})
	}
	return list
}
