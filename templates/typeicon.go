package templates

import "slices"

// TypeIcons are the icons that a type can be known by, by the names that "x-icon" has in
// its schema, in the order in which they are offered.
func TypeIcons() []string {
	return []string{"wrench", "clipboard", "box", "alert", "heart", "briefcase", "person", "group", "place", "address", "date", "phone", "email", "meter", "device", "sheet", "checklist", "tags"}
}

// TypeIcon is the icon of a type, "" for a name that is none of ours.
func TypeIcon(name string) string {
	if slices.Contains(TypeIcons(), name) {
		return name
	}
	return ""
}
