package schema

// Note is one thing Import changed or took for granted, in a sentence.
type Note struct {
	Path    string
	Message string
}

// Import reads a JSON Schema of any draft from 4 on (by its $schema, else guessed),
// brings it up to 2020-12 and parses that. Notes say what was changed.
func Import(text []byte) (*Schema, []Note, error) { panic("todo") }
