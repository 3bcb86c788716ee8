package xlsform

import (
	"slices"
	"strings"
)

// choice is one of a list.
type choice struct{ name, label string }

// readSettings reads the sheet settings: the title, and which language is the default.
func (r *reader) readSettings(s *sheet) {
	if s == nil || len(s.rows) == 0 {
		return
	}
	row := s.rows[0]
	r.title = row.get("form_title", "title", "form_id", "id_string")
	r.language = row.get("default_language")
	for _, column := range s.columns {
		switch column {
		case "form_title", "title", "form_id", "id_string", "default_language", "version":
		default:
			if text := row.cells[column]; text != "" && !strings.HasPrefix(column, "column ") {
				r.note("settings", row.line, "The setting %s is not carried over.", column)
			}
		}
	}
}

// chooseLanguage finds which of the columns of labels are taken: those of the default
// language, else those that name none, else the first.
func (r *reader) chooseLanguage(s *sheet) {
	var there []string
	plain := false
	for _, column := range s.columns {
		base, language, has := strings.Cut(column, "::")
		switch {
		case base != "label":
		case has:
			there = append(there, language)
		default:
			plain = true
		}
	}
	wanted := strings.ToLower(r.language)
	at := slices.IndexFunc(there, func(l string) bool { return l == wanted || wanted != "" && strings.HasPrefix(l, wanted+" (") })
	switch {
	case at >= 0:
		r.language = there[at]
	case plain || len(there) == 0:
		r.language = ""
	default:
		r.language = there[0]
	}
	if others := slices.DeleteFunc(there, func(l string) bool { return l == r.language }); len(others) > 0 {
		kept := "the one with no language beside it"
		if r.language != "" {
			kept = r.language
		}
		r.note("survey", 0, "A form has one language here: %s. The labels in %s are not carried over.", kept, strings.Join(others, ", "))
	}
}

// text is a label, a hint or a message of a row in the language that is taken, or in any
// other where it has none in that.
func (r *reader) text(row row, base string) string {
	if r.language != "" {
		if text := row.cells[base+"::"+r.language]; text != "" {
			return text
		}
	}
	if text := row.cells[base]; text != "" {
		return text
	}
	var others []string
	for column := range row.cells {
		if strings.HasPrefix(column, base+"::") {
			others = append(others, column)
		}
	}
	slices.Sort(others)
	if len(others) > 0 {
		return row.cells[others[0]]
	}
	return ""
}

// readChoices reads the lists.
func (r *reader) readChoices(s *sheet) {
	if s == nil {
		return
	}
	for _, row := range s.rows {
		list, name := row.get("list_name", "list"), row.get("name", "value")
		switch {
		case list == "" && name == "":
			continue
		case list == "" || name == "":
			r.note("choices", row.line, "A choice needs the name of its list and a name of its own, so this one is left out.")
			continue
		case slices.ContainsFunc(r.lists[list], func(c choice) bool { return c.name == name }):
			r.note("choices", row.line, "The list %s has %s twice, so this one is left out.", list, name)
			continue
		}
		label := r.text(row, "label")
		if label == "" {
			label = name
		}
		r.lists[list] = append(r.lists[list], choice{name, label})
		for _, column := range s.columns {
			base, _, _ := strings.Cut(column, "::")
			if row.cells[column] != "" && !slices.Contains([]string{"list_name", "list", "name", "value", "label"}, base) && !strings.HasPrefix(column, "column ") {
				r.once("choices "+column, "choices", row.line, "What stands in the column %s is not carried over.", column)
			}
		}
	}
}
