package office

import "github.com/fieldstack/fieldstack/templates"

func invalid(i templates.Input) string {
	if i.Error != "" {
		return "true"
	}
	return "false"
}

// described names the elements that explain a field, for aria-describedby.
func described(i templates.Input) string {
	switch {
	case i.Hint != "" && i.Error != "":
		return "in-" + i.Name + "-hint in-" + i.Name + "-error"
	case i.Hint != "":
		return "in-" + i.Name + "-hint"
	case i.Error != "":
		return "in-" + i.Name + "-error"
	}
	return ""
}
