package schema

import "strconv"

// label names the value at a path of a record, to begin a sentence with ("Quantity in
// row 2 of Parts"), and gives the label of the nearest field ("Quantity").
func (s *Schema) label(path []string) (name Sentence, field string) {
	name, field = Verbatim(s.Title()), s.Title()
	if field == "" {
		name, field = Says("The record"), "The record"
	}
	var around row
	for f, i := s.top, 0; i < len(path); i++ {
		key, next := path[i], f.step(path[i])
		switch {
		case f != nil && f.row != nil:
			around = row{inside: true, number: numberOf(key), list: f.Title}
			name = around.name()
		case next != nil && next != f.rest:
			name, field = around.part(next.Title), next.Title
		case isIndex(key) && (f == nil || f.Type != "object"):
			name = Says("Entry %s of %s", numberOf(key), name)
		case f != nil:
			name, field = around.part(inWords(key)), inWords(key)
		default:
			name = around.part(inWords(key))
		}
		f = next
	}
	return name, field
}

// row is the row that a path has gone into last, the zero row where it has not.
type row struct {
	inside bool
	number string // from 1; "" where only its identity is known
	list   string // the label of the list
}

func (r row) name() Sentence {
	if r.number == "" {
		return Says("Row of %s", r.list)
	}
	return Says("Row %s of %s", r.number, r.list)
}

// part names something inside the row.
func (r row) part(label string) Sentence {
	switch {
	case !r.inside:
		return Verbatim(label)
	case r.number == "":
		return Says("%s in row of %s", label, r.list)
	}
	return Says("%s in row %s of %s", label, r.number, r.list)
}

// numberOf numbers a row or an entry for people, from 1, where the step is an index of
// a value and not the identity of a row.
func numberOf(step string) string {
	if !isIndex(step) {
		return ""
	}
	n, _ := strconv.Atoi(step)
	return strconv.Itoa(n + 1)
}

func isIndex(step string) bool {
	n, err := strconv.Atoi(step)
	return err == nil && n >= 0 && len(step) < 8
}
