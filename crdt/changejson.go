package crdt

// ParseChange reads one change from JSON, strictly: unknown or missing members,
// members that do not go with the kind and anything ParseValue refuses are errors.
func ParseChange(text []byte, limits Limits) (*Change, error) { panic("todo") }

// ChangeFromValue is ParseChange for a text that ParseValue has read.
func ChangeFromValue(v any, limits Limits) (*Change, error) { panic("todo") }

// AppendChange appends the canonical JSON of c.
func AppendChange(dst []byte, c *Change) []byte { panic("todo") }
