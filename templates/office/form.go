package office

import "github.com/fieldstack/fieldstack/templates"

func invalid(i templates.Input) string {
	if i.Error != "" {
		return "true"
	}
	return "false"
}
