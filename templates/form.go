package templates

import "strconv"

// Input is one field of a form. What was typed comes back in Value, except passwords.
type Input struct {
	Name  string
	Label string
	Hint  string
	Value string
	Error string
	// Complete is the HTML autocomplete token, "" for none.
	Complete string
	Required bool
	Focus    bool
}

// Choice is one option of a select or one box to tick.
type Choice struct {
	Value, Label, Hint string
	Chosen             bool
}

// Hidden is a hidden field of a form.
type Hidden struct{ Name, Value string }

// optionKind is how the options of a group are taken.
type optionKind string

const (
	pickOne optionKind = "radio"
	pickAny optionKind = "checkbox"
)

func (i Input) id() string { return "in-" + i.Name }

func (i Input) optionID(n int) string { return i.id() + "-" + strconv.Itoa(n) }

// described names the elements that explain the field, for aria-describedby.
func (i Input) described() string {
	switch {
	case i.Hint != "" && i.Error != "":
		return i.id() + "-hint " + i.id() + "-error"
	case i.Hint != "":
		return i.id() + "-hint"
	case i.Error != "":
		return i.id() + "-error"
	}
	return ""
}

func (i Input) invalid() string {
	if i.Error != "" {
		return "true"
	}
	return "false"
}

func (i Input) complete() string {
	if i.Complete == "" {
		return "off"
	}
	return i.Complete
}
