package schema

import "strconv"

// label names the value at a path of a record, to begin a sentence with ("Quantity in
// row 2 of Parts"), and gives the label of the nearest field ("Quantity").
func (s *Schema) label(path []string) (name, field string) {
	name = s.Title()
	if name == "" {
		name = "The record"
	}
	field, row := name, ""
	for f, i := s.top, 0; i < len(path); i++ {
		key, next := path[i], f.step(path[i])
		switch {
		case f != nil && f.row != nil:
			row = " in " + rowName("row", key) + " of " + f.Title
			name = rowName("Row", key) + " of " + f.Title
		case next != nil && next != f.rest:
			name, field = next.Title+row, next.Title
		case isIndex(key) && (f == nil || f.Type != "object"):
			name = rowName("Entry", key) + " of " + name
		case f != nil:
			name, field = inWords(key)+row, inWords(key)
		default:
			name = inWords(key) + row
		}
		f = next
	}
	return name, field
}

// rowName numbers a row for people, from 1, where the step is an index of a value and
// not the identity of a row.
func rowName(word, step string) string {
	if !isIndex(step) {
		return word
	}
	n, _ := strconv.Atoi(step)
	return word + " " + strconv.Itoa(n+1)
}

func isIndex(step string) bool {
	n, err := strconv.Atoi(step)
	return err == nil && n >= 0 && len(step) < 8
}
