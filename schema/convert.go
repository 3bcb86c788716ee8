package schema

// Convert is being written.
func (s *Schema) Convert(key, cell string) (value any, present bool, err error) { panic("todo") }
