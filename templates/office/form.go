package office

import (
	"strings"

	"github.com/fieldstack/fieldstack/templates"
)

func invalid(i templates.Input) string {
	if i.Error != "" {
		return "true"
	}
	return "false"
}

// described names the elements that explain a field, for aria-describedby.
func described(i templates.Input) string {
	ids := ""
	if i.Hint != "" {
		ids = "in-" + i.Name + "-hint"
	}
	if i.Error != "" {
		ids += " in-" + i.Name + "-error"
	}
	return ids
}

// percent is the number of "40 %".
func percent(text string) string {
	number, _, _ := strings.Cut(text, " ")
	return number
}
