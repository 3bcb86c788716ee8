package schema

// Infer is being written.
func Infer(title string, columns []string, records []map[string]any) (text []byte, notes []Note, err error) {
	panic("todo")
}
